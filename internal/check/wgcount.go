package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/schedule"
)

var _ = register(&Check{
	Name:   "wgcount",
	Family: Leaks,
	Doc: Doc{
		Summary: "the counter of a WaitGroup does not match its tasks: Wait returns too early, never, or the counter goes below zero and panics",
		What: "The check reports an `Add`, or a `Go`, in a goroutine that is not counted itself, which races with `Wait`; an `Add` after the `go` statement of the task that it counts; " +
			"an `Add` of a method that has asked a flag and does not hold the lock any more, where another sets the flag and waits at once; an `Add` that counts more tasks than there are calls of `Done`; and a `Done` more than was added, among them a `Done` in a function given to `WaitGroup.Go`, which calls it by itself. " +
			"Of an errgroup it reports a `SetLimit` while tasks run under another limit: it panics, or races with them where it lifts the limit.",
		Why: "A `Wait` that returns too early lets the function go on with half the results. One that never returns hangs it. A negative counter ends the process.",
		Bad: `func tendAll(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		if open(hive) != nil {
			continue
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}`,
		Good: `func tendEach(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if open(hive) != nil {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}`,
		Limits: "An `Add` or a `Go` that a goroutine comes to with a lock only is not reported as too late: what the lock guards may say so. WaitGroups are not judged once other code can reach them, nor numbers that are not known. Two sizes may be equal by a contract that the code does not state: " +
			"`wg.Add(len(items))` for as many tasks as there are workers is not reported, nor is what two conditions decide that may belong together. " +
			"A task that adds while it is counted itself is right. `Add` as the first statement of a literal in a `go` statement is not reported, because `go vet` does.",
		Silence: "Write `//gatherlint:ignore wgcount REASON` above the line.",
	},
	Run:  movedLimits,
	Play: runWgcount,
	Hold: func(h *model.Holder) []Finding { return lapsed(h, model.OpAdd) },
})

// runWgcount looks at each WaitGroup of the scene, and at what playing it has shown.
// A group with a finding of the first kind has none of the second: the cause is
// the same mostly.
func runWgcount(r *schedule.Result) []Finding {
	var out []Finding
	if len(r.Scene.Parts) > 0 { // how often which client calls what is not known well enough to count
		for _, c := range counters(r.Scene) {
			out = append(out, append(c.doneInGo(), c.addsEarly()...)...)
		}
		return out
	}
	told := map[*model.Group]bool{}
	sure := map[*model.Group]*counter{}
	for _, c := range counters(r.Scene) {
		found := slices.Concat(c.doneInGo(), c.addsLate(), c.addsEarly())
		out = append(out, found...)
		told[c.g] = len(found) > 0
		if c.comparable() {
			sure[c.g] = c
		}
	}
	for _, x := range r.Crashes {
		c := sure[x.Op.Group]
		if c == nil || told[c.g] || x.Op.Kind != model.OpDone && x.Op.Kind != model.OpAdd {
			continue
		}
		told[c.g] = true
		out = append(out, c.belowZero(x))
	}
	for _, l := range leaksOf(r, miscounted) {
		if c := sure[l.cause.Op.Group]; c != nil && !told[c.g] {
			told[c.g] = true
			out = append(out, c.neverZero(l))
		}
	}
	return out
}

// neverZero is the finding where Wait never returns. It stands at the last Add of the
// schedule, but if that adds as often as tasks are done and another does not, at
// the other.
func (c *counter) neverZero(l *leak) Finding {
	g := c.g.Name
	wait := l.cause.Op
	dones := c.symbols(c.dones)
	var add *model.Op
	odd := false
	for i := range l.stuck.Events {
		op := l.stuck.Events[i].Op
		if op == nil || op.Kind != model.OpAdd || op.Group != c.g {
			continue
		}
		differs := !slices.Equal(c.symbolsOf(op), dones)
		if add == nil || differs || !odd {
			add, odd = op, differs
		}
	}
	at := wait.At
	if add != nil {
		at = add.At
	}
	s := c.counting(l.stuck.Events, nil, l.skipsDone(c.g))
	s.tell(Blocks, l.actor(l.cause.Task), wait.At, "nobody is left to call %s.Done; the counter is above zero and %s.Wait never returns", g, g).onto(Group, g)
	return Finding{
		At:      at,
		Message: fmt.Sprintf("%s.Add counts more tasks than there are calls of %s.Done; %s.Wait never returns", g, g, g),
		Steps:   s,
	}
}

