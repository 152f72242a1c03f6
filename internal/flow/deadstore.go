package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/source"
)

// TooLate reports whether st, in a literal that fr defers, sets a variable of the
// deferring function that nobody reads any more: the result has been computed by
// then, and only a named one could still be changed. A variable that another literal
// reads, or the same one after st, is read.
func TooLate(st *ssa.Store, fr *Frame) bool {
	fv, ok := st.Addr.(*ssa.FreeVar)
	if !ok || !fr.Deferred || fr.Caller == nil {
		return false
	}
	v, home := fr.Binding(fv)
	cell, ok := v.(*ssa.Alloc)
	if !ok || home != fr.Caller || IsResult(cell) {
		return false
	}
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if ref.Val == v {
				return false
			}
		case *ssa.MakeClosure:
			if readsLater(ref, v, fr, st) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// readsLater reports whether the literal mc, which holds the variable v, can read it
// after st.
func readsLater(mc *ssa.MakeClosure, v ssa.Value, fr *Frame, st *ssa.Store) bool {
	lit := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b != v {
			continue
		}
		for _, ref := range *lit.FreeVars[i].Referrers() {
			if _, ok := ref.(*ssa.DebugRef); ok {
				continue
			}
			if x, ok := ref.(*ssa.Store); ok && x.Addr == ssa.Value(lit.FreeVars[i]) {
				continue
			}
			before := ref.Block() == st.Block() && source.IndexOf(ref.Block(), ref) < source.IndexOf(st.Block(), st)
			if lit != fr.Fn || !before && (ref.Block() == st.Block() || source.Follows(st.Block(), ref.Block())) {
				return true
			}
		}
	}
	return false
}
