package check

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What a task that is left behind does harm to.
//
// A function that leaves with an error, and leaves tasks behind that work on for a while
// and end, is seldom changed by those who keep it. So each reason why it matters is a
// question of its own, and without one the return is only told to those who ask.

// A harm is what comes of a return before Wait.
type harm struct {
	says string     // as the end of the message
	step string     // as the last step
	kind StepKind   // of that step: Loses if it begins with a task that fails
	at   model.Span // of that step, zero for the return
}

// harmOf is what comes of the early return that the path ends with, nil if nothing is seen.
func harmOf(f *model.FanOut, p *model.Path) *harm {
	if op := neverFed(f, p); op != nil {
		return &harm{"a task waits for ever " + doing(op), "the task waits for ever: nobody closes " + op.Chan.Name + " after that", Blocks, op.At}
	}
	if answersRequest(f) {
		return &harm{"the request's context ends with the return, while its tasks work on it",
			"the task is still running" + lost(f.Group) + "; the context of the request ends with the return, and with it what the task does", GoesOn, model.Span{}}
	}
	if w := answers(f); w != "" {
		return &harm{"its tasks use " + w + " when the request is over", "the task is still running, and uses " + w + ", which is not to be used after the return", GoesOn, model.Span{}}
	}
	if op := endsWithTask(f, p); op != nil {
		return &harm{"when a task has failed, " + op.Text + " fails too, and the task's error is lost",
			"the error of the task stays in " + f.Group.Name, Loses, model.Span{}}
	}
	if saysNothing(f, p) {
		return goesOn(f)
	}
	return nil
}

// goesOn is what is true of every task left behind.
func goesOn(f *model.FanOut) *harm {
	return &harm{"its tasks outlive the call", "the task is still running and nobody waits for it" + lost(f.Group), GoesOn, model.Span{}}
}

// neverFed is an op of a task that the path starts, outside any select, which waits for a
// channel that the spawner alone closes, and does not on this path: it takes all that is
// sent until then, or nothing is ever sent. The path has told nobody to end.
func neverFed(f *model.FanOut, p *model.Path) *model.Op {
	for _, start := range p.Ops(func(o *model.Op) bool { return o.Kind == model.OpSpawn && slices.Contains(f.Tasks, o.Task) }) {
		if start.Task.Body == nil {
			continue
		}
		for _, blk := range start.Task.Body.Blocks {
			for _, op := range blk.Ops {
				waits := op.Kind == model.OpRange || op.Kind == model.OpReceive && op.Chan != nil && !f.Carries(op.Chan)
				if waits && op.Chan != nil && op.Chan.Local && f.ClosedBySpawner(op.Chan) {
					return op
				}
			}
		}
	}
	return nil
}

// OneCause leaves out the returns before Wait that leave a task blocked for ever, where
// lostsend is about that task: who leaves without freeing it is a step there, and the same
// change mends both. It may change what it is given.
func OneCause(findings []Finding) []Finding {
	left := map[model.Span]bool{}
	for _, f := range findings {
		left[f.At] = left[f.At] || f.Check == string(leftBehind)
	}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		if f.Check != "missedwait" || len(f.Steps) == 0 {
			return false
		}
		last := f.Steps[len(f.Steps)-1]
		return last.Kind == Blocks && left[last.At]
	})
}

// answersRequest reports whether tasks work on the context of the request that the spawner
// answers, which its return ends.
func answersRequest(f *model.FanOut) bool {
	found := false
	for _, t := range f.Tasks {
		model.EachOp(t.Body, func(op *model.Op) bool {
			found = found || slices.ContainsFunc(op.Uses, func(u *model.Use) bool { return f.OfRequest(u.Ctx) })
			return !found
		})
	}
	return found
}

// answers names what tasks answer a request with, "" if they do not.
func answers(f *model.FanOut) string {
	for _, t := range f.Tasks {
		if t.Answers != "" {
			return t.Answers
		}
	}
	return ""
}

// endsWithTask is the call whose error the spawner leaves with, if that ends with the
// context of the group: when a task has failed it fails too, and the error that is
// returned is not the one that says why.
func endsWithTask(f *model.FanOut, p *model.Path) *model.Op {
	g := f.Group
	if !g.HasCtx || !g.Errors() || !anyFails(f) || success(p.Op(), p) {
		return nil
	}
	for b, way := range p.Ways() {
		if !findsError(b, way) {
			continue
		}
		cond := f.Evidence.Condition(b.Cond.At)
		if cond == nil || !cond.From.Pos.IsValid() {
			return nil
		}
		started := false
		var call *model.Op
		p.Ops(func(op *model.Op) bool {
			if started && !op.Deferred && op.Kind == model.OpCall && op.At.Pos == cond.From.Pos {
				call = op
			}
			started = started || spawnsUnder(op, g)
			return false
		})
		if call != nil && slices.ContainsFunc(call.AllUses(), func(u *model.Use) bool {
			return u.Kind == model.UseCall && u.Cancels == model.Yes && g.Descends(p.Ctx(u)) == model.Yes
		}) {
			return call
		}
		return nil
	}
	return nil
}

// saysNothing reports whether the return tells the caller of no failure, while the tasks
// may still fail or have something to do for others than the spawner.
func saysNothing(f *model.FanOut, p *model.Path) bool {
	ret := p.Op()
	if ret.Kind != model.OpReturn || !success(ret, p) {
		return false
	}
	noError := ret.ErrVar == nil && len(ret.Errs) == 0
	if slices.ContainsFunc(ret.Rets, p.False) || foundError(p) && noError && len(ret.Rets) > 0 {
		return false // it says that it has not come to its end, by a flag, a code or nothing
	}
	return f.Group.Errors() && anyFails(f) || !countsTasks(f)
}

// foundError reports whether the last that the path has asked is an error, and it was one.
func foundError(p *model.Path) bool {
	for b, way := range p.Ways() {
		return findsError(b, way)
	}
	return false
}

// findsError reports whether a block asks for an error, and the way is that of one.
func findsError(b *model.Block, way int) bool {
	c := b.Cond
	return c.Fails && c.Y != nil && c.Y.Const == "nil" && (way == 0) == c.Neg
}
