package flow

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What do the functions that an object is given to store in its fields?
//
// An object is often made in one function and filled by another, a method of its own
// (t := &T{}; t.init()) or one of its client's life (Start after New). Every value
// that points to the object is followed, in each activation, to all that is done with
// it, and the stores to the one field are listed. Where the object goes to a place
// that is not followed, and a function that stores to such fields can be run from
// there, the list is not sure. Goroutines and deferred calls are not followed: their
// stores have no place in the order.

// setByOthers is one walk.
type setByOthers struct {
	r      *resolver
	fields *fieldWrites
	paths  paths
	seen   map[ref]bool
	found  []storeIn
	unsure bool
}

// A storeIn is a store, in one activation.
type storeIn struct {
	st *ssa.Store
	fr *Frame
}

// setBy are the stores to the field (as ".a" or ".a.b") of the object a, of the frame
// home, other than those to a itself in the function that makes it. It is sure if there
// are no others.
func (r *resolver) setBy(a *ssa.Alloc, field string, home *Frame) (found []storeIn, sure bool) {
	names := strings.Split(field[1:], ".")
	x := &setByOthers{r: r, fields: r.e.FieldWrites("." + names[len(names)-1]), paths: paths{}, seen: map[ref]bool{}}
	x.value(a, home, x.paths.fields(names, false, nil))
	return x.found, !x.unsure
}

// value looks at all uses of v, from which w leads to the field's memory.
func (x *setByOthers) value(v ssa.Value, fr *Frame, w *accessPath) {
	key := ref{v, fr, w}
	if x.unsure || x.seen[key] || v.Referrers() == nil {
		return
	}
	x.seen[key] = true
	if x.r.steps++; x.r.steps > model.MaxSetterSteps || w != nil && w.size > model.MaxPath {
		x.unsure = true
		return
	}
	for _, use := range *v.Referrers() {
		x.use(v, fr, w, use)
	}
}

func (x *setByOthers) use(v ssa.Value, fr *Frame, w *accessPath, use ssa.Instruction) {
	switch use := use.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
	case *ssa.UnOp:
		switch {
		case w != nil && w.kind == stepLoad:
			x.value(use, fr, w.rest)
		case w.loads(): // a copy of what leads to the object
			x.unsure = true
		}
	case *ssa.FieldAddr:
		if w != nil && w.kind == stepField && w.field == source.FieldName(use) {
			x.value(use, fr, w.rest)
		}
	case *ssa.Store:
		x.store(v, fr, w, use)
	case *ssa.Phi:
		x.value(use, fr, w)
	case *ssa.ChangeType:
		x.value(use, fr, w)
	case *ssa.MakeInterface:
		x.value(use, fr, w)
	case *ssa.ChangeInterface:
		x.value(use, fr, w)
	case *ssa.TypeAssert:
		x.result(use, 0, use.CommaOk, fr, w)
	case *ssa.MakeClosure:
		x.unsure = x.unsure || x.stores(use.Fn.(*ssa.Function))
	case *ssa.Return:
		x.returned(v, fr, w, use)
	case ssa.CallInstruction:
		x.call(v, fr, w, use)
	default:
		x.unsure = true
	}
}

// store is a store to the field, or of what leads to it.
func (x *setByOthers) store(v ssa.Value, fr *Frame, w *accessPath, st *ssa.Store) {
	if st.Addr == v {
		if w == nil {
			x.found = append(x.found, storeIn{st, fr})
		}
		return // of the whole object: see ownField
	}
	w = x.paths.via(deref{kind: stepLoad}, w)
	switch addr := st.Addr.(type) {
	case *ssa.Alloc:
		x.value(addr, fr, w)
		return
	case *ssa.FieldAddr:
		base := x.r.value(addr.X, fr)
		if len(base) != 1 {
			break
		}
		if a, ok := base[0].Val.(*ssa.Alloc); ok && !strings.ContainsAny(base[0].Path, "[*") {
			names := strings.Split(base[0].Path+"."+source.FieldName(addr), ".")
			x.value(a, base[0].Frame, x.paths.fields(names[1:], false, w))
			return
		}
	}
	x.unsure = true
}

// returned follows the object to the caller, and to the calls that follow in a life.
func (x *setByOthers) returned(v ssa.Value, fr *Frame, w *accessPath, ret *ssa.Return) {
	if l := fr.Life; l != nil {
		for _, c := range l.Calls {
			x.value(c.Fn.Params[0], c, w)
		}
		return
	}
	call, ok := fr.Site.(*ssa.Call)
	if !ok || fr.Spawned {
		return
	}
	for i, res := range ret.Results {
		if res == v {
			x.result(call, i, len(ret.Results) > 1, fr.Caller, w)
		}
	}
}

