package answers

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Does who asks leave without the answer?

// answerWalk looks at what the function that sends a message does with the channel for the
// answer.
type answerWalk struct {
	e       finder
	fr      *flow.Frame
	message ssa.Instruction
	made    *ssa.MakeChan
	object  ssa.Value // the struct that is or becomes the message, nil if the channel is

	receives map[*ssa.BasicBlock]bool
	waits    *ssa.Select
}

// handedDown reports whether all that is done with the channel below a call, to which the
// activation of the message belongs, is that it is made, given back, or sent in the message.
func (w *answerWalk) handedDown(call *ssa.Call) bool {
	top := w.fr
	for top.Site != ssa.Instruction(call) {
		top = top.Caller
	}
	return w.harmless(top)
}

// harmless reports whether a function that is called, and those that it calls, do nothing with
// the channel but that, or take it out of a map.
func (w *answerWalk) harmless(top *flow.Frame) bool {
	for _, fr := range w.e.Frames(top) {
		below := &answerWalk{e: w.e, fr: fr, message: w.message, made: w.made, object: w.object, receives: map[*ssa.BasicBlock]bool{}}
		ok := true
		method.EachInstr(fr.Fn, func(in ssa.Instruction) {
			_, returns := in.(*ssa.Return)
			p, panics := in.(*ssa.Panic)
			ok = ok && (returns || below.enters(in) != nil || below.only(in)) && !(panics && p.Pos().IsValid())
		})
		if !ok || len(below.receives) > 0 {
			return false
		}
	}
	return top.Modelled
}

// enters is the activation of the function that an instruction calls, or has called at the end,
// nil if that is not followed.
func (w *answerWalk) enters(in ssa.Instruction) *flow.Frame {
	for _, c := range w.fr.Calls() {
		if c.Site == in && !c.Spawned && c.Modelled {
			return c
		}
	}
	return nil
}

// leavesWithout is the select at which the answer is received, behind the message, and from
// which another case leads out of the function without it; nil if there is none, or if more
// is done with the channel.
func (w *answerWalk) leavesWithout() *ssa.Select {
	w.receives = map[*ssa.BasicBlock]bool{}
	for _, blk := range w.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			if p, ok := in.(*ssa.Panic); ok && p.Pos().IsValid() || !w.only(in) {
				return nil // it may not return, or somebody else may receive
			}
		}
	}
	sel := w.waits
	if len(w.receives) != 1 || sel == nil || !sel.Blocking || len(sel.States) < 2 || w.again(sel.Block(), sel.Block()) && !w.breaksOff(sel) {
		return nil
	}
	if !source.Dominates(w.message, sel) && w.message.Block() != sel.Block() {
		return nil
	}
	return sel
}

