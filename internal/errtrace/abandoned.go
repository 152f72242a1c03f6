package errtrace

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Errors that are still in their channel when the spawner returns nil.
//
// The spawner waits for the tasks of a group and returns nil, and does not look into the
// channel of errors in between. Before that it has looked only where it need not find
// anything: in a select with a default, or one whose other cases send (the next task is
// dealt out), and it leaves at the first error. A task that fails after the last such look
// leaves its error there, as the channel has room for it.
//
// A loop that goes on after an error may count what it takes, a case that receives may be
// the answer that a failing task does not give, and a condition after the Wait may tell of
// the failure in another way: nothing is said then. The channel is one that nobody else
// receives from.

// Abandoned lists them for the spawner, in source order.
func (e *Tracer) Abandoned(f *model.FanOut) []*model.Abandoned {
	if f.Group.Kind == model.Bare {
		return nil
	}
	r := e.putsOf(f)
	if r == nil {
		return nil
	}
	r.waits()
	var out []*model.Abandoned
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			mk, ok := in.(*ssa.MakeChan)
			if !ok || !hasRoom(mk) {
				continue
			}
			if s := r.e.Resolve(mk, r.fr); len(s) == 1 && r.puts[s[0]] != nil {
				if x := r.abandoned(mk, s[0]); x != nil {
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// abandoned judges one channel.
func (r *readFinder) abandoned(mk *ssa.MakeChan, ch flow.Origin) *model.Abandoned {
	put := r.puts[ch]
	isTold := put.task.Tells || r.f.Group.Errors() && put.task.Fails != model.No
	if isTold || r.e.Escape(ch, r.fr) != "" {
		return nil
	}
	looks, taken, ok := r.looksInto(ch)
	c, _ := r.e.Channel(mk, r.fr, false)
	if !ok || c == nil || r.othersReceive(mk, ch) {
		return nil
	}
	nils := nilnessWithout(r.fr.Fn, taken)
	for _, w := range r.joined {
		ret := r.succeeds(w, ch, nils)
		if ret == nil {
			continue
		}
		x := &model.Abandoned{Task: put.task, Put: put.at, Name: c.Name, Wait: r.e.Positions.CallSpan(w), Ret: r.e.returnSpan(ret)}
		if len(looks) > 0 {
			x.Look = r.span(looks[len(looks)-1])
		}
		return x
	}
	return nil
}

// othersReceive reports whether somebody may receive from the channel besides the spawner
// itself: a function that it calls or starts, or one of its literals.
func (r *readFinder) othersReceive(mk *ssa.MakeChan, ch flow.Origin) bool {
	in := func(fn *ssa.Function, is func(ssa.Value) bool) bool {
		for _, blk := range fn.Blocks {
			for _, in := range blk.Instrs {
				switch in := in.(type) {
				case *ssa.UnOp:
					if in.Op == token.ARROW && is(in.X) {
						return true
					}
				case *ssa.Select:
					if slices.ContainsFunc(in.States, func(st *ssa.SelectState) bool { return st.Send == nil && is(st.Chan) }) {
						return true
					}
				}
			}
		}
		return false
	}
	elem := chanElem(mk)
	var literals func(fn *ssa.Function) bool
	literals = func(fn *ssa.Function) bool {
		return slices.ContainsFunc(fn.AnonFuncs, func(a *ssa.Function) bool {
			return in(a, func(v ssa.Value) bool { return types.Identical(chanElem(v), elem) }) || literals(a)
		})
	}
	var called func(fr *flow.Frame) bool
	called = func(fr *flow.Frame) bool {
		return slices.ContainsFunc(fr.Calls(), func(c *flow.Frame) bool {
			return in(c.Fn, func(v ssa.Value) bool { return slices.Contains(r.e.Resolve(v, c), ch) }) || called(c)
		})
	}
	return literals(r.fr.Fn) || called(r.fr)
}

// looksInto lists where the spawner may take an error from the channel, and the blocks in
// which it has taken one; ok is false if one of them has to find something.
func (r *readFinder) looksInto(ch flow.Origin) (looks []ssa.Instruction, taken map[*ssa.BasicBlock]bool, ok bool) {
	taken = map[*ssa.BasicBlock]bool{}
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			if x, is := in.(*ssa.UnOp); is && x.Op == token.ARROW && slices.Contains(r.e.Resolve(x.X, r.fr), ch) {
				return nil, nil, false
			}
			sel, is := in.(*ssa.Select)
			if !is || !slices.ContainsFunc(sel.States, func(st *ssa.SelectState) bool { return slices.Contains(r.e.Resolve(st.Chan, r.fr), ch) }) {
				continue
			}
			for i, st := range sel.States {
				switch {
				case r.isFrom(st.Chan, ch, r.fr):
					way := caseBlock(sel, i)
					if way == nil || model.Reaches([]*ssa.BasicBlock{way}, blk, source.SuccsOf) {
						return nil, nil, false
					}
					taken[way] = true
				case st.Send == nil:
					return nil, nil, false
				}
			}
			if sel.Blocking && len(sel.States) == 1 {
				return nil, nil, false
			}
			looks = append(looks, in)
		}
	}
	return looks, taken, true
}

// succeeds is the return of nil to which the Wait leads without a choice and without
// another look into the channel, nil if there is none.
func (r *readFinder) succeeds(w *ssa.Call, ch flow.Origin, nils *nilness) *ssa.Return {
	b := w.Block()
	if !nils.reaches(b) {
		return nil
	}
	rest := b.Instrs[source.IndexOf(b, w)+1:]
	for seen := map[*ssa.BasicBlock]bool{}; !seen[b]; {
		seen[b] = true
		for _, in := range rest {
			if call, ok := in.(ssa.CallInstruction); (!ok || closes(call.Common()) == nil) && r.usesChan(in, ch) {
				return nil
			}
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if nils.gives(ret) == beNil {
				return ret
			}
			return nil
		}
		next := nils.next(b)
		if len(next) != 1 {
			return nil
		}
		b, rest = next[0], next[0].Instrs
	}
	return nil
}
