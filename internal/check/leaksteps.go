package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

// How a stuck schedule is told: who starts whom, what the others come to do, why
// they leave, and who is blocked in the end.

// actor is a goroutine as an actor.
func (l *leak) actor(t *model.Task) Actor {
	if t == nil {
		return Actor{Kind: Spawner, Name: l.scene.Spawner}
	}
	return taskOf(t)
}

// beside is a goroutine that stands beside another one, which may be another run of
// the same task.
func (l *leak) beside(t *model.Task, first Actor) Actor {
	a := l.actor(t)
	if t != nil && a == first {
		a.Name = another(t)
	}
	return a
}

// another is the name of a second run of a task, or of a second task of one name.
func another(t *model.Task) string {
	if t.What == "function literal" {
		return "another task"
	}
	return "another run of " + t.What
}

// subject is the function that holds what a goroutine does: the goroutine itself,
// unless a function that it calls does it.
func subject(a Actor, in *schedule.Frame) string {
	if name := calledName(in); name != "" {
		return name
	}
	return a.Name
}

// calledName is the name of a function that a goroutine has called, "" for the body
// that it started in, for literals, and for the method of a method value, which the
// goroutine is named after.
func calledName(in *schedule.Frame) string {
	if in == nil || in.Up == nil || in.Body.Literal || in.Up.Body.MadeUp() {
		return ""
	}
	return in.Body.Name
}

// calls tells by which calls a goroutine comes into a function.
func (s *steps) calls(a Actor, in *schedule.Frame) {
	var names []string
	var first *model.Op
	for f := in; f != nil && f.Up != nil; f = f.Up {
		if name := calledName(f); name != "" && f.Call.Text != "" && f.Call.At.Pos.IsValid() { // not so the round of a range over a function
			names, first = append(names, name), f.Call
		}
	}
	if first == nil {
		return
	}
	slices.Reverse(names)
	s.by(Calls, a, first.At, "calls %s", strings.Join(names, ", which calls "))
}

// blocks tells where a goroutine blocks for ever.
func (l *leak) blocks(s *steps, b *schedule.Blocked) { l.blocksAs(s, l.actor(b.Task), b) }

func (l *leak) blocksAs(s *steps, who Actor, b *schedule.Blocked) {
	s.tell(Blocks, who, b.Op.At, "%s blocks for ever %s", subject(who, b.In), doing(b.Op)).with(b.Op)
}

// stays is the end of a schedule whose message says already at what the goroutine is
// blocked.
func (l *leak) stays(s *steps, who Actor, b *schedule.Blocked) {
	if b.Op.Kind == model.OpWait {
		l.blocksAs(s, who, b)
		return
	}
	s.tell(Blocks, who, b.Op.At, "%s waits here for ever", subject(who, b.In)).with(b.Op)
}

// maxTold is how many steps come before the last one.
const maxTold = 5

// schedule tells how it comes to the blocked goroutine: its start, what the others
// do, why they leave, and where. The last thing to tell, after which there is no
// room for more than left, is up to the caller.
func (l *leak) schedule(left int) steps {
	var s steps
	b := l.cause
	if b.Task != nil {
		l.starts(&s, b.Task, b.Proc)
	}
	first := len(s)
	s.calls(l.actor(b.Task), b.In)
	called := len(s) - first
	l.others(&s)
	most := maxTold + 1 - left
	if len(s) > most {
		s = append(s[:first:first], s[max(first+called, len(s)-most+first):]...)
	}
	return l.startsOfOthers(s, first, most)
}

