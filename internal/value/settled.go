package value

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Numbers that are settled before they are used.
//
//	if n <= 0 {
//		n = runtime.NumCPU()
//	}
//
// What n is from there on is not known, but it is the same wherever it is read: no
// store can follow. So is what a literal has stored that a call before has run in
// place, as a retry does or sync.Once.

// settled is the size of the variable that v is read from, or of the length of what
// it holds, if all stores to it come before v; nil if that is not so.
func (q *sizer) settled(v ssa.Value, of string, fr *flow.Frame) *model.Size {
	ld, ok := v.(*ssa.UnOp)
	if !ok || !Loads(ld) || q.lasting {
		return nil
	}
	addr, at, home := ld.X, ssa.Instruction(ld), fr
	for {
		fv, captured := addr.(*ssa.FreeVar)
		if !captured {
			break
		}
		if home.Lit == nil {
			return nil
		}
		at = home.Lit
		if addr, home = home.Binding(fv); addr == nil {
			return nil
		}
	}
	cell, ok := addr.(*ssa.Alloc)
	if !ok || at.Parent() != cell.Parent() || q.e.CellInfo(cell).Leaks || len(q.e.CellInfo(cell).Whole) == 0 || !q.e.storedBefore(cell, at) {
		return nil
	}
	if onlyCounts(q.e.CellInfo(cell).Whole) {
		return nil // as many as something else that was done meanwhile
	}
	id, ok := q.executed(cell, home)
	if !ok {
		return nil
	}
	id = "settled " + cell.Comment + id
	if of != "" {
		id = of + "(" + id + ")"
	}
	return &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: id, Length: of == "len"}}}
}

// onlyCounts reports whether a number is nothing but counted, from a constant on.
func onlyCounts(stores []*ssa.Store) bool {
	return slices.ContainsFunc(stores, Counts) && !slices.ContainsFunc(stores, func(st *ssa.Store) bool {
		_, written := st.Val.(*ssa.Const)
		return !written && !Counts(st)
	})
}

// storedBefore reports whether no store to the variable can come after at, in its
// function or in a literal that captures it.
func (e *Values) storedBefore(cell *ssa.Alloc, at ssa.Instruction) bool {
	if len(source.FollowingStores(cell, at)) > 0 {
		return false
	}
	for _, ref := range *cell.Referrers() {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok || !storesCaptured(mc, cell) {
			continue
		}
		for _, use := range *mc.Referrers() {
			call, ok := use.(*ssa.Call)
			if !ok || !runsInPlace(call) || mayFollow(call, at) {
				return false
			}
		}
	}
	return true
}

// storesCaptured reports whether a literal, or one in it, stores to a variable that
// it captures.
func storesCaptured(mc *ssa.MakeClosure, cell ssa.Value) bool {
	lit := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b != cell || lit.FreeVars[i].Referrers() == nil {
			continue
		}
		for _, ref := range *lit.FreeVars[i].Referrers() {
			switch ref := ref.(type) {
			case *ssa.Store:
				return true
			case *ssa.MakeClosure:
				if storesCaptured(ref, lit.FreeVars[i]) {
					return true
				}
			}
		}
	}
	return false
}

// runsInPlace reports whether a call runs a literal that it is given before it
// returns: what returns an error tells the literal's, unless it is a group's method.
func runsInPlace(call *ssa.Call) bool {
	fn := source.Callee(&call.Call)
	return fn != nil && (known.IsOnce(known.FuncName(fn)) || known.ReturnsError(fn.Signature()))
}
