package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/fanout"
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
	task *fanout.Task
	wait *fanout.Op
	ch   *fanout.Chan // closed after the wait
}

// waitersOf lists the goroutines of the spawner that wait for its group and then
// close a channel that tasks of the group send on.
func waitersOf(f *fanout.FanOut) []waiter {
	var out []waiter
	fanout.EachOp(f.Body, func(op *fanout.Op) bool {
		if op.Kind != fanout.OpSpawn || op.Task == nil || op.Task.Body == nil || op.Group == f.Group {
			return true
		}
		var wait *fanout.Op
		w := &fanout.Walk{Body: op.Task.Body, Step: func(o *fanout.Op, stage int, _ *fanout.Path) (int, fanout.Verdict) {
			switch {
			case waitsFor(f.Group)(o) && !o.Deferred:
				wait = o
				return waited, fanout.GoOn
			case o.Kind == fanout.OpClose && o.Chan != nil && (stage == waited || o.Deferred) && f.SentByTask(o.Chan):
				return stage, fanout.Hit
			}
			return stage, fanout.GoOn
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
func cutOff(f *fanout.FanOut) []Finding {
	if !f.Group.EndsCtx() || f.Group.CtxUsed == fanout.No {
		return nil
	}
	for _, by := range waitersOf(f) {
		var dead *fanout.Use
		var received *fanout.Op
		w := &fanout.Walk{Body: f.Body, Step: func(op *fanout.Op, stage int, _ *fanout.Path) (int, fanout.Verdict) {
			switch {
			case op == by.task.Spawn:
				return running, fanout.GoOn
			case stage == running && (op.Kind == fanout.OpRange || op.Kind == fanout.OpReceive) && op.Chan == by.ch:
				received = op
				return waited, fanout.GoOn
			case stage == waited && !op.Deferred:
				if dead = workWith(f.Group, op); dead != nil {
					return stage, fanout.Hit
				}
			}
			return stage, fanout.GoOn
		}}
		if w.Find() != nil {
			return []Finding{cutOffFinding(f, by, received, dead)}
		}
	}
	return nil
}

// workWith is a use of the group's context for work by op itself.
func workWith(g *fanout.Group, op *fanout.Op) *fanout.Use {
	if op.Kind != fanout.OpCall {
		return nil
	}
	for _, u := range op.Uses {
		if u.Kind == fanout.UseCall && u.Cancels == fanout.Yes && !u.Cleanup && g.Descends(u.Ctx) == fanout.Yes {
			return u
		}
	}
	return nil
}

func cutOffFinding(f *fanout.FanOut, by waiter, received *fanout.Op, u *fanout.Use) Finding {
	g := f.Group
	var s steps
	s.by(spawnerOf(f), by.task.At.Pos, "starts a goroutine that calls %s", g.Join()).On = taskOf(by.task)
	s.by(spawnerOf(f), received.At.Pos, "receives the last result from %s", by.ch.Name).onto(Channel, by.ch.Name)
	s.tell(taskOf(by.task), by.wait.At.Pos, "%s returns, as every task is done; it has cancelled %s", g.Join(), derived(g)).onto(Context, derived(g))
	s.tell(spawnerOf(f), u.At.Pos, "%s", deadEnd(f, u)).onto(Context, derived(g))
	return Finding{
		At:      u.At,
		Message: fmt.Sprintf("%s is cancelled while %s still works with it; another goroutine calls %s", u.Text, f.Spawner, g.Join()),
		Steps:   s,
	}
}
