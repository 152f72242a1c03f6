package flow

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Pos is p, or the place of the call for code that has no position.
func (fr *Frame) Pos(p token.Pos) token.Pos {
	for ; !p.IsValid() && fr.Site != nil; fr = fr.Caller {
		p = fr.Site.Pos()
	}
	return p
}

// Derives reports whether the frame is a call that is made for the context it
// returns: it has no error to give, so what it asks on the way is for a value in
// the context, and nobody waits for more.
func (fr *Frame) Derives() bool {
	sig := fr.Fn.Signature
	if fr.Caller == nil || known.ReturnsError(sig) {
		return false
	}
	for r := range sig.Results().Variables() {
		if known.IsContext(r.Type()) {
			return true
		}
	}
	return false
}

// A Variable is a local variable, seen in one activation.
type Variable struct {
	Cell  ssa.Value
	Frame *Frame
}

// CellOf is the local variable that v is, is read from or is a part of, whoever
// writes it.
func CellOf(v ssa.Value, fr *Frame) Variable {
	for fr != nil {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.FreeVar:
			v, fr = fr.Binding(x)
		case *ssa.Alloc:
			return Variable{x, fr}
		default:
			return Variable{}
		}
	}
	return Variable{}
}

// NameIn is NameOf in an activation: what the code works on that is made for a method
// value or a method expression has the name that it has at the call.
func (e *Flow) NameIn(v ssa.Value, fr *Frame) string {
	for fr != nil && source.IsMadeUp(fr.Fn) {
		w, from := v, fr
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op == token.MUL {
				return e.NameIn(x.X, fr)
			}
		case *ssa.FieldAddr:
			return e.NameIn(x.X, fr) + "." + source.FieldName(x)
		case *ssa.FreeVar:
			w, from = fr.Binding(x)
		case *ssa.Parameter:
			w, from = fr.Argument(x)
		case *ssa.Alloc:
			w = spilled(x)
		}
		switch w {
		case v:
			return e.NameOf(v)
		case nil:
			return "it"
		}
		v, fr = w, from
	}
	return e.NameOf(v)
}

// spilled is the parameter that is kept in a variable, nil if it keeps something else.
func spilled(cell *ssa.Alloc) ssa.Value {
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(cell) {
			if p, ok := st.Val.(*ssa.Parameter); ok {
				return p
			}
		}
	}
	return nil
}

// Argument is what the caller gives for the parameter, nil if that is not known.
func (fr *Frame) Argument(p *ssa.Parameter) (ssa.Value, *Frame) {
	i := slices.Index(fr.Fn.Params, p)
	if fr.Caller == nil || i < 0 || i >= len(fr.Args) {
		return nil, nil
	}
	return fr.Args[i], fr.Caller
}

// Calls are the activations that fr calls or starts, in the order of the source.
func (fr *Frame) Calls() []*Frame {
	return slices.SortedFunc(maps.Values(fr.Children), func(a, b *Frame) int {
		ba, bb := a.Site.Block(), b.Site.Block()
		return cmp.Or(
			cmp.Compare(a.Site.Pos(), b.Site.Pos()),
			cmp.Compare(ba.Index, bb.Index),
			cmp.Compare(source.IndexOf(ba, a.Site), source.IndexOf(bb, b.Site)),
			cmp.Compare(a.Fn.Pos(), b.Fn.Pos()),
			cmp.Compare(a.Fn.String(), b.Fn.String()),
		)
	})
}

// Literals are the activations of function literals that fr runs: those it calls
// itself, and its own that a function which it calls runs for it.
func (fr *Frame) Literals() []*Frame {
	var out []*Frame
	var visit func(at *Frame)
	visit = func(at *Frame) {
		for _, c := range at.Calls() {
			switch {
			case at == fr && c.Fn.Parent() != nil, c.Fn.Parent() == fr.Fn:
				out = append(out, c)
			case c.Fn.Parent() == nil:
				visit(c)
			}
		}
	}
	visit(fr)
	return out
}

