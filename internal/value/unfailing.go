package value

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Calls that never fail: their last result is an error, as their type asks, and it is
// always nil.
//
// So it is with what is known of the standard library, and with a method of an interface
// that nobody outside the package can have meant: the interface is the package's own and
// not exported, and of all that the package has for it, tests apart, each return gives
// nil. The syntax is looked at, because such methods need not have SSA. A function that
// is followed is judged by its paths (model.Event), not here.

// NeverFails reports whether the last result of a call is an error that is always nil.
func (e *Values) NeverFails(c *ssa.CallCommon) bool {
	fn := source.Callee(c)
	if fn == nil || !known.ReturnsError(fn.Signature()) {
		return false
	}
	if known.NeverFails(fn, sourceTypes(source.Args(c))) {
		return true
	}
	return c.IsInvoke() && e.allSucceed(c.Value.Type(), fn)
}

// sourceTypes are the types of values before they became values of an interface.
func sourceTypes(args []ssa.Value) []types.Type {
	out := make([]types.Type, len(args))
	for i, a := range args {
		for conv, ok := a.(*ssa.ChangeInterface); ok; conv, ok = a.(*ssa.ChangeInterface) {
			a = conv.X
		}
		if mk, ok := a.(*ssa.MakeInterface); ok {
			a = mk.X
		}
		out[i] = a.Type()
	}
	return out
}

// allSucceed reports whether a method of an interface gives nil in all types of the package
// that are one, and nobody else can have such a type.
func (e *Values) allSucceed(iface types.Type, method *types.Func) bool {
	named, ok := types.Unalias(iface).(*types.Named)
	if !ok || named.Obj().Pkg() != e.Pass.Pkg || named.Obj().Exported() {
		return false
	}
	key := methodOf{named, method}
	if is, done := e.unfailing[key]; done {
		return is
	}
	if e.unfailing == nil {
		e.unfailing = map[methodOf]bool{}
	}
	e.unfailing[key] = e.judgeMethods(named.Underlying().(*types.Interface), method)
	return e.unfailing[key]
}

// methodOf is a method of an interface, which may have it from another one.
type methodOf struct {
	of     *types.Named
	method *types.Func
}

func (e *Values) judgeMethods(iface *types.Interface, method *types.Func) bool {
	decls := e.declsNamed(method.Name())
	found := false
	scope := e.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || types.IsInterface(obj.Type()) || e.InTestFile(obj.Pos()) {
			continue
		}
		t := types.NewPointer(obj.Type())
		if !types.Implements(t, iface) {
			continue
		}
		m, _, _ := types.LookupFieldOrMethod(t, false, e.Pass.Pkg, method.Name())
		fn, ok := m.(*types.Func)
		if !ok || !succeeds(decls[fn.Origin()]) {
			return false
		}
		found = true
	}
	return found
}

// declsNamed are the methods of the package with the name.
func (e *Values) declsNamed(name string) map[*types.Func]*ast.FuncDecl {
	out := map[*types.Func]*ast.FuncDecl{}
	for _, f := range e.Pass.Files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Recv == nil || fd.Name.Name != name {
				continue
			}
			if fn, ok := e.Pass.TypesInfo.Defs[fd.Name].(*types.Func); ok {
				out[fn] = fd
			}
		}
	}
	return out
}

// succeeds reports whether each return of a function gives the word nil last.
func succeeds(d *ast.FuncDecl) bool {
	if d == nil || d.Body == nil {
		return false
	}
	always, returns := true, false
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			returns = true
			if len(n.Results) == 0 {
				always = false
				break
			}
			id, ok := ast.Unparen(n.Results[len(n.Results)-1]).(*ast.Ident)
			always = always && ok && id.Name == "nil"
		}
		return always
	})
	return always && returns
}