// again reports whether a function can come to a block from another one without another message.
func (w *answerWalk) again(start, blk *ssa.BasicBlock) bool {
	if blk == w.message.Block() {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{w.message.Block(): true}
	var from func(at *ssa.BasicBlock) bool
	from = func(at *ssa.BasicBlock) bool {
		return slices.ContainsFunc(at.Succs, func(next *ssa.BasicBlock) bool {
			if next == blk {
				return true
			}
			if seen[next] {
				return false
			}
			seen[next] = true
			return from(next)
		})
	}
	return from(start)
}

// breaksOff reports whether a case by which one gives up leads out of a loop around a select.
func (w *answerWalk) breaksOff(sel *ssa.Select) bool {
	op := w.e.OpAt(w.fr.Fn, sel)
	if op == nil || len(op.Cases) != len(sel.States) {
		return false
	}
	for i, c := range op.Cases {
		if blk := caseOf(sel, i); c.GivesUp() && blk != nil && !w.again(blk, sel.Block()) {
			return true
		}
	}
	return false
}

// caseOf is the block with which a case of a select begins, nil if there is none.
func caseOf(sel *ssa.Select, n int) *ssa.BasicBlock {
	for _, ref := range *sel.Referrers() {
		chosen, ok := ref.(*ssa.Extract)
		if !ok || chosen.Index != 0 {
			continue
		}
		for _, ask := range *chosen.Referrers() {
			cmp, ok := ask.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			c, ok := cmp.Y.(*ssa.Const)
			branch, asks := cmp.Block().Instrs[len(cmp.Block().Instrs)-1].(*ssa.If)
			if ok && asks && branch.Cond == ssa.Value(cmp) && c.Int64() == int64(n) {
				return cmp.Block().Succs[0]
			}
		}
	}
	return nil
}

// only reports whether an instruction does nothing with the channel but receive from it, or
// send it away in the message.
func (w *answerWalk) only(in ssa.Instruction) bool {
	if in == w.message {
		return true
	}
	switch in := in.(type) {
	case *ssa.DebugRef, *ssa.FieldAddr, *ssa.Field, *ssa.Extract, *ssa.Phi, *ssa.ChangeType, *ssa.MakeInterface:
		return true // what is read there is looked at where it is used
	case *ssa.UnOp:
		if in.Op == token.ARROW && w.isAnswer(in.X) {
			w.receives[in.Block()] = true
		}
		return true
	case *ssa.Select:
		sends := 0
		for _, st := range in.States {
			switch {
			case st.Dir == types.RecvOnly && w.isAnswer(st.Chan):
				w.receives[in.Block()] = true
				w.waits = in
			case st.Dir == types.SendOnly && (w.isAnswer(st.Chan) || w.leads(st.Send)):
				sends++
			}
		}
		return sends == 0 || sends == 1 && ssa.Instruction(in) == w.message
	case *ssa.Send:
		return ssa.Instruction(in) == w.message || !w.leads(in.X) && !w.isAnswer(in.Chan)
	case *ssa.Store:
		return w.isOwn(in.Addr) || !w.leads(in.Val)
	case *ssa.MakeClosure:
		return !slices.ContainsFunc(in.Bindings, func(v ssa.Value) bool {
			cell, ok := v.(*ssa.Alloc)
			return ok && (ssa.Value(cell) == w.object || w.among(w.e.HeldBy(cell, nil, w.fr)))
		})
	}
	if call, ok := in.(ssa.CallInstruction); ok {
		if b, ok := call.Common().Value.(*ssa.Builtin); ok && b.Name() == "delete" {
			return true
		}
		if below := w.enters(in); below != nil {
			return w.harmless(below)
		}
	}
	return !slices.ContainsFunc(in.Operands(nil), func(v *ssa.Value) bool { return *v != nil && w.leads(*v) })
}

// isAnswer reports whether a value may be the channel.
func (w *answerWalk) isAnswer(v ssa.Value) bool {
	return known.IsChan(v.Type()) && slices.ContainsFunc(w.e.Resolve(v, w.fr), func(s flow.Origin) bool { return s.Val == ssa.Value(w.made) })
}

// leads reports whether a value may be the channel, or the struct that holds it.
func (w *answerWalk) leads(v ssa.Value) bool {
	switch v.Type().Underlying().(type) {
	case *types.Chan, *types.Pointer, *types.Interface, *types.Struct:
		return w.among(w.e.Resolve(v, w.fr))
	}
	return false
}

func (w *answerWalk) among(got []flow.Origin) bool {
	return slices.ContainsFunc(got, func(s flow.Origin) bool {
		return s.Val == ssa.Value(w.made) || s.Val != nil && s.Val == w.object && s.Path == ""
	})
}

// isOwn reports whether an address is of a local variable, or of a field of one or of the
// struct that holds the channel.
func (w *answerWalk) isOwn(addr ssa.Value) bool {
	for {
		f, ok := addr.(*ssa.FieldAddr)
		if !ok {
			_, local := addr.(*ssa.Alloc)
			return local
		}
		if addr = f.X; w.leads(addr) {
			return true
		}
	}
}
