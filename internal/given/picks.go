package given

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// PicksTask reports whether a condition that each of many goroutines asks compares the index
// of the round in which it was started, or is given what such a comparison says: no schedule
// may choose for one of them what holds for another.
func PicksTask(v ssa.Value, fr *flow.Frame) bool {
	if !value.StartedInLoop(fr) {
		return false
	}
	if ld, ok := v.(*ssa.UnOp); ok && value.Loads(ld) {
		if st := value.JustSet(ld); st != nil {
			v = st.Val
		}
	}
	if p, ok := v.(*ssa.Parameter); ok {
		v, fr = fr.Argument(p)
	}
	cmp, ok := v.(*ssa.BinOp)
	return ok && value.IsInteger(cmp.X.Type()) && (countsRounds(cmp.X, fr, model.MaxOperands) || countsRounds(cmp.Y, fr, model.MaxOperands))
}

// countsRounds reports whether v, depth copies away, is what a loop counts that starts
// goroutines such as fr.
func countsRounds(v ssa.Value, fr *flow.Frame, depth int) bool {
	if depth == 0 || fr == nil {
		return false
	}
	outside := !value.StartedInLoop(fr)
	switch v := v.(type) {
	case *ssa.Parameter:
		arg, caller := fr.Argument(v)
		return arg != nil && countsRounds(arg, caller, depth-1)
	case *ssa.BinOp:
		_, ok := v.Y.(*ssa.Const)
		return ok && (v.Op == token.ADD || v.Op == token.SUB) && (outside && source.InLoop(v.Block()) || countsRounds(v.X, fr, depth-1))
	case *ssa.UnOp:
		if !value.Loads(v) {
			return false
		}
		addr := value.BoundTo(v.X, &fr)
		if _, moved := addr.(*ssa.Phi); moved || value.IsRangeIndex(addr) {
			return !value.StartedInLoop(fr)
		}
		a, _ := addr.(*ssa.Alloc)
		return a != nil && slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
			st, ok := ref.(*ssa.Store)
			return ok && st.Addr == ssa.Value(a) && countsRounds(st.Val, fr, depth-1)
		})
	}
	return false
}
