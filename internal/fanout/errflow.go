package fanout

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
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
//     (errflow_fate.go): nothing, a log, or anything else. Anything else is a
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

// maxTail is how many calls deep losses are looked for in what a task calls.
const maxTail = 2

// Losses lists the errors that the tasks of the fan-out lose, in source order.
func (e *engine) Losses(f *FanOut) []*Loss {
	var out []*Loss
	for _, t := range f.Tasks {
		fr := e.frameOf[t.Body]
		if fr == nil {
			continue
		}
		l := &lossFinder{e: e, task: t, root: fr, seen: map[*frame]bool{}}
		l.frame(fr, 0)
		out = append(out, l.found...)
	}
	slices.SortStableFunc(out, func(a, b *Loss) int { return int(a.At.Pos) - int(b.At.Pos) })
	return out
}

type lossFinder struct {
	e     *engine
	task  *Task
	root  *frame // of the task
	seen  map[*frame]bool
	found []*Loss
}

// frame looks at one function: the task's own, one whose error is the task's
// error, or one without an error result that the task calls.
func (l *lossFinder) frame(fr *frame, depth int) {
	if l.seen[fr] || depth > maxTail {
		return
	}
	l.seen[fr] = true
	for _, blk := range fr.fn.Blocks {
		if blk == fr.fn.Recover {
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
func (l *lossFinder) followed(fr *frame) []*frame {
	tails := map[ssa.Instruction]bool{}
	for _, ret := range returns(fr.fn) {
		if n := len(ret.Results); n > 0 {
			for _, s := range returned(ret, n-1) {
				tails[s] = true
			}
		}
	}
	var out []*frame
	for _, c := range fr.children {
		if c.spawned || c.deferred || c.site == nil || c.fn.Parent() != nil {
			continue
		}
		if t, ok := l.e.target(c.site.Common(), fr); !ok || t.fn != c.fn {
			continue // a literal that the call is given
		}
		if returnsError(c.fn.Signature) != returnsError(fr.fn.Signature) {
			continue
		}
		if !returnsError(fr.fn.Signature) || tails[c.site] {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *frame) int { return int(a.site.Pos()) - int(b.site.Pos()) })
	return out
}

// returned are the calls that result i of a return statement comes from directly.
func returned(ret *ssa.Return, i int) []ssa.Instruction {
	v := written(ret.Results[i], ret.Parent().Signature.Results().At(i).Name())
	if ext, ok := v.(*ssa.Extract); ok {
		v = ext.Tuple
	}
	if call, ok := v.(*ssa.Call); ok {
		return []ssa.Instruction{call}
	}
	return nil
}

// test looks at one question whether there is an error.
func (l *lossFinder) test(c *ssa.If, fr *frame) {
	cmp, ok := c.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !isError(cmp.X.Type()) {
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
	x := &Loss{Kind: LossEnd, Task: l.task, Text: l.e.calleeText(calls[0], staticFunc(&calls[0].Call)), Call: l.e.callSpan(calls[0]), Test: spanAt(cmp.Pos()), Loops: inLoop(calls[0].Block()), Only: t.branch(t.end.Block())}
	if returnsError(fr.fn.Signature) {
		x.Kind = LossNil
	}
	if t.log != nil {
		x.Log, x.LogText = l.e.callSpan(t.log), l.e.calleeText(t.log, staticFunc(&t.log.Call))
	}
	x.At = l.e.returnSpan(t.end)
	if fr != l.root {
		x.Func = displayName(fr.fn)
	}
	for _, p := range []token.Pos{cmp.Pos(), x.At.Pos, x.Log.Pos} {
		if p.IsValid() && l.e.text.explained(p) {
			return
		}
	}
	l.found = append(l.found, x)
}

// madeBy are the calls that an error comes from, nil if it can be another's.
func (e *engine) madeBy(v ssa.Value, fr *frame) []*ssa.Call {
	var out []*ssa.Call
	for _, s := range e.errorSources(v, fr) {
		if s.zero() {
			continue
		}
		call, ok := s.val.(*ssa.Call)
		if !ok || s.path != "" {
			return nil
		}
		fn := staticFunc(&call.Call)
		if roleOf(funcName(fn)) == roleCtxErr || roleOf(funcName(fn)) == roleCause {
			return nil // whether the work is to go on is another question
		}
		out = append(out, call)
	}
	return out
}

// errorSources are the calls, or other values, that an error comes from, as the
// function of fr sees them: a call is a source whether its body is seen or not.
func (e *engine) errorSources(v ssa.Value, fr *frame) []source {
	switch x := v.(type) {
	case *ssa.UnOp:
		cell, ok := x.X.(*ssa.Alloc)
		if !ok || x.Op != token.MUL || e.cellInfo(cell).wild {
			break
		}
		stores, entry := reaching(cell, x)
		var out []source
		for _, st := range stores {
			if st.Val == v {
				continue
			}
			if ld, ok := st.Val.(*ssa.UnOp); ok && ld.X == ssa.Value(cell) {
				continue
			}
			out = union(out, e.errorSources(st.Val, fr))
		}
		if entry {
			out = union(out, []source{{fr: fr}})
		}
		return out
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok {
			return []source{{val: call, idx: x.Index, fr: fr}}
		}
	case *ssa.ChangeInterface:
		return e.errorSources(x.X, fr)
	}
	return []source{{val: v, fr: fr}}
}

func (e *engine) callSpan(call *ssa.Call) Span {
	if syn := e.text.call(call.Pos()); syn != nil {
		return spanOf(syn)
	}
	return spanAt(call.Pos())
}

// returnSpan is the return statement, or the closing brace where there is none.
func (e *engine) returnSpan(ret *ssa.Return) Span {
	if stmt := e.text.rets[ret.Pos()]; stmt != nil {
		return spanOf(stmt)
	}
	if body := syntaxBody(ret.Parent()); body != nil {
		return Span{body.Rbrace, body.Rbrace + 1}
	}
	return spanAt(ret.Pos())
}
