package value

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Is this what is done after a failure?

// IsCleanup reports whether in runs only after something has failed or ended: in
// a deferred call, where an error has been found non-nil, or after the end of a
// context was seen. What is done there with the caller's context is done with
// it on purpose, unless its answer decides whether to try again: then it is part of the
// work. The calls that lead to the frame count too, up to the spawn.
func (e *Values) IsCleanup(in ssa.Instruction, fr *flow.Frame) bool {
	for {
		if _, ok := in.(*ssa.Defer); ok {
			return true
		}
		if e.AfterFailure(in, fr) {
			return !e.decidesRetry(in, fr)
		}
		if fr.Spawned || fr.Site == nil {
			return false
		}
		in, fr = fr.Site, fr.Caller
	}
}

// AfterFailure reports whether an instruction is only executed after something failed.
func (e *Values) AfterFailure(in ssa.Instruction, fr *flow.Frame) bool {
	blk := in.Block()
	for d := blk; d != nil; d = d.Idom() {
		for _, x := range d.Instrs {
			if x == in {
				break
			}
			if u, ok := x.(*ssa.UnOp); ok && u.Op == token.ARROW && e.isDone(u.X, fr) {
				return true
			}
		}
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d == blk {
			continue
		}
		if i, ok := e.failureBranch(cond.Cond, fr); ok {
			s := d.Succs[i]
			if len(s.Preds) == 1 && s.Dominates(blk) {
				return true
			}
		}
	}
	return false
}

// decidesRetry reports whether a call that is made because something failed in a round
// of a loop decides by what it returns, other than an error, whether there is another
// round.
func (e *Values) decidesRetry(in ssa.Instruction, fr *flow.Frame) bool {
	call, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	for _, l := range e.LoopsOf(fr) {
		if !l.Body[call.Block()] || !e.failsIn(l, call, fr) {
			continue
		}
		for blk := range l.Body {
			cond, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
			if ok && l.Body[blk.Succs[0]] != l.Body[blk.Succs[1]] && isAnswer(cond.Cond, call, 0) {
				return true
			}
		}
	}
	return false
}

// failsIn reports whether it is a failure of the loop's own round that the call is made
// after.
func (e *Values) failsIn(l *Loop, call *ssa.Call, fr *flow.Frame) bool {
	for d := call.Block().Idom(); d != nil && l.Body[d]; d = d.Idom() {
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if i, ok := e.failureBranch(cond.Cond, fr); ok && len(d.Succs[i].Preds) == 1 && d.Succs[i].Dominates(call.Block()) {
			return true
		}
	}
	return false
}

// isAnswer reports whether v is made from a result of the call that is no error.
func isAnswer(v ssa.Value, call *ssa.Call, depth int) bool {
	if depth > model.MaxPath {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return isAnswer(v.Call.Args[0], call, depth+1)
		}
		return v == call && !known.IsError(v.Type())
	case *ssa.Extract:
		return v.Tuple == ssa.Value(call) && !known.IsError(v.Type())
	case *ssa.UnOp:
		cell, ok := v.X.(*ssa.Alloc)
		if !ok {
			return isAnswer(v.X, call, depth+1)
		}
		stores, _ := source.ReachingStores(cell, v)
		return slices.ContainsFunc(stores, func(st *ssa.Store) bool { return isAnswer(st.Val, call, depth+1) })
	case *ssa.BinOp:
		return isAnswer(v.X, call, depth+1) || isAnswer(v.Y, call, depth+1)
	}
	return false
}

// failureBranch is the successor taken when the condition finds a failure.
func (e *Values) failureBranch(cond ssa.Value, fr *flow.Frame) (succ int, ok bool) {
	cmp, isCmp := cond.(*ssa.BinOp)
	if !isCmp || cmp.Op != token.NEQ && cmp.Op != token.EQL {
		return 0, false
	}
	if cmp.Op == token.EQL {
		succ = 1
	}
	if ext, isExt := cmp.X.(*ssa.Extract); isExt && ext.Index == 0 {
		// A select: the case of a context's end.
		sel, isSel := ext.Tuple.(*ssa.Select)
		k, isConst := cmp.Y.(*ssa.Const)
		if isSel && isConst && k.Value != nil && cmp.Op == token.EQL {
			if i := int(k.Int64()); i >= 0 && i < len(sel.States) {
				st := sel.States[i]
				return 0, st.Send == nil && e.isDone(st.Chan, fr)
			}
		}
		return 0, false
	}
	isNil := func(v ssa.Value) bool {
		c, ok := v.(*ssa.Const)
		return ok && c.IsNil()
	}
	if known.IsError(cmp.X.Type()) && isNil(cmp.Y) || known.IsError(cmp.Y.Type()) && isNil(cmp.X) {
		return succ, true
	}
	return 0, false
}

// isDone reports whether ch is the Done channel of some context.
func (e *Values) isDone(ch ssa.Value, fr *flow.Frame) bool {
	for _, s := range e.Resolve(ch, fr) {
		call, ok := s.Val.(*ssa.Call)
		if !ok {
			return false
		}
		if _, ok := source.DoneCall(&call.Call); !ok {
			return false
		}
	}
	return true
}
