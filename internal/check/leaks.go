package check

import (
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// The leak checks read the same stuck schedules. Each schedule has one cause,
// and one check that it belongs to:
//
//   - the spawner has returned and a task is left on a channel: lostsend;
//   - Wait, or what the spawner does in its place, never ends: stuckwait;
//   - the same, because a task of a group with a context waits for a sibling that
//     has failed, and does not watch that context: deaftask;
//   - somebody left without the Done, close or Unlock that the blocked goroutine
//     waits for, though it has one: misseddone;
//   - the counter of a WaitGroup does not match its tasks: wgcount.

// A leakKind is the check that a stuck schedule belongs to.
type leakKind string

const (
	leftBehind leakKind = "lostsend"
	neverJoins leakKind = "stuckwait"
	deaf       leakKind = "deaftask"
	skipped    leakKind = "misseddone"
	miscounted leakKind = "wgcount"
)

// A leak is a stuck schedule with its cause.
type leak struct {
	kind  leakKind
	scene *model.Scene
	stuck *schedule.Stuck
	cause *schedule.Blocked // the goroutine to tell about
	wait  *schedule.Blocked // the spawner, if it is blocked
	// of skipped: the op that was not reached and the event that left instead.
	missed *model.Op
	left   *schedule.Event
}

// A repair is what the sends have in common that one change mends: the room of their
// channel, or whoever was to receive.
type repair struct {
	kind leakKind
	on   *model.Chan
	by   *model.Task
}

// leaksOf sorts the stuck schedules of a scene, those of one kind only. A place
// is told about once, with the shortest schedule.
func leaksOf(r *schedule.Result, kind leakKind) []*leak {
	byLength := slices.SortedStableFunc(slices.Values(r.Stuck), func(a, b *schedule.Stuck) int {
		return len(a.Events) - len(b.Events)
	})
	var out []*leak
	told := map[*model.Op]bool{}
	repairs := map[repair]bool{}
	for _, x := range byLength {
		for _, b := range x.Blocked {
			l := classify(r.Scene, x, b)
			if l == nil || told[b.Op] {
				continue
			}
			told[b.Op] = true
			if b.Op.Kind == model.OpSend && b.Op.Chan != nil {
				same := repair{l.kind, b.Op.Chan, b.Task}
				if repairs[same] {
					continue
				}
				repairs[same] = true
			}
			if l.kind == kind {
				out = append(out, l)
			}
		}
	}
	return out
}

// classify says what a blocked goroutine is a case of, nil if it is only a
// consequence of another, or nothing to tell.
func classify(s *model.Scene, x *schedule.Stuck, b *schedule.Blocked) *leak {
	l := &leak{scene: s, stuck: x, cause: b}
	caused := false
	for _, o := range x.Blocked {
		caused = caused || o.Cause
		if o.Task == nil {
			l.wait = o
		}
	}
	if l.wait != nil && l.wait.Outside {
		return nil // it waits for its caller's context on purpose
	}
	if !b.Cause && caused || b.Task == nil && !b.Cause && !l.allEnded() {
		return nil
	}
	if len(b.Op.Cases) == 0 && b.Op.Kind == model.OpSelect {
		return nil
	}
	if b.Task == nil && b.Op.Kind != model.OpSend && onChannel(b.Op) && !l.startsAny() {
		return nil // that nothing is to be done may be excluded elsewhere
	}
	if l.wouldClose() || l.followsHolder() || l.heldUpByOthers() {
		return nil
	}
	if b.Task != nil && b.Outside && (x.Returned || !waitsForSibling(x, b) || !l.failed()) {
		return nil // the caller's context ends it
	}
	switch {
	case b.Task != nil && l.deaf():
		l.kind = deaf
	case l.skips():
		l.kind = skipped
	case b.Task == nil && b.Op.Kind == model.OpWait && b.Op.Group != nil && b.Op.Group.Kind == model.WaitGroup && l.allEnded() && !b.Later:
		l.kind = miscounted
	case x.Returned && onChannel(b.Op):
		if l.endsProcess() {
			return nil
		}
		l.kind = leftBehind
	case x.Returned && (b.Op.Kind != model.OpLock || !l.lockedFirst(b) || l.followsChannel(b)):
		return nil
	default:
		l.kind = neverJoins
	}
	return l
}

// endsProcess reports whether the spawner has come to where the process ends, by its own
// return or that of a function that it calls: the last error that was looked for in
// there was found, or the error that is returned was made there.
func (l *leak) endsProcess() bool {
	failed := map[*model.Body]bool{}
	for i := range l.stuck.Events {
		e := &l.stuck.Events[i]
		if e.Task != nil || e.In == nil {
			continue
		}
		for _, c := range e.Choices {
			if finds, fails := (&decision{Choice: c}).error(); finds {
				failed[c.In.Body] = fails
			}
		}
		if e.Op == nil || e.Op.Kind != model.OpReturn || e.Op.Deferred {
			continue
		}
		n := len(e.Op.Rets)
		failed[e.In.Body] = failed[e.In.Body] || n > 0 && e.Op.Rets[n-1] != nil && e.Op.Rets[n-1].NonNil
		failed[e.In.Body] = failed[e.In.Body] && !slices.ContainsFunc(e.Op.Errs, func(x *model.Err) bool { return x.Kind == model.ErrNil })
	}
	for body, fails := range failed {
		if fails && body.Ends == model.EndsOnError {
			return true
		}
	}
	return false
}

// wouldClose reports whether the blocked goroutine closes, further on, a channel of which it
// is not known which one it is, and another task has ended that takes from such a channel: it
// may end only when the blocked one has come there.
func (l *leak) wouldClose() bool {
	if l.cause.Task == nil || findOp(l.cause.Task.Body, func(o *model.Op) bool { return o.Kind == model.OpClose && isOneOfMany(o) }) == nil {
		return false
	}
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool {
		return e.Ends && e.Task != nil && e.Task != l.cause.Task && findOp(e.Task.Body, func(o *model.Op) bool {
			return (o.Kind == model.OpReceive || o.Kind == model.OpRange) && isOneOfMany(o)
		}) != nil
	})
}

