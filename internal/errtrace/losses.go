package errtrace

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Where the errors of a task go.
//
// An error is a token: it comes to be as the last result of a call, the code asks
// whether there is one (err != nil), and from there on it is carried somewhere or
// not. A loss is a token that a task held and that reached nobody. It is looked
// for backwards, from the questions that a task's code asks:
//
//  1. Each If of the function that compares an error with nil has one way out on
//     which there is an error in hand. The value compared must come from a call,
//     whatever else it may be: an error that was given, received or loaded from
//     somewhere is somebody else's.
//  2. From that way out all blocks are followed that can be reached without
//     asking again. The blocks that only the failing way leads to are the branch:
//     what happens there happens because of the error.
//  3. Each read of the error on the way is classified by what becomes of it
//     (fates.go): nothing, a log, or anything else. Anything else is a
//     trace: returned, stored, sent, given to a function, compared with another
//     error, asked for its kind.
//  4. In the branch other things may be a trace too: a variable of another
//     function is set, something is sent, closed or cancelled, a function is
//     called for what it does. A path back to the head of a loop goes on with the
//     next item, or tries again.
//  5. No trace, and a return of nil can be reached: the error is lost there.
//
// It is a "may" analysis of traces: one trace on any path makes the error kept,
// because a branch inside a branch is a decision that the author took. Only what
// leaves no trace on all paths is a loss. A comment in or at the branch counts as
// a decision too.
//
// Ignored on purpose: errors that are compared with something besides nil before
// the first test (classified), errors in captured variables (others may read
// them), errors overwritten by another attempt (retried).

// Losses lists the errors that the tasks of the fan-out lose, in source order.
func (e *Tracer) Losses(f *model.FanOut) []*model.Loss {
	var out []*model.Loss
	for _, t := range f.Tasks {
		fr := e.FrameOf[t.Body]
		if fr == nil {
			continue
		}
		l := &lossFinder{e: e, task: t, root: fr, seen: map[*flow.Frame]bool{}}
		l.frame(fr, 0)
		out = append(out, l.found...)
	}
	slices.SortStableFunc(out, func(a, b *model.Loss) int { return int(a.At.Pos) - int(b.At.Pos) })
	return out
}

type lossFinder struct {
	e     *Tracer
	task  *model.Task
	root  *flow.Frame // of the task
	seen  map[*flow.Frame]bool
	found []*model.Loss
}

// frame looks at one function: the task's own, one whose error is the task's
// error, or one without an error result that the task calls.
func (l *lossFinder) frame(fr *flow.Frame, depth int) {
	if l.seen[fr] || depth > model.MaxTail {
		return
	}
	l.seen[fr] = true
	for _, blk := range fr.Fn.Blocks {
		if blk == fr.Fn.Recover {
			continue
		}
		for _, in := range blk.Instrs {
			if call, ok := in.(*ssa.Call); ok {
				l.unused(call, fr)
			}
		}
		if c, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If); ok {
			l.test(c, fr)
		}
	}
	for _, c := range l.followed(fr) {
		l.frame(c, depth+1)
	}
}

// followed are the frames called from fr that the task's errors pass through.
func (l *lossFinder) followed(fr *flow.Frame) []*flow.Frame {
	tails := map[ssa.Instruction]bool{}
	for _, ret := range source.Returns(fr.Fn) {
		if n := len(ret.Results); n > 0 {
			for _, s := range returned(ret, n-1) {
				tails[s] = true
			}
		}
	}
	var out []*flow.Frame
	for _, c := range fr.Calls() {
		if c.Spawned || c.Deferred || c.Site == nil || c.Fn.Parent() != nil {
			continue
		}
		if t, ok := l.e.Target(c.Site.Common(), fr); !ok || t.Fn != c.Fn {
			continue // a literal that the call is given
		}
		if known.ReturnsError(c.Fn.Signature) != known.ReturnsError(fr.Fn.Signature) {
			continue
		}
		if !known.ReturnsError(fr.Fn.Signature) || tails[c.Site] {
			out = append(out, c)
		}
	}
	return out
}

// returned are the calls that result i of a return statement comes from directly.
func returned(ret *ssa.Return, i int) []ssa.Instruction {
	v := source.ReturnedValue(ret.Results[i], ret.Parent().Signature.Results().At(i).Name())
	if ext, ok := v.(*ssa.Extract); ok {
		v = ext.Tuple
	}
	if call, ok := v.(*ssa.Call); ok {
		return []ssa.Instruction{call}
	}
	return nil
}

