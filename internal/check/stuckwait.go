package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "stuckwait",
	Family: Leaks,
	Doc: Doc{
		Summary: "the join never ends, because a task waits for something that only the waiting function, or a task that has left, would do",
		What: "The check explores the orders in which the function and its tasks can run, with few tasks and rounds. It reports a `Wait`, or the channel operation by which a function joins its tasks, that is never over: " +
			"the results are read after `Wait` only, the task that served a channel has failed, a limit, lock or semaphore is held by the one that waits. A method of an object is reported that sends to its goroutine, or receives from it, with a lock held for which that one waits. " +
			"It also reports goroutines that stay blocked at locks, though nobody waits for them: two that take two locks in opposite order, one that takes a lock again that it has (for reading too, where another one comes in between that waits to write), one that has left without giving it back. The same of a function that locks again what it has locked, or calls, with a lock held, another one that takes it; and of one that sends on a channel without a buffer, or receives from it, before anybody else has it; and of one that drains the channel of a timer which has fired, or was stopped, and was not set again.",
		Why: "The function hangs, and with it everything that waits for it. Tests rarely see it, because it takes a failure, or more work than there is room for.",
		Bad: `func weighShips(ctx context.Context, ships []string) (total int, err error) {
	tons := make(chan int)
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(gctx, ship)
			tons <- n
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	for range ships {
		total += <-tons
	}
	return total, nil
}`,
		Good: `func weighFleet(ctx context.Context, ships []string) (total int, err error) {
	tons := make(chan int, len(ships))
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(gctx, ship)
			tons <- n
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	for range ships {
		total += <-tons
	}
	return total, nil
}`,
		Limits: "Channels and groups are not judged once other code can reach them, nor locks that it can reach, nor channels whose capacity is not known. " +
			"A function that waits for the end of its caller's context waits on purpose.",
		Silence: "Write `//gatherlint:ignore stuckwait REASON` above the line.",
	},
	Play: func(r *schedule.Result) []Finding {
		var out []Finding
		for _, l := range leaksOf(r, neverJoins) {
			out = append(out, l.stuckWait())
		}
		return out
	},
	Run:  selfWaits,
	Hold: func(h *model.Holder) []Finding { return slices.Concat(relocked(h), waitsAlone(h), drainsIdle(h)) },
})

func (l *leak) stuckWait() Finding {
	b := l.cause
	if b.Op.Kind == model.OpLock && (l.wait == nil || l.wait.Op.Kind == model.OpLock || l.hasItself(b)) {
		return l.stuckAtLock()
	}
	s := l.schedule(2)
	switch {
	case b.Op.Kind == model.OpDone:
		s = l.limitedAfter(b)
	case len(s) == 0:
		l.begins(&s)
	}
	at := b
	var message string
	switch {
	case b.Op.Kind == model.OpWait && b.Task != nil && !l.waitsForOthers():
		message = fmt.Sprintf("%s never returns; it is called in a task that %s waits for", b.Op.Group.Join(), l.waiter())
	case l.wait != nil && l.wait != b:
		at = l.wait
		l.lockedBy(&s, b)
		takes, waits := l.keptOut(b)
		s = append(s, takes...)
		l.blocks(&s, b)
		s = append(s, waits...)
		message = fmt.Sprintf("%s; %s blocks for ever %s", l.hangs(), subject(l.actor(b.Task), b.In), doing(b.Op))
	case b.Op.Kind == model.OpWait && b.Task != nil:
		message = fmt.Sprintf("%s never returns; one of the tasks of %s never ends", b.Op.Group.Join(), b.Op.Group.Name)
	case b.Op.Kind == model.OpWait && b.Later:
		message = fmt.Sprintf("%s; what it waits for comes after it", l.hangs())
	case b.Op.Kind == model.OpWait:
		message = fmt.Sprintf("%s; a task never counts itself done", l.hangs())
	default:
		message = fmt.Sprintf("%s blocks for ever %s; %s", subject(l.actor(b.Task), b.In), doing(b.Op), l.noPartner())
	}
	l.stays(&s, l.actor(at.Task), at)
	span := at.Op.At
	if at.Task != nil && at.Op.Kind == model.OpWait {
		for f := at.In; f != nil && f.Up != nil; f = f.Up {
			span = f.Call.At // as in selfWait
		}
	}
	return Finding{At: span, Message: message, Steps: s}
}

// limitedAfter tells that the task was started, and where the group got the limit then at
// which it blocks at its end.
func (l *leak) limitedAfter(b *schedule.Blocked) steps {
	var s steps
	l.starts(&s, b.Task, b.Proc)
	for _, e := range l.stuck.Events {
		if e.Op != nil && e.Op.Kind == model.OpLimit && e.Op.Group == b.Op.Group {
			s.by(Counts, l.actor(e.Task), e.Op.At, "calls %s", e.Op.Text).with(e.Op)
			break
		}
	}
	return s
}

// waitsForOthers reports whether the task waits for a group that does not count it.
func (l *leak) waitsForOthers() bool {
	t, g := l.cause.Task, l.cause.Op.Group
	isDone := func(op *model.Op) bool { return op.Kind == model.OpDone && op.Group == g }
	return t.Spawn.Group != g && (t.Body == nil || findOp(t.Body, isDone) == nil)
}

// waiter is what waits for the task: its own group, mostly.
func (l *leak) waiter() string {
	if g := l.cause.Task.Spawn.Group; g != nil && g.Kind != model.Bare {
		return g.Name
	}
	return l.scene.Spawner
}

// begins tells where what the goroutine works on comes from.
func (l *leak) begins(s *steps) {
	for _, op := range append([]*model.Op{l.cause.Op}, l.cause.Op.Cases...) {
		switch {
		case op.Chan != nil:
			s.by(Makes, l.actor(nil), op.Chan.At, "makes %s", op.Chan.Name).onto(Channel, op.Chan.Name)
			return
		case op.Group != nil:
			for _, e := range l.stuck.Events {
				if e.Op != nil && e.Op.Group == op.Group && (e.Op.Kind == model.OpLimit || e.Op.Kind == model.OpAdd) {
					s.by(Counts, l.actor(e.Task), e.Op.At, "calls %s", e.Op.Text).with(e.Op)
					return
				}
			}
			s.by(Makes, l.actor(nil), op.Group.Made, "makes %s", op.Group.Name).onto(Group, op.Group.Name)
			return
		case op.Lock != nil:
			s.by(Begins, l.actor(nil), l.scene.At, "begins")
			return
		}
	}
}

// hangs is the spawner's side.
func (l *leak) hangs() string {
	op := l.wait.Op
	if op.Kind == model.OpWait {
		return op.Group.Join() + " never returns"
	}
	return fmt.Sprintf("%s blocks for ever %s", subject(l.actor(nil), l.wait.In), doing(op))
}

// noPartner says why nobody sets free who is blocked.
func (l *leak) noPartner() string {
	if ch := l.cause.Op.Chan; ch != nil && ch.Escapes != "" && !l.startsAny() {
		return "nobody else has the channel yet"
	}
	return noPartner(l.cause.Op)
}

func noPartner(op *model.Op) string {
	switch op.Kind {
	case model.OpSend:
		return "nobody is left to receive from it"
	case model.OpReceive, model.OpRange:
		if op.Chan.Stops {
			return "nothing comes on it once it is stopped, and nobody closes it"
		}
		return "nobody is left to send on it or close it"
	case model.OpSpawn:
		return "the limit is reached and no task can end"
	}
	return "nobody is left to release it"
}