// heldUpByOthers reports whether the spawner waits for a group whose tasks only the end of
// the caller's context keeps from their end, while the blocked goroutine is none of them.
func (l *leak) heldUpByOthers() bool {
	if l.wait == nil || l.wait.Op.Kind != model.OpWait || l.cause.Task == nil {
		return false
	}
	counts := func(b *schedule.Blocked) bool {
		isDone := func(op *model.Op) bool { return op.Kind == model.OpDone && op.Group == l.wait.Op.Group }
		return b.Task != nil && (b.Task.Spawn.Group == l.wait.Op.Group || findOp(b.Task.Body, isDone) != nil)
	}
	outside := false
	for _, b := range l.stuck.Blocked {
		if counts(b) && !b.Outside {
			return false
		}
		outside = outside || counts(b)
	}
	return outside && !counts(l.cause)
}

// isOneOfMany reports whether it is not known on which channel an op works.
func isOneOfMany(op *model.Op) bool { return op.Chan == nil || !op.Chan.Inside && !op.Chan.Fills }

// startsAny reports whether the schedule starts a task at all.
func (l *leak) startsAny() bool {
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool { return e.Op != nil && e.Op.Kind == model.OpSpawn })
}

func onChannel(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect:
		return true
	}
	return false
}

// waitsForSibling reports whether a blocked task waits for something that
// another goroutine would do, and not only for the end of a context, or a timer.
func waitsForSibling(x *schedule.Stuck, b *schedule.Blocked) bool {
	for _, op := range append([]*model.Op{b.Op}, b.Op.Cases...) {
		if op.Chan != nil && !op.Chan.Fills {
			return true
		}
	}
	return false
}

// failed reports whether a task has failed in the schedule.
func (l *leak) failed() bool {
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool { return e.Fail })
}

// allEnded reports whether no task is blocked.
func (l *leak) allEnded() bool {
	return !slices.ContainsFunc(l.stuck.Blocked, func(b *schedule.Blocked) bool { return b.Task != nil })
}

// deaf reports whether the blocked task would have heard of a failure if it had
// watched the context of its group.
func (l *leak) deaf() bool {
	t := l.cause.Task
	if t.Spawn == nil || t.Spawn.Group == nil || !t.Spawn.Group.HasCtx || !l.failed() {
		return false
	}
	return l.wait != nil && l.wait.Op.Kind == model.OpWait && l.wait.Op.Group == t.Spawn.Group
}

