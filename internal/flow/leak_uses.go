package flow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The uses that escape follows: what each does to the way from a value to the
// object.

// use looks at one use of a held value.
func (x *escapes) use(h ref, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.DebugRef:
	case *ssa.Phi:
		x.add(ref, h.fr, h.w)
	case *ssa.ChangeType:
		x.add(ref, h.fr, h.w)
	case *ssa.Store:
		if ref.Val == h.v {
			x.store(h, ref)
		}
		if ref.Addr == h.v && !h.w.loads() && !initial(ref) {
			x.lose(h, "overwritten")
		}
	case *ssa.UnOp:
		x.read(h, ref)
	case *ssa.FieldAddr:
		switch {
		case h.w == nil || h.w.kind != stepField:
			x.lose(h, "used in a way that is not followed")
		case h.w.field == source.FieldName(ref):
			x.add(ref, h.fr, h.w.rest)
		}
	case *ssa.MakeClosure:
		x.captured(h, ref)
	case *ssa.Send:
		if ref.X == h.v {
			x.leak(h, "sent on a channel")
		}
		if ref.Chan == h.v {
			x.operation(h, true)
		}
	case *ssa.Select:
		for _, st := range ref.States {
			if st.Send == h.v {
				x.leak(h, "sent on a channel")
			}
			if st.Chan == h.v {
				x.operation(h, false)
			}
		}
	case *ssa.BinOp:
		if !source.IsNil(ref.X) && !source.IsNil(ref.Y) {
			x.leak(h, "compared with another value")
		}
	case *ssa.Return:
		x.returned(h, ref)
	case ssa.CallInstruction:
		x.call(h, ref)
	case *ssa.MapUpdate:
		x.leak(h, "stored in a map")
	case *ssa.MakeInterface:
		if h.w == nil && !isLocker(ref) || h.w != nil && h.w.kind == stepCapture {
			x.leak(h, "turned into an interface value")
			return
		}
		x.add(ref, h.fr, h.w)
	case *ssa.ChangeInterface:
		x.add(ref, h.fr, h.w)
	case *ssa.TypeAssert:
		x.asserted(h, ref)
	default:
		x.lose(h, "used in a way that is not followed")
	}
}

// asserted follows a pointer in an interface to where its type is asked for.
func (x *escapes) asserted(h ref, t *ssa.TypeAssert) {
	if !t.CommaOk {
		x.add(t, h.fr, h.w)
		return
	}
	for _, ref := range *t.Referrers() {
		if ext, ok := ref.(*ssa.Extract); ok && ext.Index == 0 {
			x.add(ext, h.fr, h.w)
		}
	}
}

// loads reports whether the way leads on through a pointer or reference: what is
// overwritten before that is not the object itself.
func (w *accessPath) loads() bool {
	for ; w != nil; w = w.rest {
		if w.kind != stepField {
			return true
		}
	}
	return false
}

// operation is a use that the model knows, provided that the operand is certain;
// alone: it is no case of a select.
func (x *escapes) operation(h ref, alone bool) {
	if h.w != nil {
		x.lose(h, "used in a way that is not followed")
		return
	}
	got := x.e.Operand(h.v, h.fr, alone)
	if x.lost || len(got) == 1 && got[0] == x.obj {
		return
	}
	what := "objects"
	if known.IsChan(h.v.Type()) {
		what = "channels"
	}
	if slices.ContainsFunc(got, Origin.IsZero) {
		what += " or nil"
	}
	x.fail("one of several " + what + " at this operation")
}

// read is a load or a receive.
func (x *escapes) read(h ref, u *ssa.UnOp) {
	switch {
	case u.Op == token.ARROW:
		x.operation(h, true)
	case u.Op != token.MUL:
		x.lose(h, "used in a way that is not followed")
	case h.w == nil || h.w.kind != stepLoad:
		x.copied(h, u)
	case len(*u.Referrers()) > 0 && x.isSet(h.w, u, h.fr): // none for _ = x
		x.add(u, h.fr, h.w.rest)
	}
}