// startsOfOthers puts in front of what is told of other tasks, at step first, that they
// are started, as far as there is room: no more than most steps.
func (l *leak) startsOfOthers(s steps, first, most int) steps {
	var starts steps
	told := map[*model.Task]bool{l.cause.Task: true}
	for _, e := range l.stuck.Events {
		if e.Op == nil || e.Op.Kind != model.OpSpawn || e.Op.Task == nil || told[e.Op.Task] {
			continue
		}
		told[e.Op.Task] = true
		who := taskOf(e.Op.Task)
		if slices.ContainsFunc(s[first:], func(x Step) bool { return x.Actor == who }) {
			l.starts(&starts, e.Op.Task, e.With)
		}
	}
	return slices.Insert(s, first, starts[:min(len(starts), max(0, most-len(s)))]...)
}

// starts tells who starts a goroutine.
func (l *leak) starts(s *steps, t *model.Task, proc int) {
	who := l.actor(nil)
	var in *schedule.Frame
	for _, e := range l.stuck.Events {
		if e.Op != nil && e.Op.Kind == model.OpSpawn && e.With == proc {
			who, in = l.actor(e.Task), e.In
		}
	}
	s.calls(who, in)
	s.tell(Starts, who, t.At, "%s starts %s%s", subject(who, in), startName(t), often(t)).On = l.actor(t)
}

// A stepsAt is steps with the event that they belong to.
type stepsAt struct {
	event int
	steps steps
}

// others tells, in the order of events, what the other goroutines come to do: of
// those that could have set the blocked one free, why they leave and where, and of
// the rest the last thing of note.
func (l *leak) others(s *steps) {
	var all []stepsAt
	want := partner(l.cause.Op)
	for i := range l.stuck.Events {
		e := &l.stuck.Events[i]
		if e.Op != nil && e.Op.Kind == model.OpStop && e.Op.Chan == l.cause.Op.Chan {
			all = append(all, l.happens(l.beside(e.Task, l.actor(l.cause.Task)), i))
			continue
		}
		if e.Op == nil || e.Ends || e.Proc == l.cause.Proc || e.Proc < 0 || e.Task == nil && !l.stuck.Returned || l.lastReturn(e.Proc) != e {
			continue
		}
		who := l.beside(e.Task, l.actor(l.cause.Task))
		switch {
		case e.Task == nil || findOp(e.Task.Body, want) != nil:
			all = append(all, l.leavesAt(who, i, want)...)
		case l.endsWithError(e.Proc):
			all = append(all, l.leavesAt(who, i, nil)...)
		default:
			if j := l.before(i); j >= 0 && l.concerns(l.stuck.Events[j].Op) {
				all = append(all, l.happens(who, j))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b stepsAt) int { return cmp.Compare(a.event, b.event) })
	seen := map[string]bool{}
	for _, x := range all {
		for _, step := range x.steps {
			if !seen[step.Text] {
				seen[step.Text] = true
				*s = append(*s, step)
			}
		}
	}
}

// concerns reports whether the goroutine that blocks, or one that could set it free, uses
// what an op works on.
func (l *leak) concerns(op *model.Op) bool {
	if op.Chan == nil {
		return true
	}
	uses := func(o *model.Op) bool { return o.Chan == op.Chan }
	if l.cause.Task != nil {
		return findOp(l.cause.Task.Body, uses) != nil
	}
	want := partner(l.cause.Op)
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool {
		return e.Task != nil && findOp(e.Task.Body, want) != nil && findOp(e.Task.Body, uses) != nil
	})
}

// endsWithError reports whether a goroutine fails in the schedule, as its group
// sees it.
func (l *leak) endsWithError(proc int) bool {
	return slices.ContainsFunc(l.stuck.Events, func(e schedule.Event) bool { return e.Proc == proc && e.Ends && e.Fail })
}