// skipsDone is the branch by which the spawner goes past what would count the group down.
func (l *leak) skipsDone(g *model.Group) stepsAt {
	want := func(op *model.Op) bool { return op.Kind == model.OpDone && op.Group == g }
	if d := l.deciding(l.cause.Proc, want); d != nil && !d.taken {
		return l.decided(l.actor(nil), d)
	}
	return stepsAt{}
}

// belowZero is the finding where the counter gets negative. It stands at the Done
// that is written out, which mostly is the one too much, if that is not deferred
// and another one is.
func (c *counter) belowZero(x *schedule.Crash) Finding {
	g := c.g.Name
	at := x.Op
	for i := range x.Events {
		if op := x.Events[i].Op; x.Op.Deferred && op != nil && op.Kind == model.OpDone && op.Group == c.g && !op.Deferred {
			at = op
		}
	}
	l := &leak{scene: c.scene}
	task := x.Task
	for i := range x.Events {
		if x.Events[i].Op == x.Op {
			task = x.Events[i].Task
		}
	}
	s := c.counting(x.Events, x.Op, stepsAt{})
	text := fmt.Sprintf("%s.Done is called more often than %s.Add counts; the counter goes below zero and panics", g, g)
	if x.Op.Kind == model.OpAdd {
		text = fmt.Sprintf("%s.Add takes away more than was added; the counter goes below zero and panics", g)
		s.by(Panics, l.actor(task), x.Op.At, "takes away more than is left; the counter goes below zero and panics").onto(Group, g)
	} else {
		s.by(Panics, l.actor(task), x.Op.At, "calls %s.Done when the counter is zero; it goes below zero and panics", g).onto(Group, g)
	}
	return Finding{At: at.At, Message: text, Steps: s}
}

// counting tells what happens to the counter, each thing once and the last things
// rather than the first, and in between what decides. The event of the op last is left out.
func (c *counter) counting(events []schedule.Event, last *model.Op, decides stepsAt) steps {
	l := &leak{scene: c.scene}
	var s steps
	add := func(e *schedule.Event, on Actor, format string, args ...any) {
		var one steps
		who := l.actor(e.Task)
		one.tell(Counts, who, e.Op.At, "%s %s", subject(who, e.In), fmt.Sprintf(format, args...)).onto(on.Kind, on.Name)
		if !slices.Contains(s, one[0]) {
			s = append(s, one...)
		}
	}
	group := Actor{Kind: Group, Name: c.g.Name}
	for i := range events {
		e := &events[i]
		if i == decides.event {
			s = append(s, decides.steps...)
		}
		if e.Op == nil || i == len(events)-1 && e.Op == last {
			continue
		}
		switch {
		case e.Op.Kind == model.OpAdd && e.Op.Group == c.g:
			add(e, group, "%s with %s.Add", counts(e.Op.N), c.g.Name)
		case e.Op.Kind == model.OpDone && e.Op.Group == c.g:
			add(e, group, "calls %s.Done", c.g.Name)
		case e.Op.Kind == model.OpSpawn && e.Op.Task != nil && (c.goes(e.Op) || c.mentioned(e.Op.Task.Body)):
			add(e, taskOf(e.Op.Task), "starts %s%s", startName(e.Op.Task), often(e.Op.Task))
		}
	}
	if decides.event >= len(events) {
		s = append(s, decides.steps...)
	}
	if len(s) > 5 {
		s = s[len(s)-5:]
	}
	return s
}

// counts says what Add does.
func counts(n *model.Size) string {
	if n == nil || len(n.Terms) > 0 {
		return "counts tasks"
	}
	return fmt.Sprintf("adds %d", n.Const)
}
