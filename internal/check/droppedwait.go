package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "droppedwait",
	Family: Errors,
	Doc: Doc{
		Summary: "the error of a group's Wait is dropped, so a failed task looks like success",
		What: "An errgroup has one way to say that a task failed: the result of `Wait`. The check reports a `Wait` whose result is not used, assigned to `_` without a comment, " +
			"or assigned to a variable that is not read afterwards, when a task can fail. A type of your own that counts its tasks with a WaitGroup, keeps their errors and gives them back is looked at likewise. It also reports `TryGo` whose result is dropped: at the limit the task silently does not run.",
		Why: "The function reports success for work that was not done.",
		Bad: `func deliverRound(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error { return deliver(gctx, p) })
	}
	g.Wait()
	return nil
}`,
		Good: `func deliverRoundChecked(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error { return deliver(gctx, p) })
	}
	return g.Wait()
}`,
		Limits: "Silent when every task returns nil, when the only error of a task is one that it makes right after it has sent its result (a sign for its siblings to end), when the failing tasks also put their errors somewhere else (a slot, a channel, a collector), when another `Wait` of the same group is used, " +
			"and when no task of the group is seen in the package.",
		Silence: "Write `_ = g.Wait() // why the error does not matter`, or `//gatherlint:ignore droppedwait REASON` above the line.",
	},
	Run: runDroppedwait,
})

func runDroppedwait(f *model.FanOut) []Finding {
	g := f.Group
	if !g.Errors() {
		return droppedOwn(f)
	}
	out := droppedTry(f)
	failing := failingTask(f)
	if failing == nil || g.Told || asksCause(f) {
		return out
	}
	checked := false
	waits := f.Waits
	if len(f.Tasks) == 0 {
		waits = f.EveryWait() // tasks and Wait in different methods
	}
	for _, w := range waits {
		checked = checked || w.Result == model.Used
	}
	for _, w := range f.Waits {
		if w.Result == model.Used || w.Result == model.BlankNoted {
			continue
		}
		looks := func(o *model.Op) bool {
			return o.Kind == model.OpWait && o.Group == g && o.Result == model.Used
		}
		if f.Within(w) && !lastWord(f, w, looks) || checked && !f.Within(w) {
			continue
		}
		out = append(out, droppedFinding(f, failing, w, g.Name, g.Join(), failing.At))
	}
	return out
}

// droppedOwn reports the Wait of a type that keeps the errors of its tasks itself.
func droppedOwn(f *model.FanOut) []Finding {
	waits := f.Evidence.OwnWaits(f)
	looks := func(o *model.Op) bool {
		return slices.ContainsFunc(waits, func(w *model.OwnWait) bool { return w.Op == o && o.Result == model.Used })
	}
	var out []Finding
	for _, w := range waits {
		if w.Task != nil && w.Op.Result != model.Used && w.Op.Result != model.BlankNoted && lastWord(f, w.Op, looks) {
			out = append(out, droppedFinding(f, w.Task, w.Op, w.Name, w.Op.Text, w.Start))
		}
	}
	return out
}

// asksCause reports whether the spawner asks the group's context for the error
// that ended it.
func asksCause(f *model.FanOut) bool {
	found := false
	model.EachOp(f.Body, func(op *model.Op) bool {
		for _, u := range op.Uses {
			found = found || u.Kind == model.UseCause && f.Group.HasCtx && f.Group.Descends(u.Ctx) == model.Yes
		}
		return !found
	})
	return found
}

// lastWord reports whether a path exists on which w comes without a Wait whose result
// is looked at, and the function then reports success: on a path that returns another
// error the task's does not matter.
func lastWord(f *model.FanOut, w *model.Op, looks func(*model.Op) bool) bool {
	walk := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Contains(looks):
			return stage, model.Cut
		case op.Contains(func(o *model.Op) bool { return o == w }):
			return waited, model.GoOn
		case op.Kind == model.OpReturn && stage == waited && success(op, p):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return walk.Find() != nil
}

// success reports whether the return can report no error: it returns nil, a
// variable that the path has not found to be an error, or what a call says.
func success(ret *model.Op, p *model.Path) bool {
	if ret.ErrVar != nil {
		return !p.NonNil(ret.ErrVar)
	}
	for _, x := range ret.Errs {
		asked := x.Direct && (x.Kind == model.ErrCall && !x.Named.Has(model.HintFails) || x.Kind == model.ErrWait)
		if x.Kind != model.ErrNil && !asked {
			return false
		}
	}
	return true
}

// droppedFinding tells of w, a call of join on the group of this name, which is given
// the failing task at start.
func droppedFinding(f *model.FanOut, failing *model.Task, w *model.Op, name, join string, start model.Span) Finding {
	how := "drops its result"
	switch w.Result {
	case model.Blank:
		how = "assigns its result to _"
	case model.Unread:
		how = "assigns its result to a variable that is not read"
	}
	var s steps
	s.starts(f, failing)
	s[len(s)-1].At = start
	s.tell(Fails, taskOf(failing), start, "the task fails; %s keeps its error for Wait", name).onto(Group, name)
	who, then := spawnerOf(f), "goes on"
	if !f.Within(w) {
		who = Actor{Kind: Task, Name: "a goroutine of " + f.Spawner}
	} else if w.Deferred {
		then = "returns"
	}
	s.by(Joins, who, w.At, "calls %s and %s", join, how).onto(Group, name)
	s.tell(Loses, spawnerOf(f), w.At, "the error is gone; %s %s as if the task had succeeded", f.Spawner, then)
	return Finding{
		At:      w.At,
		Message: fmt.Sprintf("the error of %s is dropped; a failed task looks like success", join),
		Steps:   s,
	}
}

// failingTask is a task that can fail and whose error goes to the group alone.
func failingTask(f *model.FanOut) *model.Task {
	for _, t := range f.EveryTask() {
		if t.Fails == model.Yes && t.Keeps != model.Yes {
			return t
		}
	}
	return nil
}

func droppedTry(f *model.FanOut) []Finding {
	var out []Finding
	for _, t := range f.Tasks {
		op := t.Spawn
		if op == nil || !op.Try || op.Result != model.Dropped && op.Result != model.Blank {
			continue
		}
		var s steps
		s.by(Starts, spawnerOf(f), op.At, "calls %s.TryGo while as many tasks run as the limit allows", f.Group.Name).onto(Group, f.Group.Name)
		s.tell(Skips, Actor{Kind: Group, Name: f.Group.Name}, op.At, "TryGo returns false; the task is not started, and nothing looks at the result").On = taskOf(t)
		out = append(out, Finding{
			At:      op.At,
			Message: fmt.Sprintf("the result of %s.TryGo is dropped; at the limit the task silently does not run", f.Group.Name),
			Steps:   s,
		})
	}
	return out
}