// A Frame is one activation of a function in the model: which function, called
// or spawned where, with which arguments and captured variables. The frames of
// one root form a tree; the same site gives the same frame, so a value is
// identified by itself and its frame.
type Frame struct {
	Fn     *ssa.Function
	Caller *Frame              // nil for a root
	Site   ssa.CallInstruction // in caller.fn; nil for a root
	Args   []ssa.Value         // values of fn.Params in caller, nil if unknown
	// Lit and home say where the function literal was made: its captured
	// variables are the bindings of lit in the frame home.
	Lit  *ssa.MakeClosure
	Home *Frame
	// Spawned frames run beside their caller: what the caller stores later
	// may be seen.
	Spawned  bool
	Modelled bool // its function is a body of the model
	Listed   bool // one of a list of functions that are run at one place
	Many     bool // and made any number of times for that list
	Once     bool // its literal is run in place, by a sync.Once that was not used before
	Deferred bool // runs when the caller returns, so later stores are seen too
	Depth    int  // how many calls deep; more for a root whose calls are followed less deep
	// Group is set where a group calls the function as a task, and gives it its
	// context.
	Group *model.Group
	// Life is set on the first frame of the life of an object.
	Life     *Life
	Children map[frameKey]*Frame
	decls    map[*ssa.Function]bool // see Chain
}

type frameKey struct {
	Site ssa.Instruction
	fn   *ssa.Function
}

// RootFrame is the frame of fn when nothing is known about its callers. A
// function literal keeps its captured variables: they are looked up at the
// point where the literal is made.
func (e *Flow) RootFrame(fn *ssa.Function) *Frame {
	if fr := e.roots[fn]; fr != nil {
		return fr
	}
	depth, bound := e.shallow[fn]
	fr := &Frame{Fn: fn, Depth: depth, Children: map[frameKey]*Frame{}}
	e.roots[fn] = fr
	if p := fn.Parent(); p != nil {
		fr.Home = e.RootFrame(p)
		fr.Lit = makeClosure(p, fn)
		if !bound {
			fr.Depth = fr.Home.Depth
		}
	}
	return fr
}

// BeginAt sets the depth at which the frame of fn begins, as a root. It has to come before
// that is made.
func (e *Flow) BeginAt(fn *ssa.Function, depth int) { e.shallow[fn] = depth }

// Shallow reports whether the calls of fn, as a root, are not followed as deep as
// those of others, for the budget of the package.
func (e *Flow) Shallow(fn *ssa.Function) bool { return e.shallow[fn] > 0 }

// makeClosure finds where parent makes the closure of the literal fn.
func makeClosure(parent, fn *ssa.Function) *ssa.MakeClosure {
	if refs := fn.Referrers(); refs != nil {
		for _, r := range *refs {
			if mc, ok := r.(*ssa.MakeClosure); ok && mc.Parent() == parent {
				return mc
			}
		}
	}
	for _, b := range parent.Blocks {
		for _, in := range b.Instrs {
			if mc, ok := in.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc
			}
		}
	}
	return nil
}

// Target is the one function that a call can reach.
type Target struct {
	Fn   *ssa.Function
	lit  *ssa.MakeClosure
	home *Frame
}

// Enter returns the frame of target called at site in fr with the given
// arguments, or nil when it is too deep or recursive.
func (e *Flow) Enter(fr *Frame, site ssa.CallInstruction, t Target, args []ssa.Value, spawned bool) *Frame {
	if fr.Depth >= model.MaxDepth || len(t.Fn.Blocks) == 0 {
		return nil
	}
	for f := fr; f != nil; f = f.Caller {
		if f.Fn == t.Fn {
			return nil
		}
	}
	key := frameKey{site, t.Fn}
	if c := fr.Children[key]; c != nil {
		return c
	}
	c := &Frame{
		Fn: t.Fn, Caller: fr, Site: site, Args: args, Lit: t.lit, Home: t.home,
		Spawned: spawned, Deferred: isDefer(site), Depth: fr.Depth + 1, Children: map[frameKey]*Frame{},
	}
	if len(args) != len(t.Fn.Params) {
		c.Args = nil
	}
	fr.Children[key] = c
	return c
}

func isDefer(site ssa.CallInstruction) bool {
	_, ok := site.(*ssa.Defer)
	return ok
}

// Entry is the point in home at which the captured variables of fr are first
// seen, and whether it is known to be the point of the call. Without a call
// from home it is the point where the literal was made.
func (fr *Frame) Entry() (at ssa.Instruction, exact bool) {
	for f := fr; f.Caller != nil; f = f.Caller {
		if f.Caller == fr.Home {
			return f.Site, true
		}
	}
	if fr.Lit != nil {
		return fr.Lit, false
	}
	return nil, false
}

