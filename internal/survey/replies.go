package survey

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Answers that nobody waits for any more.
//
//	res := make(chan outcome)            for j := range p.jobs {
//	p.jobs <- job{name, res}                 j.res <- fetch(j.name)
//	select {                             }
//	case o := <-res:
//	case <-ctx.Done():
//		return ctx.Err()
//	}
//
// The one makes a channel without room, sends it away in a message, and may leave without the
// answer, at the end of a context or when its time is over; nobody but who receives the
// message has the channel, and that one sends on it whatever has become of the other. Both
// know the channel of the messages as a field of their receiver.
// Ignored: messages that are kept, pointers to messages, literals.

// An asking is a message with a channel for the answer.
type asking struct {
	fn     *ssa.Function
	sends  ssa.Instruction // the message
	to, of *types.Var      // the field that it is sent on, the field of the message
	leaves *ssa.Select     // where the answer is waited for, among others
}

// replies are the sends of answers that may have nobody to receive them, by function.
func (e surveyor) replies() map[*ssa.Function][]*model.Reply {
	var asks []asking
	for _, fn := range e.Funcs {
		if fn.Signature.Recv() != nil && fn.Parent() == nil && !e.InTest(fn) && !e.RunsOnce(fn) && e.Ending(fn) != model.EndsAlways {
			asks = append(asks, asksIn(fn)...)
		}
	}
	out := map[*ssa.Function][]*model.Reply{}
	for _, fn := range e.Funcs {
		if len(asks) == 0 || fn.Signature.Recv() == nil || fn.Parent() != nil {
			continue
		}
		for _, blk := range fn.Blocks {
			for _, in := range blk.Instrs {
				send, ok := in.(*ssa.Send)
				if !ok {
					continue
				}
				to, of := messageField(send.Chan, fn)
				i := slices.IndexFunc(asks, func(a asking) bool { return of != nil && a.to == to && a.of == of })
				if i < 0 {
					continue
				}
				a := asks[i]
				r := &model.Reply{Send: e.opAt(fn, send), By: source.DisplayName(a.fn), Asks: e.opAt(a.fn, a.sends), Waits: e.opAt(a.fn, a.leaves)}
				if r.Send != nil && r.Asks != nil && r.Waits != nil && slices.ContainsFunc(r.Waits.Cases, (*model.Op).GivesUp) {
					out[fn] = append(out[fn], r)
				}
			}
		}
	}
	return out
}

// asksIn are the messages of a method whose answers it may not wait for.
func asksIn(fn *ssa.Function) (out []asking) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Send:
				out = append(out, askingOf(in, in.Chan, in.X, fn)...)
			case *ssa.Select:
				for _, st := range in.States {
					if st.Dir == types.SendOnly {
						out = append(out, askingOf(in, st.Chan, st.Send, fn)...)
					}
				}
			}
		}
	}
	return out
}

// askingOf is the message v, sent on ch, if it has a channel for the answer.
func askingOf(at ssa.Instruction, ch, v ssa.Value, fn *ssa.Function) (out []asking) {
	to := heldField(ch, fn)
	ld, ok := v.(*ssa.UnOp)
	if to == nil || !ok {
		return nil
	}
	lit, ok := ld.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *lit.Referrers() {
		f, ok := ref.(*ssa.FieldAddr)
		if !ok {
			if ref != ssa.Instruction(ld) {
				return nil // it is kept
			}
			continue
		}
		for _, use := range *f.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok {
				continue
			}
			made, ok := stored(st.Val).(*ssa.MakeChan)
			if !ok || !value.IsZero(made.Size) {
				continue
			}
			if sel := leavesWithout(made, at); sel != nil {
				out = append(out, asking{fn: fn, sends: at, to: to, of: value.FieldOf(f), leaves: sel})
			}
		}
	}
	return out
}

// leavesWithout is the select at which a channel is received from, behind the message, and from
// which another case leads out of the function without that; nil if there is none, or if more
// is done with the channel.
func leavesWithout(made *ssa.MakeChan, message ssa.Instruction) *ssa.Select {
	receives := map[*ssa.BasicBlock]bool{}
	var waits *ssa.Select
	for _, blk := range made.Parent().Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.UnOp:
				if in.Op == token.ARROW && stored(in.X) == ssa.Value(made) {
					receives[blk] = true
				}
			case *ssa.Select:
				for _, st := range in.States {
					if stored(st.Chan) == ssa.Value(made) {
						receives[blk] = true
						waits = in
					}
				}
				for _, st := range in.States {
					if st.Send != nil && stored(st.Send) == ssa.Value(made) {
						return nil
					}
				}
			case *ssa.Send:
				if stored(in.X) == ssa.Value(made) {
					return nil
				}
			case *ssa.Store:
				if in.Val != ssa.Value(made) && stored(in.Val) == ssa.Value(made) && !isPart(in.Addr) {
					return nil // somebody else may receive from it
				}
			case *ssa.Panic:
				if in.Pos().IsValid() {
					return nil // it may not return
				}
			case ssa.CallInstruction:
				if slices.ContainsFunc(in.Common().Args, func(a ssa.Value) bool { return stored(a) == ssa.Value(made) }) {
					return nil
				}
			}
		}
	}
	if len(receives) != 1 || waits == nil || !waits.Blocking || len(waits.States) < 2 || source.InLoop(waits.Block()) || !source.Dominates(message, waits) && message.Block() != waits.Block() {
		return nil
	}
	return waits
}

// isPart reports whether an address is of a field of a local struct, as a message is.
func isPart(addr ssa.Value) bool {
	f, ok := addr.(*ssa.FieldAddr)
	if ok {
		_, ok = f.X.(*ssa.Alloc)
	}
	return ok
}

// messageField is the field of a message that a value is read from, and the field of the receiver
// of fn that the message was received from; nil if it is anything else.
func messageField(v ssa.Value, fn *ssa.Function) (from, of *types.Var) {
	ld, ok := v.(*ssa.UnOp)
	if !ok {
		return nil, nil
	}
	f, ok := ld.X.(*ssa.FieldAddr)
	if !ok {
		return nil, nil
	}
	cell, ok := f.X.(*ssa.Alloc)
	if !ok {
		return nil, nil
	}
	var got ssa.Value
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(cell) {
			if got != nil {
				return nil, nil
			}
			got = st.Val
		}
	}
	if ch := receivedFrom(got); ch != nil && known.IsChan(ch.Type()) {
		return heldField(ch, fn), value.FieldOf(f)
	}
	return nil, nil
}

// receivedFrom is the channel that a value was received from, nil if it was not.
func receivedFrom(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.X
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.UnOp:
			if v.Index == 0 {
				return t.X
			}
		case *ssa.Select:
			at := 2
			for _, st := range t.States {
				if st.Dir != types.RecvOnly {
					continue
				}
				if at == v.Index {
					return st.Chan
				}
				at++
			}
		}
	}
	return nil
}
