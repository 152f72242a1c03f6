// Package answers finds answers that nobody waits for any more.
//
//	res := make(chan outcome)            for j := range p.jobs {
//	p.jobs <- job{name, res}                 j.res <- fetch(j.name)
//	select {                             }
//	case o := <-res:
//	case <-ctx.Done():
//		return ctx.Err()
//	}
//
// The one makes a channel without room, sends it away as a message or in one, and may leave
// without the answer, at the end of a context or when its time is over; nobody but who
// receives the message has the channel, and that one sends on it whatever has become of the
// other. Both know the channel of the messages by the field that holds it, or as the one
// that is made in a function around them.
// It is the same where the channel is kept in a map of the object, or with what is kept there,
// until who has the answer looks it up (kept.go).
// Ignored: messages that are kept, or that are sent on by who receives them.
package answers

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// An asking is a message with a channel for the answer.
type asking struct {
	fn     *ssa.Function
	made   ssa.Value       // the message, or the channel if that is it
	sends  ssa.Instruction // the message, or what keeps it, or the call that leads there
	to     any             // what it is sent on, see hub
	part   string          // the field of the message (as ".name") that is the channel, "" if that is the message
	leaves *ssa.Select     // where the answer is waited for, among others
}

// A finder looks through one package.
type finder struct{ *build.Builder }

// Find finds the sends of answers that may have nobody to receive them, by function.
func Find(b *build.Builder) map[*ssa.Function][]*model.Reply {
	e := finder{b}
	var asks []asking
	for _, fn := range e.Funcs {
		if fn.Parent() == nil && mayLeave(fn) && !e.InTest(fn) && !e.RunsOnce(fn) && e.Ending(fn) != model.EndsAlways {
			asks = append(asks, e.asksOf(fn)...)
		}
	}
	out := map[*ssa.Function][]*model.Reply{}
	if len(asks) == 0 {
		return out
	}
	noted := map[*ssa.Send]bool{}
	for _, fn := range e.Funcs {
		root := e.RootFrame(fn)
		if !receives(fn) && !within(fn, 2, takesKept) {
			continue
		}
		e.Begin(model.MaxInstrs)
		e.BodyOf(root)
		for _, fr := range e.Frames(root) {
			for _, blk := range fr.Fn.Blocks {
				for _, in := range blk.Instrs {
					send, ok := in.(*ssa.Send)
					if !ok || noted[send] {
						continue
					}
					if r := e.replyOf(send, fr, asks); r != nil {
						noted[send] = true
						out[fr.Fn] = append(out[fr.Fn], r)
					}
				}
			}
		}
	}
	return out
}

// receives reports whether a function receives anything.
func receives(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Blocks, func(blk *ssa.BasicBlock) bool {
		return slices.ContainsFunc(blk.Instrs, func(in ssa.Instruction) bool {
			u, ok := in.(*ssa.UnOp)
			_, selects := in.(*ssa.Select)
			return selects || ok && u.Op == token.ARROW
		})
	})
}

// replyOf is the answer that a send is to one of the messages, nil if it is none.
func (e finder) replyOf(send *ssa.Send, fr *flow.Frame, asks []asking) *model.Reply {
	got := slices.DeleteFunc(slices.Clone(e.Resolve(send.Chan, fr)), flow.Origin.IsZero)
	if len(got) != 1 {
		return nil
	}
	ch, kept := receivedFrom(got[0].Val), keptIn(got[0].Val)
	switch {
	case kept != nil && lookedUpApart(kept, got[0].Frame) && !locked(send, fr):
		ch = kept
	case kept != nil || ch == nil || !known.IsChan(ch.Type()):
		return nil
	}
	if e.dependsOn(send.Block(), got[0], fr) {
		return nil
	}
	to := e.hub(ch, got[0].Frame)
	i := slices.IndexFunc(asks, func(a asking) bool { return to != nil && a.to == to && a.part == got[0].Path })
	if i < 0 || kept != nil && !e.onlyAnswers(to, asks) {
		return nil
	}
	a := asks[i]
	r := &model.Reply{Send: e.OpAt(fr.Fn, send), By: source.DisplayName(a.fn), Asks: e.OpAt(a.fn, a.sends), Waits: e.OpAt(a.fn, a.leaves)}
	if kept != nil {
		r.Asks = &model.Op{Kind: model.OpSet, At: model.SpanAt(a.sends.Pos()), Text: to.(*types.Var).Name()}
	}
	if r.Send == nil || r.Asks == nil || r.Waits == nil || !slices.ContainsFunc(r.Waits.Cases, (*model.Op).GivesUp) {
		return nil
	}
	return r
}