// result goes on with result i of an instruction, of several if it gives a tuple.
func (x *setByOthers) result(v ssa.Value, i int, tuple bool, fr *Frame, w *accessPath) {
	if !tuple {
		x.value(v, fr, w)
		return
	}
	for _, use := range *v.Referrers() {
		if ext, ok := use.(*ssa.Extract); ok && ext.Index == i {
			x.value(ext, fr, w)
		}
	}
}

// call follows the object into a function that it is given to.
func (x *setByOthers) call(v ssa.Value, fr *Frame, w *accessPath, site ssa.CallInstruction) {
	c := site.Common()
	call, plain := site.(*ssa.Call)
	t, ok := x.r.target(c, fr)
	switch {
	case ok && !x.r.e.Foreign(t.Fn) && !x.stores(t.Fn):
		return
	case !plain || !ok || x.r.e.Foreign(t.Fn) || c.Value == v && !c.IsInvoke():
		x.unsure = true
		return
	}
	child := x.r.e.Enter(fr, call, t, CallArgs(c), false)
	if child == nil || child.Args == nil {
		x.unsure = true
		return
	}
	for i, a := range CallArgs(c) {
		if a == v {
			x.value(child.Fn.Params[i], child, w)
		}
	}
}

// stores reports whether a function, or one that it names, stores to such a field.
func (x *setByOthers) stores(fn *ssa.Function) bool {
	does, ok := x.fields.reached[fn]
	if ok {
		return does
	}
	seen := map[*ssa.Function]bool{}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] || does {
			return
		}
		seen[fn] = true
		does = len(x.fields.in[fn]) > 0
		for _, f := range x.r.e.names(fn) {
			visit(f)
		}
	}
	visit(fn)
	x.fields.reached[fn] = does
	return does
}

// unsetIn reports whether v is a struct literal that says nothing of the field, which is a
// pointer or other reference: whoever is a copy of it begins with nil.
func (e *Flow) unsetIn(v ssa.Value, field string) bool {
	a, ok := v.(*ssa.Alloc)
	if !ok || !isLiteral(a) || !PointsToObject(a) {
		return false
	}
	info := e.CellInfo(a)
	if info.Leaks || info.Wild || len(info.Whole) > 0 {
		return false
	}
	for path := range info.Fields {
		if strings.HasPrefix(field+".", path+".") || strings.HasPrefix(path+".", field+".") {
			return false
		}
	}
	return isReference(fieldType(a.Type(), field))
}

// fieldType is the type of a field (as ".a.b", or "" for the whole) of the struct that t
// points to, nil if there is none that is held by value.
func fieldType(t types.Type, path string) types.Type {
	if path == "" {
		return t.Underlying().(*types.Pointer).Elem()
	}
	if f := FieldAt(t, path); f != nil {
		return f.Type()
	}
	return nil
}

// FieldAt is the field (as ".a.b") of the struct that t is or points to, nil if there is
// none that is held by value.
func FieldAt(t types.Type, path string) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	var field *types.Var
	for _, name := range strings.Split(path, ".")[1:] {
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = nil
		for f := range st.Fields() {
			if f.Name() == name {
				field, t = f, f.Type()
			}
		}
		if field == nil {
			return nil
		}
	}
	return field
}

func isReference(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Interface, *types.Signature, *types.Map, *types.Slice:
		return true
	}
	return false
}

// excluded reports whether a block is not executed in an activation: it is the side of
// a comparison with nil that is for no pointer, and there is one.
func (r *resolver) excluded(blk *ssa.BasicBlock, fr *Frame) bool {
	for b := blk; b.Idom() != nil; b = b.Idom() {
		up := b.Idom()
		branch, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 {
			continue
		}
		if holds, sure := r.asksObject(branch, fr); sure && holds != (up.Succs[0] == b) {
			return true
		}
	}
	return false
}

// AsksObject is which way a branch goes that compares a pointer with nil, if the pointer
// certainly leads to an object that is made in a frame.
func (e *Flow) AsksObject(branch *ssa.If, fr *Frame) (holds, sure bool) {
	return e.resolver().asksObject(branch, fr)
}

func (r *resolver) asksObject(branch *ssa.If, fr *Frame) (holds, sure bool) {
	cond, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cond.Op != token.EQL && cond.Op != token.NEQ || !source.IsNil(cond.Y) {
		return false, false
	}
	cuts := r.cuts
	got := r.value(cond.X, fr)
	for _, s := range got {
		if a, ok := s.Val.(*ssa.Alloc); !ok || s.Path != "" || !types.Identical(a.Type(), cond.X.Type()) {
			return false, false
		}
	}
	return cond.Op == token.NEQ, len(got) > 0 && r.cuts == cuts
}