// isSet notes where the field that the first step of w loads may not be set at
// the time of the load: its store does not come before in all cases. A pointer to a
// struct that leads on through its fields has been set, or there is a panic.
func (x *escapes) isSet(w *accessPath, at ssa.Instruction, fr *Frame) bool {
	derefs := w.rest != nil && w.rest.kind == stepField
	if w.put != nil && !derefs && !x.lost && !x.e.surelyBefore(w.put, w.in, at, fr) {
		x.fail("in a struct field that may not be set yet where it is used")
	}
	return !x.lost
}

// copied follows a struct that is read as a whole into the places that it is
// stored in, as in x := T{...}: the copy leads to the same object, unless the
// object is a part of the struct itself.
func (x *escapes) copied(h ref, u *ssa.UnOp) {
	var fields []deref
	w := h.w
	for ; w != nil && w.kind == stepField; w = w.rest {
		fields = append(fields, w.deref)
	}
	if w == nil || w.kind != stepLoad {
		x.lose(h, "copied")
		return
	}
	if !x.isSet(w, u, h.fr) {
		return
	}
	for _, ref := range *u.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok {
			x.lose(h, "copied")
			return
		}
		rest := x.ways.via(deref{kind: stepLoad, put: st, in: h.fr}, w.rest)
		for _, f := range slices.Backward(fields) {
			rest = x.ways.via(f, rest)
		}
		x.storeInto(h, st, func(string) *accessPath { return rest })
	}
}

// store follows a held value into the variable or field that it is put in.
func (x *escapes) store(h ref, st *ssa.Store) {
	x.storeInto(h, st, func(path string) *accessPath {
		load := deref{kind: stepLoad}
		if path != "" {
			load.put, load.in = st, h.fr
		}
		return x.ways.via(load, h.w)
	})
}

// storeInto follows what st stores into the memory that it is stored in; rest is the
// way on from there, given the fields between the variable and that memory.
func (x *escapes) storeInto(h ref, st *ssa.Store, rest func(path string) *accessPath) {
	what := "stored through a pointer"
	switch addr := st.Addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		if cell, home := variable(addr, h.fr); cell != nil && x.inside(home) {
			x.add(cell, home, rest(""))
			return
		}
		what = "stored in a variable of code that is not seen"
	case *ssa.FieldAddr:
		what = "stored in a struct field"
		base := x.e.Resolve(addr.X, h.fr)
		if len(base) != 1 || !x.inside(base[0].Frame) {
			break
		}
		if a, ok := base[0].Val.(*ssa.Alloc); ok {
			path := base[0].Path + "." + source.FieldName(addr)
			if w, t := x.below(a, path, rest(path)); t != nil {
				x.add(a, base[0].Frame, w)
				return
			}
		}
		if p, ok := base[0].Val.(*ssa.Parameter); ok && x.ofLife(p, base[0], source.FieldName(addr), rest) {
			return
		}
	case *ssa.Global:
		what = "stored in a package variable"
	case *ssa.IndexAddr:
		what = "stored in a slice or array"
	}
	x.leak(h, what)
}

// initial reports whether st gives a variable, or a field of a struct literal,
// its first value and that is a literal: wg := sync.WaitGroup{}.
func initial(st *ssa.Store) bool {
	ld, ok := st.Val.(*ssa.UnOp)
	if !ok || !isLiteral(ld.X) {
		return false
	}
	switch addr := st.Addr.(type) {
	case *ssa.FieldAddr:
		return isLiteral(addr.X) && len(*addr.Referrers()) == 1
	case *ssa.Alloc:
		for _, ref := range *addr.Referrers() {
			if ref != ssa.Instruction(st) && !source.Dominates(st, ref) {
				return false
			}
		}
		return addr.Block() == st.Block() // in a loop the variable is a new one each time
	}
	return false
}

// isLiteral reports whether v is the variable that a composite literal is made in.
func isLiteral(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	return ok && a.Comment == "complit"
}