// leavesAt tells why the goroutine leaves at event i, and where.
func (l *leak) leavesAt(who Actor, i int, want func(*model.Op) bool) []stepsAt {
	e := &l.stuck.Events[i]
	var out []stepsAt
	at := e.Op
	if d := l.deciding(e.Proc, want); d != nil {
		if why := l.decided(who, d); len(why.steps) > 0 {
			out = append(out, l.cameBy(who, e.Proc, d)...)
			out = append(out, l.failsBelow(who, d)...)
			out = append(out, why)
		}
		if op := d.leaves(); op != nil && d.In == e.In {
			at = op
		}
	}
	if j := l.before(i); j >= 0 && len(out) == 0 {
		out = append(out, l.happens(who, j))
	}
	if op := receivedBefore(e.In, at); op != nil && (len(out) == 0 || out[len(out)-1].steps[0].At != op.At) {
		var s steps
		s.tell(Receives, who, op.At, "%s receives from %s", subject(who, e.In), op.Text).with(op)
		out = append(out, stepsAt{i, s})
	}
	like := ""
	if e.Task != nil && e.Task.InLoop && e.Task != l.cause.Task && l.cause.Op.Kind != model.OpWait && l.allLeaveAt(e) {
		like = ", like all the others"
	}
	var s steps
	step, how := leaving(at)
	s.tell(step, who, at.At, "%s %s%s", subject(who, e.In), how, like)
	return append(out, stepsAt{i, s})
}

// allLeaveAt reports whether all goroutines of a task leave where it does in event e.
func (l *leak) allLeaveAt(e *schedule.Event) bool {
	for _, o := range l.stuck.Events {
		if o.Task != e.Task {
			continue
		}
		if last := l.lastReturn(o.Proc); last == nil || last.Op != e.Op {
			return false
		}
	}
	return true
}

// receivedBefore is the last receive from a channel of others on the straight way to
// a return. It is no event of the schedule: nobody knows who sends.
func receivedBefore(in *schedule.Frame, ret *model.Op) *model.Op {
	if in == nil || in.Body == nil {
		return nil
	}
	for _, b := range in.Body.Blocks {
		i := slices.Index(b.Ops, ret)
		for ; i > 0; i-- {
			if op := b.Ops[i-1]; onChannel(op) || op.Kind == model.OpWait {
				if op.Kind == model.OpReceive && !op.Deferred && (op.Chan == nil || !op.Chan.Inside) {
					return op
				}
				return nil
			}
		}
	}
	return nil
}

// before is the last event of note of the goroutine before it left at event i, or -1.
func (l *leak) before(i int) int {
	for j := i - 1; j >= 0; j-- {
		e := &l.stuck.Events[j]
		if e.Proc == l.stuck.Events[i].Proc && e.Op != nil && (onChannel(e.Op) || e.Op.Kind == model.OpWait) {
			return j
		}
	}
	return -1
}

// happens says what the goroutine does in event i.
func (l *leak) happens(who Actor, i int) stepsAt {
	e := &l.stuck.Events[i]
	var s steps
	tell := func(kind StepKind, text string) *Step {
		return s.tell(kind, who, e.Op.At, "%s %s", subject(who, e.In), text).with(e.Op)
	}
	switch e.Op.Kind {
	case model.OpSend:
		tell(Sends, "sends on "+e.Op.Text)
	case model.OpReceive, model.OpRange:
		if e.Sel != nil {
			tell(Receives, "takes the case of "+e.Op.Text).Way = Case
		} else {
			tell(Receives, "receives from "+e.Op.Text)
		}
	case model.OpStop:
		tell(Closes, "calls "+e.Op.Text)
	case model.OpWait:
		tell(Joins, "comes back from "+e.Op.Group.Join())
	default:
		tell(GoesOn, "goes on")
	}
	return stepsAt{i, s}
}

// leaving is the step at which a goroutine leaves, and how it does.
func leaving(op *model.Op) (step StepKind, how string) {
	switch op.Kind {
	case model.OpPanic:
		return Panics, "panics here"
	case model.OpGoexit:
		return Ends, "ends here with " + op.Text
	}
	return Returns, "returns here"
}

func startName(t *model.Task) string {
	if t.What == "function literal" {
		return "a task"
	}
	return t.What
}

func often(t *model.Task) string {
	if t.InLoop {
		return ", in a loop"
	}
	return ""
}