// skips looks for an op that would have set the blocked goroutine free, in a
// goroutine that ended without coming to it.
func (l *leak) skips() bool {
	want := releases(l.cause.Op)
	if want == nil {
		return false
	}
	for i := range l.stuck.Events {
		e := &l.stuck.Events[i]
		if !e.Ends || e.Task == nil {
			continue // that the spawner left is lostsend's
		}
		op := findOp(e.Task.Body, want)
		if op == nil || l.did(e.Proc, op) || l.holds(e.Proc) == no {
			continue
		}
		l.missed, l.left = op, l.lastReturn(e.Proc)
		if l.left == nil {
			l.left = e
		}
		return true
	}
	return false
}

// A holding says whether a goroutine took what it would have had to give back.
type holding int8

const (
	nothing holding = iota // there is nothing to take
	no
	yes
)

// holds is for locks, semaphores and channels that are used as such: only who
// has taken a place can miss giving it back.
func (l *leak) holds(proc int) holding {
	op := l.cause.Op
	if op.Kind != model.OpLock && op.Kind != model.OpAcquire && op.Kind != model.OpSend {
		return nothing
	}
	for _, e := range l.stuck.Events {
		if e.Proc == proc && e.Op != nil && e.Op.Kind == op.Kind && e.Op.Chan == op.Chan && e.Op.Lock == op.Lock && e.Op.Sem == op.Sem {
			return yes
		}
	}
	return no
}

// releases describes the op that somebody leaves out: what a Wait, a range or a
// receive, or a Lock waits for.
func releases(op *model.Op) func(*model.Op) bool {
	switch op.Kind {
	case model.OpWait:
		if op.Group == nil || !op.Group.Counts() {
			return nil
		}
		return func(o *model.Op) bool { return o.Kind == model.OpDone && o.Group == op.Group }
	case model.OpRange, model.OpReceive:
		if op.Chan == nil {
			return nil
		}
		return func(o *model.Op) bool { return o.Kind == model.OpClose && o.Chan == op.Chan }
	case model.OpSend:
		if op.Chan == nil {
			return nil
		}
		return func(o *model.Op) bool { return o.Kind == model.OpReceive && o.Chan == op.Chan }
	case model.OpAcquire:
		return func(o *model.Op) bool { return o.Kind == model.OpRelease && o.Sem == op.Sem }
	case model.OpLock:
		if op.Lock == nil {
			return nil
		}
		return func(o *model.Op) bool { return o.Kind == model.OpUnlock && o.Lock == op.Lock }
	}
	return nil
}

func findOp(b *model.Body, ok func(*model.Op) bool) *model.Op {
	var found *model.Op
	model.EachOp(b, func(o *model.Op) bool {
		for _, x := range append([]*model.Op{o}, o.Cases...) {
			if found == nil && ok(x) {
				found = x
			}
		}
		return found == nil
	})
	return found
}

// did reports whether the goroutine performed an op like this one.
func (l *leak) did(proc int, op *model.Op) bool {
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool {
		return e.Proc == proc && e.Op != nil && op.Like(e.Op)
	})
}

// lastReturn is the return, panic or Goexit that the goroutine ended with.
func (l *leak) lastReturn(proc int) *schedule.Event {
	var last *schedule.Event
	for i := range l.stuck.Events {
		e := &l.stuck.Events[i]
		if e.Proc == proc && e.Op != nil && (e.Op.Kind == model.OpReturn || e.Op.Kind == model.OpPanic || e.Op.Kind == model.OpGoexit) {
			last = e
		}
	}
	return last
}

// doing says what a goroutine is doing at an op.
func doing(op *model.Op) string {
	switch op.Kind {
	case model.OpSend:
		return "sending on " + op.Text
	case model.OpReceive:
		return "receiving from " + op.Text
	case model.OpRange:
		return "ranging over " + op.Text
	case model.OpSelect:
		var parts []string
		for _, c := range op.Cases {
			if c.Chan != nil && c.Chan.Fills && len(op.Cases) > 1 {
				continue // a tick sets nobody free
			}
			if d := doing(c); !slices.Contains(parts, d) {
				parts = append(parts, d)
			}
		}
		return strings.Join(parts, " or ")
	case model.OpWait:
		return "waiting for " + op.Group.Name
	case model.OpLock:
		return "locking " + op.Lock.Name
	case model.OpAcquire:
		return "acquiring " + op.Sem.Name
	case model.OpSpawn:
		return "starting a task under " + op.Group.Name
	case model.OpDone:
		return "at its end, because the limit of " + op.Group.Name + " was set after it had started"
	}
	return "in " + op.Text
}
