package given

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/value"
)

// PicksTask reports whether a condition that each of many goroutines asks compares the index
// of the round in which it was started, what is computed from it, or is the outcome of such a
// comparison: no schedule may choose for one of them what holds for another.
func PicksTask(v ssa.Value, fr *flow.Frame) bool {
	if !value.StartedInLoop(fr) {
		return false
	}
	cmp, at := comparison(v, fr)
	return cmp != nil && (ofRound(cmp.X, at, model.MaxOperands) || ofRound(cmp.Y, at, model.MaxOperands))
}

// comparison is the comparison of integers that a condition is, or the one whose outcome it
// was given, or was kept in a variable just before, or in one that its function sets nowhere
// else, and where it is made; nil if it is none.
func comparison(v ssa.Value, fr *flow.Frame) (*ssa.BinOp, *flow.Frame) {
	for range model.MaxOperands {
		switch x := v.(type) {
		case *ssa.BinOp:
			if value.IsInteger(x.X.Type()) {
				return x, fr
			}
			return nil, nil
		case *ssa.Parameter:
			v, fr = fr.Argument(x)
		case *ssa.UnOp:
			if x.Op == token.NOT {
				v = x.X
				continue
			}
			if !value.Loads(x) {
				return nil, nil
			}
			st := value.JustSet(x)
			if st == nil {
				st = onlyStore(x, &fr)
			}
			if st == nil {
				return nil, nil
			}
			v = st.Val
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// onlyStore is the store that sets a variable which is read, in the frame to which it turns fr,
// nil if its function has several.
func onlyStore(ld *ssa.UnOp, fr **flow.Frame) *ssa.Store {
	cell, ok := value.BoundTo(ld.X, fr).(*ssa.Alloc)
	if !ok {
		return nil
	}
	var only *ssa.Store
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(cell) {
			if only != nil {
				return nil
			}
			only = st
		}
	}
	return only
}

// ofRound reports whether v, within depth operands and copies, is computed from the index of
// a round, of a range over a number or a list or of a loop that counts its variable, that is
// no loop of many goroutines.
func ofRound(v ssa.Value, fr *flow.Frame, depth int) bool {
	if depth == 0 || fr == nil {
		return false
	}
	switch v := v.(type) {
	case *ssa.Convert:
		return ofRound(v.X, fr, depth-1)
	case *ssa.BinOp:
		return ofRound(v.X, fr, depth-1) || ofRound(v.Y, fr, depth-1)
	case *ssa.Parameter:
		arg, caller := fr.Argument(v)
		return arg != nil && ofRound(arg, caller, depth-1)
	case *ssa.UnOp:
		if !value.Loads(v) {
			return false
		}
		home := fr
		if isLoopIndex(value.BoundTo(v.X, &home)) {
			return !value.StartedInLoop(home)
		}
		st := onlyStore(v, &fr)
		return st != nil && ofRound(st.Val, fr, depth-1)
	}
	return false
}

// isLoopIndex reports whether addr is a variable that is counted: the hidden one of a range, or
// that of a loop with three clauses, of which each round has its own.
func isLoopIndex(addr ssa.Value) bool {
	cell, ok := addr.(*ssa.Alloc)
	if !ok {
		_, moved := addr.(*ssa.Phi)
		return moved
	}
	return slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == addr && value.Counts(st)
	})
}
