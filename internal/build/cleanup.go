package build

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
)

// cleanup reports whether in runs only after something has failed or ended: in
// a deferred call, where an error has been found non-nil, or after the end of a
// context was seen. What is done there with the caller's context is done with
// it on purpose. The calls that lead to the frame count too, up to the spawn.
func (b *bodyBuilder) cleanup(in ssa.Instruction) bool {
	fr := b.fr
	for {
		if _, ok := in.(*ssa.Defer); ok {
			return true
		}
		if b.e.AfterFailure(in, fr) {
			return true
		}
		if fr.Spawned || fr.Site == nil {
			return false
		}
		in, fr = fr.Site, fr.Caller
	}
}

// AfterFailure reports whether an instruction is only executed after something failed.
func (e *Builder) AfterFailure(in ssa.Instruction, fr *flow.Frame) bool {
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

// failureBranch is the successor taken when the condition finds a failure.
func (e *Builder) failureBranch(cond ssa.Value, fr *flow.Frame) (succ int, ok bool) {
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
func (e *Builder) isDone(ch ssa.Value, fr *flow.Frame) bool {
	for _, s := range e.Resolve(ch, fr) {
		call, ok := s.Val.(*ssa.Call)
		if !ok {
			return false
		}
		if _, ok := doneCall(&call.Call); !ok {
			return false
		}
	}
	return true
}