// dependsOn reports whether a function comes to a block only where something else holds of
// the message that an answer came in, or of the room of a channel: it may tell one who waits
// from one who may leave. Likewise where the answer was looked up in functions that it calls.
func (e finder) dependsOn(blk *ssa.BasicBlock, answer flow.Origin, fr *flow.Frame) bool {
	below := map[*flow.Frame]bool{}
	for at := answer.Frame; at != nil && at != fr; at = at.Caller {
		below[at] = true
		for _, ret := range source.Returns(at.Fn) {
			gives := slices.ContainsFunc(ret.Results, func(v ssa.Value) bool { return slices.Contains(e.Resolve(v, at), answer) })
			if gives && e.asksBefore(ret.Block(), answer, at, below) {
				return true
			}
		}
	}
	return e.asksBefore(blk, answer, fr, below)
}

// asksBefore is dependsOn for the conditions of one function. What those below tell it, but for
// whether there is an answer, may be anything.
func (e finder) asksBefore(blk *ssa.BasicBlock, answer flow.Origin, fr *flow.Frame, below map[*flow.Frame]bool) bool {
	ofMessage := func(v ssa.Value) bool {
		if call, ok := v.(*ssa.Call); ok {
			if b, isBuiltin := call.Call.Value.(*ssa.Builtin); isBuiltin {
				return b.Name() == "cap" || b.Name() == "len"
			}
		}
		return slices.ContainsFunc(e.Resolve(v, fr), func(s flow.Origin) bool {
			told := s.Frame != fr && below[s.Frame] && s.Val != answer.Val && !tellsFound(s.Val)
			return s.Val == answer.Val && s.Path != answer.Path || told
		})
	}
	for at := blk.Idom(); at != nil; at = at.Idom() {
		branch, ok := at.Instrs[len(at.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		asked := []ssa.Value{branch.Cond}
		if cmp, ok := branch.Cond.(*ssa.BinOp); ok {
			if kept := keptIn(answer.Val) != nil; kept && (source.IsNil(cmp.X) || source.IsNil(cmp.Y)) {
				continue // there may be nothing
			}
			asked = []ssa.Value{cmp.X, cmp.Y}
		}
		if slices.ContainsFunc(asked, ofMessage) {
			return true
		}
	}
	return false
}

// hub is what a channel is known by in all functions: the field that holds it, the package
// variable, or where it is made; nil if that is not known.
func (e finder) hub(ch ssa.Value, fr *flow.Frame) any {
	got := slices.DeleteFunc(slices.Clone(e.Resolve(ch, fr)), flow.Origin.IsZero)
	if len(got) != 1 {
		return nil
	}
	v := got[0].Val
	if made, ok := v.(*ssa.MakeChan); ok {
		for _, use := range *made.Referrers() {
			if st, ok := use.(*ssa.Store); ok {
				if f, ok := st.Addr.(*ssa.FieldAddr); ok {
					return value.FieldOf(f).Origin()
				}
			}
		}
		return made
	}
	if g, ok := v.(*ssa.Global); ok && got[0].Path == "" {
		return g
	}
	if f := flow.FieldAt(v.Type(), got[0].Path); f != nil {
		return f.Origin()
	}
	return nil
}

// mayLeave reports whether a function waits for one of several things.
func mayLeave(fn *ssa.Function) bool {
	may := false
	method.EachInstr(fn, func(in ssa.Instruction) {
		sel, ok := in.(*ssa.Select)
		may = may || ok && sel.Blocking && len(sel.States) > 1
	})
	return may
}

// within reports whether something holds of a function, or of one of the package that it calls
// within so many calls.
func within(fn *ssa.Function, steps int, holds func(*ssa.Function) bool) bool {
	return holds(fn) || steps > 0 && slices.ContainsFunc(method.Callees(fn), func(f *ssa.Function) bool { return within(f, steps-1, holds) })
}

// asksOf are the messages whose answers a function may not wait for: its own, and those that
// it has others send or keep, up to two calls away.
func (e finder) asksOf(fn *ssa.Function) []asking {
	out := e.asksIn(e.RootFrame(fn), nil)
	gives := func(f *ssa.Function) bool { return len(messages(f)) > 0 }
	if !within(fn, 2, gives) || !within(fn, 2, source.MakesChan) {
		return out
	}
	e.Begin(model.MaxInstrs)
	root := e.RootFrame(fn)
	e.BodyOf(root)
	for _, near := range root.Calls() {
		if at, ok := near.Site.(*ssa.Call); ok {
			out = append(out, e.asksIn(near, at)...)
			for _, far := range near.Calls() {
				if _, ok := far.Site.(*ssa.Call); ok {
					out = append(out, e.asksIn(far, at)...)
				}
			}
		}
	}
	return out
}

// A message is what an instruction sends on a channel, or keeps in a map.
type message struct {
	at    ssa.Instruction
	to, v ssa.Value
}

// messages are those of a function that may lead to a channel.
func messages(fn *ssa.Function) (out []message) {
	note := func(at ssa.Instruction, to, v ssa.Value) {
		if v != nil && known.LeadsToChan(v.Type()) {
			out = append(out, message{at, to, v})
		}
	}
	method.EachInstr(fn, func(in ssa.Instruction) {
		to, v := keeping(in)
		note(in, to, v)
		switch in := in.(type) {
		case *ssa.Send:
			note(in, in.Chan, in.X)
		case *ssa.Select:
			for _, st := range in.States {
				note(in, st.Chan, st.Send)
			}
		}
	})
	return out
}

// asksIn are the messages of an activation whose answers its root may not wait for; the root
// is the function that has made the call at which it leads there, nil if it is that itself.
func (e finder) asksIn(fr *flow.Frame, call *ssa.Call) (out []asking) {
	for _, m := range messages(fr.Fn) {
		out = append(out, e.askingsOf(m, fr, call)...)
	}
	return out
}

// askingsOf is a message for each channel in it that is for an answer.
func (e finder) askingsOf(m message, fr *flow.Frame, call *ssa.Call) (out []asking) {
	got := e.Resolve(m.v, fr)
	if len(got) != 1 || got[0].Path != "" {
		return nil
	}
	note := func(part string, answer []flow.Origin, object ssa.Value) {
		if len(answer) != 1 || answer[0].Path != "" {
			return
		}
		made, ok := answer[0].Val.(*ssa.MakeChan)
		if !ok || !value.IsZero(made.Size) {
			return
		}
		to := e.hub(m.to, fr)
		w := &answerWalk{e: e, fr: fr, message: m.at, made: made, object: object}
		if call != nil {
			if !w.handedDown(call) {
				return
			}
			w.fr, w.message = e.RootFrame(call.Parent()), call
		}
		if leaves := w.leavesWithout(); to != nil && leaves != nil {
			out = append(out, asking{fn: w.fr.Fn, made: got[0].Val, sends: w.message, to: to, part: part, leaves: leaves})
		}
	}
	switch object := got[0].Val.(type) {
	case *ssa.MakeChan:
		note("", got, nil)
	case *ssa.Alloc:
		st, ok := object.Type().(*types.Pointer).Elem().Underlying().(*types.Struct)
		for i := 0; ok && i < st.NumFields(); i++ {
			if part := "." + st.Field(i).Name(); known.IsChan(st.Field(i).Type()) {
				answer := e.FieldOf(got[0], part)
				note(part, slices.DeleteFunc(slices.Clone(answer), func(s flow.Origin) bool {
					return s.Val == ssa.Value(object) // who receives it may set the field
				}), object)
			}
		}
	}
	return out
}

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
	for _, fr := range w.e.Frames(top) {
		below := &answerWalk{e: w.e, fr: fr, message: w.message, made: w.made, object: w.object, receives: map[*ssa.BasicBlock]bool{}}
		entered := map[ssa.Instruction]bool{}
		for _, c := range fr.Calls() {
			entered[c.Site] = !c.Spawned && !c.Deferred
		}
		ok := true
		method.EachInstr(fr.Fn, func(in ssa.Instruction) {
			_, returns := in.(*ssa.Return)
			p, panics := in.(*ssa.Panic)
			ok = ok && (returns || entered[in] || below.only(in)) && !(panics && p.Pos().IsValid())
		})
		if !ok || len(below.receives) > 0 {
			return false
		}
	}
	return true
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
	if len(w.receives) != 1 || sel == nil || !sel.Blocking || len(sel.States) < 2 || w.again(sel.Block()) {
		return nil
	}
	if !source.Dominates(w.message, sel) && w.message.Block() != sel.Block() {
		return nil
	}
	return sel
}

// again reports whether a function can come back to a block without another message.
func (w *answerWalk) again(blk *ssa.BasicBlock) bool {
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
	return from(blk)
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
