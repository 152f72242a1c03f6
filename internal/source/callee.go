package source

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// What a call calls, and with what. A method can be called in four forms:
//
//	g.Go(f)                    // the receiver is the first argument, of an interface too
//	Spawn(g.Go)(f)             // a method value, called at once: the receiver is bound
//	(*errgroup.Group).Go(g, f) // a method expression: the receiver is an argument in the source too
//	spawn := g.Go; spawn(f)    // a method value that is kept: a function value like any other

// Args is the arguments of a call as its function counts them: the receiver of
// a method comes first, whatever the form of the call. They are values of the
// function that the call is in.
func Args(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	if mc := boundMethod(c); mc != nil {
		return append(slices.Clone(mc.Bindings), c.Args...)
	}
	return c.Args
}

// PlainArgs is Args without the receiver of an interface's method, of which no
// Summary speaks.
func PlainArgs(c *ssa.CallCommon) []ssa.Value {
	args := Args(c)
	if fn := Callee(c); fn != nil && len(args) > 0 {
		if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			return args[1:]
		}
	}
	return args
}

// MethodCall reports whether the first of PlainArgs is the receiver.
func MethodCall(c *ssa.CallCommon) bool {
	fn := Callee(c)
	if fn == nil {
		return false
	}
	recv := fn.Signature().Recv()
	return recv != nil && !types.IsInterface(recv.Type())
}

// Callee is the declared function or interface method that a call names.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	var f *ssa.Function
	switch v := unconverted(c.Value).(type) {
	case *ssa.Function:
		f = v
	case *ssa.MakeClosure:
		f = v.Fn.(*ssa.Function)
	default:
		return nil
	}
	if f.Origin() != nil {
		f = f.Origin()
	}
	fn, _ := f.Object().(*types.Func)
	if fn == nil || promotes(f, fn) {
		return nil
	}
	return fn
}

// boundMethod is the method value that a call calls at once, nil if it is none.
func boundMethod(c *ssa.CallCommon) *ssa.MakeClosure {
	mc, ok := unconverted(c.Value).(*ssa.MakeClosure)
	if !ok || mc.Fn.(*ssa.Function).Object() == nil {
		return nil // a literal
	}
	return mc
}

// unconverted is a function value before it was converted to other types of the
// same functions.
func unconverted(v ssa.Value) ssa.Value {
	for {
		conv, ok := v.(*ssa.ChangeType)
		if !ok {
			return v
		}
		v = conv.X
	}
}

// Promoted is the method that a call by a method expression calls on a field of its
// receiver, nil if the call is none of that kind: (*crew).Go(c, f), where Go is
// the method of a group in crew.
func Promoted(c *ssa.CallCommon) *types.Func {
	f, ok := unconverted(c.Value).(*ssa.Function)
	if c.IsInvoke() || !ok {
		return nil
	}
	if method, ok := f.Object().(*types.Func); ok && promotes(f, method) {
		return method
	}
	return nil
}

// IsMadeUp reports whether the function stands nowhere in the source: it was made for
// a method value or a method expression.
func IsMadeUp(f *ssa.Function) bool { return f.Synthetic != "" && f.Syntax() == nil }

// promotes reports whether f, made for a method expression, has an outer struct
// for its receiver: the method itself is called on a field, inside of f.
func promotes(f *ssa.Function, method *types.Func) bool {
	recv := method.Signature().Recv()
	if f.Synthetic == "" || recv == nil || f.Signature.Recv() != nil || len(f.FreeVars) > 0 {
		return false
	}
	of, params := known.NamedType(recv.Type()), f.Signature.Params()
	if of == nil || types.IsInterface(of) || params.Len() == 0 {
		return false
	}
	first := known.NamedType(params.At(0).Type())
	return first == nil || first.Obj() != of.Obj()
}

// called is the function in the source of a call, without conversions around it:
// g.Go in Spawn(g.Go)(f).
func (x *Positions) called(call *ast.CallExpr) ast.Expr {
	fun := ast.Unparen(call.Fun)
	for {
		conv, ok := fun.(*ast.CallExpr)
		if !ok || len(conv.Args) != 1 || !x.pass.TypesInfo.Types[conv.Fun].IsType() {
			return fun
		}
		fun = ast.Unparen(conv.Args[0])
	}
}

// inExpression reports whether the function of a call is a method expression.
func (x *Positions) inExpression(call *ast.CallExpr) bool {
	sel, ok := x.called(call).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	s := x.pass.TypesInfo.Selections[sel]
	return s != nil && s.Kind() == types.MethodExpr
}

// Arg is argument i of the call as the callee counts it: the receiver of a
// method is not an argument.
func (x *Positions) Arg(call *ast.CallExpr, i int) ast.Expr {
	if call == nil || i < 0 {
		return nil
	}
	if x.inExpression(call) {
		i++
	}
	if i >= len(call.Args) {
		return nil
	}
	return call.Args[i]
}

// Receiver is the expression that a method is called on, or nil.
func (x *Positions) Receiver(call *ast.CallExpr) ast.Expr {
	if call == nil {
		return nil
	}
	if x.inExpression(call) {
		if len(call.Args) == 0 {
			return nil
		}
		if ref, ok := ast.Unparen(call.Args[0]).(*ast.UnaryExpr); ok && ref.Op == token.AND {
			return ref.X
		}
		return call.Args[0]
	}
	if sel, ok := x.called(call).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// DoneCall reports whether the call is ctx.Done(), and what ctx is.
func DoneCall(c *ssa.CallCommon) (ssa.Value, bool) {
	fn := Callee(c)
	if fn == nil || fn.Name() != "Done" || len(Args(c)) != 1 {
		return nil, false
	}
	recv := Args(c)[0]
	return recv, known.IsContext(recv.Type())
}
