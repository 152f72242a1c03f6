package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "missedwait",
	Family: Leaks,
	Doc: Doc{
		Summary: "a function returns without waiting for the tasks it started, so they outlive the call",
		What: "The check reports a return between the first task of a group and its `Wait`, when nothing on the path stops the tasks and it is seen what comes of it: " +
			"a task waits for ever for a channel that is only closed on another path; the tasks work on the request's context or with its `http.ResponseWriter`; the call that failed works on the group's context, so that it fails when a task does and hides why; " +
			"or the return gives no error. It also reports a group that nobody waits for at all, a spawner that closes a channel its goroutines send on without having waited for them, and a goroutine of an object that goes round for ever, though the object has a method `Close`, `Stop` or `Shutdown`. " +
			"With `-checks=default,missedwait`, or `all`, it reports the other returns too: those with an error, after which the tasks go on for a while and end.",
		Why: "The caller believes the work is over. The tasks go on beside it: they use what the caller takes back, their errors are lost, and when they block nobody ever notices.",
		Bad: `func setRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(gctx, signal); err != nil {
			return err
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}`,
		Good: `func setWholeRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(gctx, signal); err != nil {
			return errors.Join(g.Wait(), err)
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}`,
		Limits: "Silent when the group is returned, stored or passed on, when a deferred call, another goroutine or a literal waits, when the path cancels the tasks' context or closes a channel they receive from (also deferred), when the function leaves because a context has ended by which they end too, " +
			"at returns with which the process ends (those of `main`, of a command's function, and of what only these call), and in tests and their helpers. A return after which `lostsend` reports the task that waits for ever is not reported beside it. A function that returns `false`, or a flag that is false then, is taken to have reported a failure, and so is one that gives other results, and no error, when it has just found one. Whether a task is quick is not looked at.",
		Silence: "Write `//gatherlint:ignore missedwait REASON` above the line.",
	},
	Run:     runMissedwait,
	Asked:   askedMissedwait,
	Hold:    outlived,
	Remains: true,
})

func runMissedwait(f *model.FanOut) []Finding {
	if f.Body.Ends == model.EndsAlways || len(f.Tasks) == 0 {
		return nil
	}
	if f.Group.Kind == model.Bare {
		return closedEarly(f)
	}
	if !gathersHere(f) {
		return nil
	}
	if len(f.Waits) == 0 {
		return neverWaited(f)
	}
	all := earlyReturns(f)
	for _, p := range all {
		if h := harmOf(f, p); h != nil {
			return []Finding{earlyReturn(f, h, p, all)}
		}
	}
	return nil
}

// askedMissedwait reports the returns after which it is not seen what the tasks do harm
// to: they go on for some time, and end.
func askedMissedwait(f *model.FanOut) []Finding {
	if f.Body.Ends == model.EndsAlways || len(f.Tasks) == 0 || f.Group.Kind == model.Bare || !gathersHere(f) || len(f.Waits) == 0 {
		return nil
	}
	all := earlyReturns(f)
	if len(all) == 0 || slices.ContainsFunc(all, func(p *model.Path) bool { return harmOf(f, p) != nil }) {
		return nil
	}
	return []Finding{earlyReturn(f, goesOn(f), all[0], all)}
}

// gathersHere reports whether nobody but the spawner can wait for the group's tasks.
func gathersHere(f *model.FanOut) bool {
	g := f.Group
	return g.Owner == model.OwnLocal && g.Handed == model.No && !startSignal(f) && !f.GatheredOutside()
}

// earlyReturns are the ways on which the spawner leaves tasks behind, one to each place,
// in the order of the places.
func earlyReturns(f *model.FanOut) []*model.Path {
	g := f.Group
	for _, w := range f.Waits {
		if !f.Within(w) {
			return nil // a goroutine or a literal waits
		}
	}
	masked := map[model.Span]bool{}
	for _, m := range maskedCauses(f) {
		masked[m.At] = true
	}
	started := map[*model.Event]bool{}
	w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Contains(waitsFor(g)):
			if op.Deferred {
				return stage, model.Cut
			}
			return noGroup, model.GoOn
		case f.ToldToEnd(op), f.AwaitsEnd(op), stage != noGroup && f.TakesFromTask(op):
			return stage, model.Cut
		case !op.Deferred && spawnsUnder(op, g):
			if stage == noGroup && op.Gives != nil && startsIfNil(op, g) {
				started[op.Gives] = true
				return startedIfNil, model.GoOn
			}
			return running, model.GoOn
		case op.Kind == model.OpReturn && stage != noGroup && !masked[op.At]:
			if f.EndedWith(op) || f.Body.Ends == model.EndsOnError && !success(op, p) {
				return stage, model.Cut // as with a deferred cancel, or as in main
			}
			return stage, model.Hit
		case op.Kind == model.OpPanic && stage != noGroup && recovers(p):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}, Branch: func(c *model.Cond, holds bool, stage int, p *model.Path) int {
		of, isNil := p.FoundNil(c, holds)
		switch {
		case f.FindsEnd(c, holds):
			return noGroup // the tasks are told by the same
		case stage != startedIfNil || !started[of]:
			return stage
		case isNil:
			return running
		}
		return noGroup
	}}
	paths := w.FindAll()
	slices.SortStableFunc(paths, func(a, b *model.Path) int { return cmp.Compare(a.Op().At.Pos, b.Op().At.Pos) })
	return paths
}