// test looks at one question whether there is an error.
func (l *lossFinder) test(c *ssa.If, fr *flow.Frame) {
	cmp, ok := c.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !known.IsError(cmp.X.Type()) {
		return
	}
	if k, ok := cmp.Y.(*ssa.Const); !ok || !k.IsNil() {
		return
	}
	calls := l.e.madeBy(cmp.X, fr)
	if len(calls) == 0 {
		return
	}
	failing := c.Block().Succs[0]
	if cmp.Op == token.EQL {
		failing = c.Block().Succs[1]
	}
	t := newErrTrail(l.e, fr, cmp.X, c.Block(), failing)
	if t == nil {
		return
	}
	t.follow()
	if t.kept || t.end == nil {
		return
	}
	x := &model.Loss{Kind: model.LossEnd, Task: l.task, Text: l.e.CalleeText(calls[0], source.Callee(&calls[0].Call)), Call: l.e.Positions.CallSpan(calls[0]), Test: model.SpanAt(cmp.Pos()), Loops: source.InLoop(calls[0].Block()), Only: t.branch(t.end.Block()), Last: endsThere(t.end)}
	if known.ReturnsError(fr.Fn.Signature) {
		x.Kind = model.LossNil
	}
	x.Yields = yields(fr.Fn)
	if t.log != nil {
		x.Log, x.LogText = l.e.Positions.CallSpan(t.log), l.e.CalleeText(t.log, source.Callee(&t.log.Call))
	}
	x.At = l.e.returnSpan(t.end)
	if fr != l.root {
		x.Func = source.DisplayName(fr.Fn)
	}
	for _, p := range []token.Pos{cmp.Pos(), x.At.Pos, x.Log.Pos} {
		if p.IsValid() && l.e.Positions.Explained(p) {
			return
		}
	}
	l.found = append(l.found, x)
}

// yields reports whether a function leaves something behind for others but the errors that
// it passes on: a store, a send, an error of its own making.
func yields(fn *ssa.Function) bool {
	leaves := func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.Send, *ssa.MapUpdate:
			return true
		case *ssa.Store:
			return !localAddr(in.Addr) && !source.Unread(in)
		case *ssa.Call:
			return source.MadeAlone(in)
		}
		return false
	}
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool { return slices.ContainsFunc(b.Instrs, leaves) })
}

// endsThere reports whether nothing is done where the task returns, but what it has
// deferred: what it does because of the error is the last thing that it does.
func endsThere(ret *ssa.Return) bool {
	for _, in := range ret.Block().Instrs {
		switch in.(type) {
		case *ssa.RunDefers, *ssa.Return, *ssa.UnOp:
		default:
			return false
		}
	}
	return true
}

// madeBy are the calls that an error comes from, nil if it can be another's.
func (e *Tracer) madeBy(v ssa.Value, fr *flow.Frame) []*ssa.Call {
	var out []*ssa.Call
	for _, s := range e.errorSources(v, fr) {
		if s.IsZero() {
			continue
		}
		call, ok := s.Val.(*ssa.Call)
		if !ok || s.Path != "" {
			return nil
		}
		fn := source.Callee(&call.Call)
		if known.TellsEnd(known.FuncName(fn)) {
			return nil // whether the work is to go on is another question
		}
		out = append(out, call)
	}
	return out
}

// errorSources are the calls, or other values, that an error comes from, as the
// function of fr sees them: a call is a source whether its body is seen or not.
func (e *Tracer) errorSources(v ssa.Value, fr *flow.Frame) []flow.Origin {
	switch x := v.(type) {
	case *ssa.UnOp:
		cell, ok := x.X.(*ssa.Alloc)
		if !ok || x.Op != token.MUL || e.CellInfo(cell).Wild {
			break
		}
		stores, entry := source.ReachingStores(cell, x)
		var out []flow.Origin
		for _, st := range stores {
			if st.Val == v {
				continue
			}
			if ld, ok := st.Val.(*ssa.UnOp); ok && ld.X == ssa.Value(cell) {
				continue
			}
			out = flow.Union(out, e.errorSources(st.Val, fr))
		}
		if entry {
			out = flow.Union(out, []flow.Origin{{Frame: fr}})
		}
		return out
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok {
			return []flow.Origin{{Val: call, Index: x.Index, Frame: fr}}
		}
	case *ssa.ChangeInterface:
		return e.errorSources(x.X, fr)
	}
	return []flow.Origin{{Val: v, Frame: fr}}
}

// returnSpan is the return statement, or the closing brace where there is none.
func (e *Tracer) returnSpan(ret *ssa.Return) model.Span {
	if stmt := e.Positions.Rets[ret.Pos()]; stmt != nil {
		return model.SpanOf(stmt)
	}
	if body := source.SyntaxBody(ret.Parent()); body != nil {
		return model.Span{Pos: body.Rbrace, End: body.Rbrace + 1}
	}
	return model.SpanAt(ret.Pos())
}