// Concurrent reports whether fr runs beside its home frame or after it: the call
// chain from home to fr goes through a spawn or a defer.
func (fr *Frame) Concurrent() bool {
	for f := fr; f != nil && f != fr.Home; f = f.Caller {
		if f.Spawned || f.Deferred {
			return true
		}
	}
	return false
}

// Target resolves the callee of a call to the one function of this package
// that it can reach; ok is false for interfaces that may hold several types, unknown
// function values and functions of other packages.
func (e *Flow) Target(c *ssa.CallCommon, fr *Frame) (Target, bool) {
	if fn, ok := c.Value.(*ssa.Function); ok {
		return Target{Fn: general(fn)}, true // most calls, without a query
	}
	return e.resolver().target(c, fr)
}

func (r *resolver) target(c *ssa.CallCommon, fr *Frame) (Target, bool) {
	if c.IsInvoke() {
		return r.method(c, fr)
	}
	return r.funcTarget(c.Value, fr)
}

// method is the method that a call through an interface runs, if all that the
// interface may hold is pointers to objects of one type of the package, each made in
// a frame. Methods that are promoted from a field, or that have no pointer receiver,
// are left out.
func (r *resolver) method(c *ssa.CallCommon, fr *Frame) (Target, bool) {
	var recv types.Type
	for _, s := range r.value(c.Value, fr) {
		if s.IsZero() {
			continue // a nil interface is not called
		}
		a, ok := s.Val.(*ssa.Alloc)
		if !ok || s.Path != "" || !PointsToObject(a) || recv != nil && !types.Identical(recv, a.Type()) {
			return Target{}, false
		}
		recv = a.Type()
	}
	named := known.NamedType(recv)
	if named == nil || named.Obj().Pkg() != r.e.Pass.Pkg || named.TypeArgs().Len() > 0 || named.TypeParams().Len() > 0 {
		return Target{}, false
	}
	obj, index, _ := types.LookupFieldOrMethod(recv, false, c.Method.Pkg(), c.Method.Name())
	fn, ok := obj.(*types.Func)
	if !ok || len(index) != 1 {
		return Target{}, false
	}
	if _, ptr := fn.Signature().Recv().Type().(*types.Pointer); !ptr {
		return Target{}, false
	}
	body := r.e.SSA.Prog.FuncValue(fn)
	return Target{Fn: body}, body != nil
}

// CallArgs is the arguments of a call as the function that it runs counts them.
func CallArgs(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return source.Args(c)
	}
	return c.Args
}

// FuncTarget is the one function that a function value is, if it is known.
func (e *Flow) FuncTarget(v ssa.Value, fr *Frame) (Target, bool) {
	return e.resolver().funcTarget(v, fr)
}

// funcTarget is part of a query: what a call returns may depend on which
// function a value is, and the other way round.
func (r *resolver) funcTarget(v ssa.Value, fr *Frame) (Target, bool) {
	var found Target
	n := 0
	for _, s := range r.value(v, fr) {
		var t Target
		switch f := s.Val.(type) {
		case *ssa.Function:
			t = Target{Fn: f}
		case *ssa.MakeClosure:
			t = Target{Fn: f.Fn.(*ssa.Function), lit: f, home: s.Frame}
		case *ssa.Const:
			continue // a nil function is not called
		default:
			return Target{}, false
		}
		if s.Path != "" {
			return Target{}, false
		}
		t.Fn = general(t.Fn)
		if n > 0 && t != found {
			return Target{}, false
		}
		found, n = t, n+1
	}
	return found, n > 0
}

// general is the function that an instance of a generic one is made of, or fn itself.
func general(fn *ssa.Function) *ssa.Function {
	if from := fn.Origin(); from != nil {
		return from
	}
	return fn
}

// Around is the frame that fr is seen from: its caller, or for a literal
// without a known call the function that makes it.
func (fr *Frame) Around() *Frame {
	if fr.Caller != nil {
		return fr.Caller
	}
	return fr.Home
}

// Chain is the declarations around fr: those of the functions that lead to it.
func (fr *Frame) Chain() map[*ssa.Function]bool {
	if fr.decls == nil {
		fr.decls = map[*ssa.Function]bool{}
		for f := fr; f != nil; f = f.Around() {
			fr.decls[Declared(f.Fn)] = true
		}
	}
	return fr.decls
}