// startedIfNil is the stage of a spawner that has called a function which starts
// tasks, unless it returns an error.
const startedIfNil = waited + 1

// startsIfNil reports whether the function that op calls starts tasks of g on no
// path that it ends with an error, or may: where that is not known, it is taken to.
func startsIfNil(op *model.Op, g *model.Group) bool {
	if op.Kind == model.OpSpawn || op.Into == nil {
		return false
	}
	w := &model.Walk{Body: op.Into, Step: func(o *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case spawnsUnder(o, g):
			return running, model.GoOn
		case o.Kind == model.OpReturn && stage == running && slices.ContainsFunc(o.Errs, isFailure):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() == nil
}

func isFailure(x *model.Err) bool { return x.Kind != model.ErrNil }

// recovers reports whether a deferred call of the path recovers from a panic.
func recovers(p *model.Path) bool {
	for _, d := range p.Ops(func(o *model.Op) bool { return o.Deferred }) {
		if d.Contains(func(o *model.Op) bool { return o.Kind == model.OpRecover }) {
			return true
		}
	}
	return false
}

// startSignal reports whether a task counts itself done and then goes on: the
// group says that tasks have started, or have come to some point, not that they
// have ended.
func startSignal(f *model.FanOut) bool {
	for _, t := range f.Tasks {
		if t.Body == nil || f.Group.Kind != model.WaitGroup {
			continue
		}
		w := &model.Walk{Body: t.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
			switch op.Kind {
			case model.OpDone:
				if op.Group == f.Group && !op.Deferred {
					return waited, model.GoOn
				}
			case model.OpCall, model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpSleep:
				if stage == waited && !op.Deferred {
					return stage, model.Hit
				}
			}
			return stage, model.GoOn
		}}
		if w.Find() != nil {
			return true
		}
	}
	return false
}

// earlyReturn is the finding at a place where the spawner leaves and does harm; others
// have the same cause.
func earlyReturn(f *model.FanOut, h *harm, at *model.Path, all []*model.Path) Finding {
	g := f.Group
	var s steps
	running := someTask()
	if starts := at.Ops(func(o *model.Op) bool { return spawnsUnder(o, g) }); len(starts) > 0 {
		op := starts[0]
		if op.Task == nil {
			s.by(Starts, spawnerOf(f), op.At, "starts tasks under %s in %s", g.Name, op.Text).onto(Group, g.Name)
		} else {
			s.starts(f, op.Task)
			running = taskOf(op.Task)
		}
	}
	if h.kind == Loses {
		s.tell(Fails, running, s[0].At, "the task fails; %s keeps its error and cancels %s", g.Name, derived(g)).onto(Group, g.Name)
	}
	s.decides(spawnerOf(f), f.Evidence, at)
	place := at.Op().At
	_, away := leaving(at.Op())
	if at.Op().Kind == model.OpPanic {
		away += " and recovers"
	}
	s.by(Returns, spawnerOf(f), place, "%s; %s is not called on this path", away, g.Join()).onto(Group, g.Name)
	if i := slices.IndexFunc(all, func(p *model.Path) bool { return p != at }); i >= 0 {
		s.tell(Returns, spawnerOf(f), all[i].Op().At, "or %s returns here", f.Spawner).onto(Group, g.Name)
	}
	if h.at.Pos.IsValid() {
		place = h.at
	}
	s.tell(h.kind, running, place, "%s", h.step)
	return Finding{
		At:      at.Op().At,
		Message: fmt.Sprintf("%s returns without %s; %s", f.Spawner, g.Join(), h.says),
		Steps:   s,
	}
}

func lost(g *model.Group) string {
	if g.Errors() {
		return "; its error is lost"
	}
	return ""
}

// countsTasks reports whether the spawner receives what its tasks send: it may
// wait for them that way, and the group is only left over.
func countsTasks(f *model.FanOut) bool {
	found := false
	model.EachOp(f.Body, func(op *model.Op) bool {
		for _, o := range append([]*model.Op{op}, op.Cases...) {
			found = found || f.TakesFromTask(o)
		}
		return !found
	})
	return found
}

// neverWaited is the finding at a group that nobody waits for. Tasks that are told
// to end need no waiting, if the group is not there to count them: a WaitGroup is.
func neverWaited(f *model.FanOut) []Finding {
	g, t := f.Group, f.Tasks[0]
	if f.Test && g.Kind == model.WaitGroup {
		return nil // a counter that a test has to hand over, or what ends with it
	}
	if countsTasks(f) {
		return nil
	}
	if g.Kind != model.WaitGroup && (!g.Errors() || !anyFails(f)) {
		stopped := false
		model.EachOp(f.Body, func(op *model.Op) bool {
			stopped = stopped || f.ToldToEnd(op)
			return !stopped
		})
		if stopped {
			return nil
		}
	}
	var s steps
	s.starts(f, t)
	s.by(Returns, spawnerOf(f), f.At, "ends without a call of %s, and nothing else has %s", g.Join(), g.Name).onto(Group, g.Name)
	s.tell(GoesOn, taskOf(t), t.At, "the task goes on by itself%s", lost(g))
	and := ""
	if g.Errors() {
		and = " and their errors are lost"
	}
	return []Finding{{
		At:      t.At,
		Message: fmt.Sprintf("nothing ever waits for %s; its tasks outlive %s%s", g.Name, f.Spawner, and),
		Steps:   s,
	}}
}

// closedEarly is for goroutines without a group: the spawner closes the channel
// they send on, and nothing between tells that they are done.
func closedEarly(f *model.FanOut) []Finding {
	sends := map[*model.Chan]*model.Task{}
	for _, t := range f.Tasks {
		if survives(t) {
			continue
		}
		model.EachOp(t.Body, func(op *model.Op) bool {
			for _, o := range append([]*model.Op{op}, op.Cases...) {
				if o.Kind == model.OpSend && o.Chan != nil && sends[o.Chan] == nil {
					sends[o.Chan] = t
				}
			}
			return true
		})
	}
	if len(sends) == 0 {
		return nil
	}
	started := map[*model.Task]int{}
	for i, t := range f.Tasks {
		started[t] = i + 1
	}
	touched := receivers{map[*model.Object]bool{}, map[string]bool{}, map[string]bool{}}
	for _, t := range sends {
		model.EachOp(t.Body, func(op *model.Op) bool {
			touched.add(op)
			return true
		})
	}
	closes := func(join, at int) *model.Path {
		w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
			switch {
			case op.Kind == model.OpSpawn && started[op.Task] > 0:
				return running, model.GoOn
			case stage == running && (op.Contains(joins) || touched.has(op)):
				return join, model.GoOn
			case op.Kind == model.OpClose && !op.Deferred && stage == at && sends[op.Chan] != nil:
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}
		return w.Find()
	}
	p := closes(noGroup, running)
	if p == nil || closes(waited, waited) != nil {
		return nil // a path that joins first: whether it is always taken is not known
	}
	ch := p.Op().Chan
	t := sends[ch]
	var s steps
	s.starts(f, t)
	s.by(Closes, spawnerOf(f), p.Op().At, "closes %s; nothing has told it that the goroutines are done", ch.Name).onto(Channel, ch.Name)
	s.tell(Panics, taskOf(t), t.At, "a goroutine that sends on %s after that panics", ch.Name).onto(Channel, ch.Name)
	return []Finding{{
		At:      t.At,
		Message: fmt.Sprintf("%s closes %s without waiting for the goroutines that send on it; a late send panics", f.Spawner, ch.Name),
		Steps:   s,
	}}
}

// survives reports whether a task asks for a panic, so that one is no end of the process.
func survives(t *model.Task) bool {
	found := false
	model.EachOp(t.Body, func(op *model.Op) bool {
		found = found || op.Runs(func(o *model.Op) bool { return o.Kind == model.OpRecover })
		return !found
	})
	return found
}

// joins reports whether op can be how the spawner learns that goroutines are
// done: it receives, waits, sleeps or calls something not seen with a channel.
func joins(op *model.Op) bool {
	switch op.Kind {
	case model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpAcquire, model.OpSleep, model.OpLock, model.OpSend:
		return true
	}
	return false
}

// receivers are the objects of which methods that are not seen are called. Two calls of the
// same one may belong together as Done and Wait do.
type receivers struct {
	objects map[*model.Object]bool
	names   map[string]bool // of all, as written
	unsure  map[string]bool // of those of which it is not certain which object it is
}

func (r receivers) add(op *model.Op) {
	name := receiverName(op)
	if name == "" {
		return
	}
	r.names[name] = true
	if op.On != nil {
		r.objects[op.On] = true
	} else {
		r.unsure[name] = true
	}
}

// has reports whether op may be a call of one of the objects. Where it is not certain
// which object that is, the same name is taken to mean the same.
func (r receivers) has(op *model.Op) bool {
	name := receiverName(op)
	switch {
	case name == "":
		return false
	case op.On == nil:
		return r.names[name]
	}
	return r.objects[op.On] || r.unsure[name]
}

// receiverName is what a method that is not seen is called on, as written, or the package
// of a function; "" if op is no such call.
func receiverName(op *model.Op) string {
	if op.Kind != model.OpCall || op.Into != nil {
		return ""
	}
	return op.Text[:max(0, strings.LastIndexByte(op.Text, '.'))]
}
