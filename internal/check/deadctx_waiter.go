package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// deadctx for a goroutine that waits in the spawner's place and then closes the
// channel of the results:
//
//	go func() { g.Wait(); close(out) }()
//	for r := range out { store(gctx, r) }
//
// Wait returns as soon as the last task has handed over its result, and cancels the
// context while the spawner is still at work on that result, or on those that are
// left in the buffer.

// A waiter is such a goroutine.
type waiter struct {
	task *model.Task
	wait *model.Op
	ch   *model.Chan // closed after the wait
}

// waitersOf lists the goroutines of the spawner that wait for its group and then
// close a channel that tasks of the group send on.
func waitersOf(f *model.FanOut) []waiter {
	var out []waiter
	model.EachOp(f.Body, func(op *model.Op) bool {
		if op.Kind != model.OpSpawn || op.Task == nil || op.Task.Body == nil || op.Group == f.Group {
			return true
		}
		var wait *model.Op
		w := &model.Walk{Body: op.Task.Body, Step: func(o *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case waitsFor(f.Group)(o) && !o.Deferred:
				wait = o
				return waited, model.GoOn
			case o.Kind == model.OpClose && o.Chan != nil && (stage == waited || o.Deferred) && f.SentByTask(o.Chan):
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}
		if p := w.Find(); p != nil && wait != nil {
			out = append(out, waiter{task: op.Task, wait: wait, ch: p.Op().Chan})
		}
		return true
	})
	return out
}

// cutOff reports the first work of the spawner with the group's context on what it
// receives from the tasks beside a waiter.
func cutOff(f *model.FanOut) []Finding {
	if !f.Group.EndsCtx() || f.Group.CtxUsed == model.No {
		return nil
	}
	for _, by := range waitersOf(f) {
		var dead *model.Use
		var received *model.Op
		w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case op == by.task.Spawn:
				return running, model.GoOn
			case stage == running && (op.Kind == model.OpRange || op.Kind == model.OpReceive) && op.Chan == by.ch:
				received = op
				return waited, model.GoOn
			case stage == waited && !op.Deferred:
				if dead = workWith(f.Group, op); dead != nil {
					return stage, model.Hit
				}
			}
			return stage, model.GoOn
		}}
		if w.Find() != nil {
			return []Finding{cutOffFinding(f, by, received, dead)}
		}
	}
	return nil
}

// workWith is a use of the group's context for work by op itself.
func workWith(g *model.Group, op *model.Op) *model.Use {
	if op.Kind != model.OpCall {
		return nil
	}
	for _, u := range op.Uses {
		if u.Kind == model.UseCall && u.Cancels == model.Yes && !u.Cleanup && g.Descends(u.Ctx) == model.Yes {
			return u
		}
	}
	return nil
}

func cutOffFinding(f *model.FanOut, by waiter, received *model.Op, u *model.Use) Finding {
	g := f.Group
	var s steps
	s.by(Starts, spawnerOf(f), by.task.At, "starts a goroutine that calls %s", g.Join()).On = taskOf(by.task)
	s.by(Receives, spawnerOf(f), received.At, "receives the last result from %s", by.ch.Name).onto(Channel, by.ch.Name)
	s.tell(Joins, taskOf(by.task), by.wait.At, "%s returns, as every task is done; it has cancelled %s", g.Join(), derived(g)).onto(Context, derived(g))
	s.tell(GoesOn, spawnerOf(f), u.At, "%s", deadEnd(f, u)).onto(Context, derived(g))
	return Finding{
		At:      u.At,
		Message: fmt.Sprintf("%s is cancelled while %s still works with it; another goroutine calls %s", u.Text, f.Spawner, g.Join()),
		Steps:   s,
	}
}
