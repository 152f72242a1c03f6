package race

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Code that only one of many goroutines gets to.
//
// A condition picks one of the goroutines that come to it if its outcome depends on
// who they are, or on who came first: an index or a name compared with another, a mark
// on one item, an atomic operation. What the work of a goroutine has given picks none:
// an error that is nil or not, a number that a call has returned, a length. Where the
// code starts goroutines, what was asked before the loop around it picks none of them
// either.

// chosenAt reports whether the block is only reached where the condition at the end
// of the one that dominates it has picked one of many: then not every goroutine that
// runs this code gets there.
func chosenAt(blk *ssa.BasicBlock) bool {
	d := blk.Idom()
	if d == nil {
		return false
	}
	cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	// A branch back to the head of a loop dominates the block without leading there.
	yes := d.Succs[0].Dominates(blk) && !d.Succs[0].Dominates(d)
	no := d.Succs[1].Dominates(blk) && !d.Succs[1].Dominates(d)
	return yes != no && picks(cond.Cond, yes, 0)
}

// chosenInLoop is chosenAt where the condition is asked again in every round.
func chosenInLoop(blk *ssa.BasicBlock) bool {
	return chosenAt(blk) && source.InLoop(blk.Idom())
}

// picks reports whether a condition with this outcome picks one of many.
func picks(v ssa.Value, yes bool, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return picks(v.X, !yes, depth+1)
		}
		if f, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			b, basic := f.Type().(*types.Pointer).Elem().Underlying().(*types.Basic)
			return yes && basic && b.Kind() == types.Bool // a mark on one of them
		}
		if v.Op == token.MUL {
			if a, ok := v.X.(*ssa.Alloc); ok {
				for _, ref := range *a.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(a) && picks(st.Val, yes, depth+1) {
						return true
					}
				}
			}
		}
	case *ssa.Extract:
		return picks(v.Tuple, yes, depth+1)
	case *ssa.Call:
		fn := source.Callee(&v.Call)
		return fn != nil && known.PicksOne(fn)
	case *ssa.BinOp:
		if picks(v.X, yes, depth+1) || picks(v.Y, yes, depth+1) {
			return true
		}
		if v.Op == token.EQL && yes || v.Op == token.NEQ && !yes {
			return tellsApart(v.X, 0) && tellsApart(v.Y, 0)
		}
	}
	return false
}

// tellsApart reports whether v may be what one goroutine is known by among others: a
// number, a text or a pointer that it was given, and no result of its work.
func tellsApart(v ssa.Value, depth int) bool {
	if known.IsError(v.Type()) || source.IsNil(v) {
		return false
	}
	if b, ok := v.Type().Underlying().(*types.Basic); ok && (b.Info()&types.IsBoolean != 0 || isEmptyText(v)) {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		return false // picks asks what is called
	case *ssa.Extract:
		_, work := v.Tuple.(*ssa.Call)
		return !work
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL && depth < 4 {
			given := false
			for _, ref := range *a.Referrers() {
				st, ok := ref.(*ssa.Store)
				given = given || !ok && !isLoad(ref) || ok && (st.Addr != ssa.Value(a) || tellsApart(st.Val, depth+1))
			}
			return given
		}
	}
	return true
}

func isLoad(in ssa.Instruction) bool {
	ld, ok := in.(*ssa.UnOp)
	return ok && ld.Op == token.MUL
}

// isEmptyText reports whether v is "": a comparison with it picks nothing.
func isEmptyText(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.ExactString() == `""`
}