// variable is the local variable that addr is, or that the captured variable is
// bound to, with its frame; nil if that is not known.
func variable(addr ssa.Value, fr *Frame) (*ssa.Alloc, *Frame) {
	for addr != nil && fr != nil {
		switch a := addr.(type) {
		case *ssa.Alloc:
			return a, fr
		case *ssa.FreeVar:
			addr, fr = fr.Binding(a)
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// captured follows a held value into a function literal. Calls of the literal
// take it from there.
func (x *escapes) captured(h ref, mc *ssa.MakeClosure) {
	lit := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b != h.v || i < len(lit.FreeVars) && len(*lit.FreeVars[i].Referrers()) == 0 {
			continue
		}
		if _, nested := b.(*ssa.FreeVar); nested && h.w != nil && h.w.kind == stepLoad && !x.steady(b, h.fr) {
			x.lose(ref{}, "captured in a variable that is assigned again")
			return
		}
		x.add(mc, h.fr, x.ways.via(deref{kind: stepCapture, lit: mc, nth: i, in: h.fr}, h.w))
	}
}

// steady reports whether a captured variable only ever holds one object. A
// literal inside a literal may run beside the function that both are in while
// the outer one does not; which stores it sees is then not known to resolve.
func (x *escapes) steady(addr ssa.Value, fr *Frame) bool {
	cell, home := variable(addr, fr)
	if cell == nil {
		return false
	}
	info := x.e.CellInfo(cell)
	var first []Origin
	for i, st := range info.Whole {
		got := x.e.Resolve(st.Val, home)
		if i == 0 {
			first = got
		}
		if len(got) != 1 || got[0] != first[0] {
			return false
		}
	}
	return !info.Wild
}

// returned follows a held value to the caller, if that is in the model. What a
// goroutine or a deferred call returns is lost.
func (x *escapes) returned(h ref, ret *ssa.Return) {
	site := h.fr.Site
	switch {
	case h.fr == x.root && h.w.isHeld():
		for _, c := range x.root.Life.Calls {
			x.add(c.Fn.Params[0], c, h.w)
		}
		return
	case h.fr == x.root || site == nil:
		x.leak(h, "returned to the caller")
		return
	case h.w != nil && h.w.kind == stepCapture:
		x.leak(h, "returned")
		return
	}
	if _, ok := site.(*source.CallAfter); ok {
		x.leak(h, "returned to the caller")
		return
	}
	t, ok := x.e.Target(site.Common(), h.fr.Caller)
	if !ok || t.Fn != h.fr.Fn {
		x.leak(h, "returned to "+x.callee(site)+", whose body is not seen")
		return
	}
	if call, ok := site.(*ssa.Call); ok {
		for i, r := range ret.Results {
			if r == h.v {
				x.result(call, i, h.fr.Caller, h.w)
			}
		}
	}
}

// result adds result i of a call.
func (x *escapes) result(call *ssa.Call, i int, fr *Frame, w *accessPath) {
	if call.Call.Signature().Results().Len() == 1 {
		x.add(call, fr, w)
		return
	}
	for _, ref := range *call.Referrers() {
		if ext, ok := ref.(*ssa.Extract); ok && ext.Index == i {
			x.add(ext, fr, w)
		}
	}
}

// call is a call, go statement or defer statement that a held value has part in:
// as the function, as an argument, or as the receiver of its own method.
func (x *escapes) call(h ref, site ssa.CallInstruction) {
	c := site.Common()
	if bi, ok := c.Value.(*ssa.Builtin); ok {
		x.builtin(h, site, bi.Name())
		return
	}
	if h.w == nil && c.Value == h.v && isCancel(x.obj) {
		x.operation(h, false)
		return
	}
	if x.once(h, site) || x.cond(h, site) || x.stop(h, site) {
		return
	}
	if x.localMethod(c) {
		if _, ok := site.(*ssa.Go); ok && !x.e.Groups.Starts(source.Callee(c)) {
			x.leak(h, "used by go "+x.callee(site))
			return
		}
		if c.Value == h.v && !c.IsInvoke() {
			x.operation(h, false) // the receiver is bound
		}
		for i, a := range source.Args(c) {
			switch {
			case a != h.v:
			case i == 0:
				x.operation(h, false)
			default: // the task of a group
				t, ok := x.e.FuncTarget(a, h.fr)
				x.called(h, site, t, ok)
			}
		}
		return
	}
	t, ok := x.e.Target(c, h.fr)
	if c.Value == h.v && !c.IsInvoke() {
		x.called(h, site, t, ok)
	}
	for i, a := range CallArgs(c) {
		if a != h.v {
			continue
		}
		child := x.child(h.fr, site, t, ok)
		if mc, isLit := a.(*ssa.MakeClosure); isLit && child == nil && source.IsYield(mc.Fn.(*ssa.Function)) {
			body, known := x.e.FuncTarget(a, h.fr)
			x.called(h, site, body, known) // the iterator runs the loop's body and keeps nothing of it
			continue
		}
		if child == nil || child.Args == nil || i >= len(child.Fn.Params) {
			x.leak(h, "passed to "+x.callee(site)+", whose body is not seen")
			return
		}
		x.add(child.Fn.Params[i], child, h.w)
	}
}

// once follows a literal that sync.Once.Do is given, where the model runs it.
func (x *escapes) once(h ref, site ssa.CallInstruction) bool {
	c := site.Common()
	if !known.IsOnce(known.FuncName(source.Callee(c))) || len(c.Args) != 2 || c.Args[1] != h.v {
		return false
	}
	t, ok := x.e.FuncTarget(h.v, h.fr)
	if child := x.child(h.fr, site, t, ok); child == nil || !child.Once {
		return false
	}
	x.called(h, site, t, ok)
	return true
}

// builtin is a call of a builtin function. A go statement with one has no op.
func (x *escapes) builtin(h ref, site ssa.CallInstruction, name string) {
	_, spawned := site.(*ssa.Go)
	switch {
	case spawned:
		x.leak(h, "used by go "+name)
	case name == "len" && !source.AskedAtOnce(site):
		x.lose(h, "counted by len, and the number kept")
	case name == "close" || name == "len" || name == "cap":
		x.operation(h, name == "close")
	default:
		x.leak(h, "passed to "+name)
	}
}

// called follows a captured variable into the frame in which its literal runs,
// which must be the only function that can be called here.
func (x *escapes) called(h ref, site ssa.CallInstruction, t Target, ok bool) {
	if h.w == nil || h.w.kind != stepCapture {
		x.leak(h, "called")
		return
	}
	if !ok || t.lit != h.w.lit || t.home != h.w.in {
		x.leak(h, "one of several at a call")
		return
	}
	child := x.child(h.fr, site, t, ok)
	if child == nil || h.w.nth >= len(child.Fn.FreeVars) {
		x.leak(h, "called where its body is not seen")
		return
	}
	x.add(child.Fn.FreeVars[h.w.nth], child, h.w.rest)
}

// child is the modelled frame of the function that site calls or spawns, or nil.
// A frame can exist without a model: looking for what a call returns enters it.
func (x *escapes) child(fr *Frame, site ssa.CallInstruction, t Target, ok bool) *Frame {
	if !ok || x.e.Foreign(t.Fn) {
		return nil
	}
	c := fr.Children[frameKey{site, t.Fn}]
	if c == nil || !c.Modelled || c.Lit != t.lit || c.Home != t.home {
		return nil
	}
	return c
}

// callee is what the author calls the function that site calls.
func (x *escapes) callee(site ssa.CallInstruction) string {
	c := site.Common()
	if syn := x.e.Positions.Call(c.Pos()); syn != nil {
		return source.Short(syn.Fun)
	}
	if fn := source.Callee(c); fn != nil {
		return fn.Name()
	}
	return "a function value"
}
