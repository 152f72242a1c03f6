// Package answers finds answers, and messages to listeners (listeners.go), that nobody waits for
// any more.
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
// until who has the answer looks it up (kept.go). Functions of the package that it calls may make
// the channel, send it away, keep it and look it up for them, up to two calls away.
// Ignored: messages that are kept, or that are sent on by who receives them; who has another
// function wait for the answer.
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
	of     types.Type      // what is sent as the answer, nil if that depends on type parameters
	in     types.Type      // what the message is sent on or kept in, likewise
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
	if len(asks) > 0 {
		e.replies(asks, out)
	}
	e.listeners(out)
	return out
}

// replies notes the answers to the messages, by function.
func (e finder) replies(asks []asking, out map[*ssa.Function][]*model.Reply) {
	noted := map[*ssa.Send]bool{}
	leads := leading(e.Funcs, func(fn *ssa.Function) bool { return sendsAnswer(fn, asks) })
	for _, fn := range e.Funcs {
		if !leads[fn] || !receives(fn) && !within(fn, 2, func(f *ssa.Function) bool { return takesKept(f, asks) }) {
			continue
		}
		root := e.RootFrame(fn)
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
	var lock *types.Var
	if kept != nil {
		lock = lockAround(send, kept, fr)
	}
	switch {
	case lock != nil:
		ch = kept
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
	r := &model.Reply{Send: e.OpAt(fr.Fn, send), By: source.DisplayName(a.fn), Asker: source.DisplayName(a.fn), Asks: e.OpAt(a.fn, a.sends), Waits: e.OpAt(a.fn, a.leaves)}
	if lock != nil {
		r.Held = fr.Fn.Params[0].Name() + "." + lock.Name()
	}
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
	gives := func(f *ssa.Function) bool { return len(messages(f)) > 0 }
	if !within(fn, 2, gives) || !within(fn, 2, source.MakesChan) {
		return nil
	}
	e.Begin(model.MaxInstrs)
	root := e.RootFrame(fn)
	e.BodyOf(root)
	out := e.asksIn(root, nil)
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
			out = append(out, asking{fn: w.fr.Fn, made: got[0].Val, sends: w.message, to: to, part: part, leaves: leaves, of: elemOf(made), in: typeOf(m.to)})
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
