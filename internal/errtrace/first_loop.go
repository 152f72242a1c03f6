package errtrace

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// leaves completes x if the loop around in is left for good at the first element
// that is an error; nil otherwise.
func (r *readFinder) leaves(in ssa.Instruction, src flow.Origin, x *model.FirstRead) *model.FirstRead {
	var loop *value.Loop
	for _, l := range r.e.LoopsOf(r.fr) {
		if l.Body[in.Block()] && (loop == nil || len(l.Body) < len(loop.Body)) {
			loop = l
		}
	}
	if loop == nil {
		return nil
	}
	for blk := range loop.Body {
		if w := r.after(in); w != nil && blk == w.Block() {
			return nil // the tasks are started and waited for in each round
		}
	}
	for _, blk := range r.fr.Fn.Blocks {
		if !loop.Body[blk] {
			continue
		}
		cond, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		failing := r.asks(cond, in)
		if failing == nil {
			continue
		}
		if ret := r.outOf(failing, loop, src, in); ret != nil {
			x.Ret = r.e.returnSpan(ret)
			x.Read = model.SpanAt(cond.Cond.Pos())
			x.Text = r.e.retText(ret)
			return x
		}
	}
	return nil
}

// retText is the error result of a return statement as written.
func (e *Tracer) retText(ret *ssa.Return) string {
	if stmt := e.Positions.Rets[ret.Pos()]; stmt != nil && len(stmt.Results) > 0 {
		return source.Short(stmt.Results[len(stmt.Results)-1])
	}
	return ""
}

// asks is the way on which the element that in took is found to be an error.
func (r *readFinder) asks(cond *ssa.If, in ssa.Instruction) *ssa.BasicBlock {
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !known.IsError(cmp.X.Type()) || !comparesNil(cmp) {
		return nil
	}
	if !r.from(cmp.X, in, 0) {
		return nil
	}
	if cmp.Op == token.EQL {
		return cond.Block().Succs[1]
	}
	return cond.Block().Succs[0]
}

// from reports whether v is the element that in took, or the error in it.
func (r *readFinder) from(v ssa.Value, in ssa.Instruction, depth int) bool {
	if depth > 6 {
		return false
	}
	if x, ok := in.(ssa.Value); ok && x == v {
		return true
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return r.from(v.Tuple, in, depth+1)
	case *ssa.Field:
		return r.from(v.X, in, depth+1)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok {
			if cell, ok := fa.X.(*ssa.Alloc); ok {
				return r.fromCell(cell, v, in, depth)
			}
			return r.from(fa.X, in, depth+1)
		}
		if cell, ok := v.X.(*ssa.Alloc); ok {
			return r.fromCell(cell, v, in, depth)
		}
	}
	return false
}

func (r *readFinder) fromCell(cell *ssa.Alloc, at ssa.Instruction, in ssa.Instruction, depth int) bool {
	stores, entry := source.ReachingStores(cell, at)
	return !entry && len(stores) == 1 && r.from(stores[0].Val, in, depth+1)
}

// outOf is a return that every path from b arrives at, or another one, without
// coming back to the loop or using the container again; nil if there is none.
func (r *readFinder) outOf(b *ssa.BasicBlock, loop *value.Loop, src flow.Origin, in ssa.Instruction) *ssa.Return {
	var first *ssa.Return
	reached := map[*ssa.BasicBlock]bool{}
	todo := []*ssa.BasicBlock{b}
	for len(todo) > 0 {
		b, todo = todo[0], todo[1:]
		if reached[b] {
			continue
		}
		if loop.Body[b] {
			return nil
		}
		reached[b] = true
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			n := len(ret.Results)
			if n == 0 || !known.IsError(ret.Results[n-1].Type()) || nilResult(ret) {
				return nil // not a report of this error
			}
			if first == nil {
				first = ret
			}
		}
		todo = append(todo, b.Succs...)
	}
	if first == nil || r.uses(src, in, reached) {
		return nil
	}
	return first
}
