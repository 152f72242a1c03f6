package check

import (
	"fmt"
	"go/token"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "maskedcause",
	Family: Errors,
	Doc: Doc{
		Summary: "the spawner returns the error of the group's dead context in place of the error that killed it",
		What: "When a task fails, the group's context is cancelled. A spawner that notices this first, in `ctx.Err()` or in a call that gives up with the context such as a semaphore's `Acquire`, " +
			"and returns that error before or instead of `Wait`'s, reports `context canceled`. The check reports such a return. " +
			"Likewise for tasks without a group that keeps errors, which hand theirs to the cancel function of `context.WithCancelCause`: `ctx.Err()` is `context canceled` all the same, and only `context.Cause` has the error.",
		Why: "The caller sees a cancellation that nobody asked for, while the cause stays in the group. Often the tasks are not waited for either.",
		Bad: `func scanShelf(ctx context.Context, sem *semaphore.Weighted, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(gctx, 1); err != nil {
			_ = g.Wait() // no scanner may run on after the return
			return err
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}`,
		Good: `func scanShelfToEnd(ctx context.Context, sem *semaphore.Weighted, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if sem.Acquire(gctx, 1) != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}`,
		Limits: "In a task, returning the context's error is right: the group keeps the first error. `context.Cause` is right anywhere. " +
			"Calls of other packages that return the context's error are known from their summaries and a small table; others are left to missedwait. Silent when a deferred call waits.",
		Silence: "Write `//gatherlint:ignore maskedcause REASON` above the line.",
	},
	Run: func(f *model.FanOut) []Finding {
		return append(maskedCauses(f), maskedCancels(f)...)
	},
})

func maskedCauses(f *model.FanOut) []Finding {
	g := f.Group
	if !g.HasCtx || failingTask(f) == nil && !anyFails(f) {
		return nil
	}
	if !returnsDead(f) {
		return nil
	}
	causes := map[*model.Op]*model.Err{}
	waits := map[*model.Event]bool{}
	w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		if op.Contains(waitsFor(g)) {
			switch {
			case op.Contains(heard(g)) && op.Deferred:
				return stage, model.Cut
			case op.Contains(heard(g)):
				if heard(g)(op) && op.Gives != nil {
					waits[op.Gives] = true
				}
				return heardWait, model.GoOn
			case stage == running && !op.Deferred:
				return waited, model.GoOn
			}
			return stage, model.GoOn
		}
		if spawnsUnder(op, g) {
			return running, model.GoOn
		}
		if op.Kind != model.OpReturn || stage == noGroup {
			return stage, model.GoOn
		}
		for _, x := range op.Errs {
			if stage == heardWait && !x.Direct {
				continue // kept from before; Wait may have said nil
			}
			if x.Kind == model.ErrCtx && g.Descends(x.Ctx) == model.Yes {
				causes[op] = x
				return stage, model.Hit
			}
		}
		return stage, model.GoOn
	}, Branch: func(c *model.Cond, holds bool, stage int, p *model.Path) int {
		if of, isNil := p.FoundNil(c, holds); stage == heardWait && isNil && waits[of] {
			return noGroup // no task failed, so nothing is hidden
		}
		return stage
	}}
	var out []Finding
	for _, p := range w.FindAll() {
		out = append(out, maskedFinding(f, p.Op(), causes[p.Op()]))
	}
	return out
}

// returnsDead reports whether a return of the spawner gives the error of the
// group's context on any path at all.
func returnsDead(f *model.FanOut) bool {
	for _, blk := range f.Body.Blocks {
		for _, op := range blk.Ops {
			for _, x := range op.Errs {
				if x.Kind == model.ErrCtx && f.Group.Descends(x.Ctx) == model.Yes {
					return true
				}
			}
		}
	}
	return false
}

// waitedBefore reports whether a Wait of the group comes before the return on
// some path.
func waitedBefore(f *model.FanOut, ret *model.Op) bool {
	w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Contains(waitsFor(f.Group)):
			return waited, model.GoOn
		case op == ret && stage == waited:
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() != nil
}

// heardWait is the stage after a Wait whose result is looked at.
const heardWait = waited + 1

// heard reports whether an op waits for g and looks at what it says.
func heard(g *model.Group) func(*model.Op) bool {
	return func(o *model.Op) bool {
		return o.Kind == model.OpWait && o.Group == g && o.Result == model.Used
	}
}

// spawnsUnder reports whether op starts a task of g.
func spawnsUnder(op *model.Op, g *model.Group) bool {
	return op.Contains(func(o *model.Op) bool { return o.Kind == model.OpSpawn && o.Group == g })
}

// deadName is the dead context as the call that gave the error names it.
func deadName(g *model.Group, x *model.Err) string {
	if x.CtxText != "" {
		return x.CtxText
	}
	return derived(g)
}

func anyFails(f *model.FanOut) bool {
	for _, t := range f.EveryTask() {
		if t.Fails == model.Yes {
			return true
		}
	}
	return false
}

func maskedFinding(f *model.FanOut, ret *model.Op, x *model.Err) Finding {
	g := f.Group
	var s steps
	if len(f.Tasks) > 0 {
		s.starts(f, f.Tasks[0])
	}
	fails := g.Made
	failing := someTask()
	if len(f.Tasks) > 0 {
		fails, failing = f.Tasks[0].At, taskOf(f.Tasks[0])
	}
	s.tell(Fails, failing, fails, "the task fails; %s keeps its error and cancels %s", g.Name, derived(g)).onto(Group, g.Name)
	if x.At.IsValid() {
		s.tell(Fails, spawnerOf(f), model.SpanAt(x.At), "%s returns context canceled", x.Text).onto(Context, derived(g))
	}
	s.by(Loses, spawnerOf(f), ret.At, "returns that error; the one that caused it stays in %s", g.Name).onto(Group, g.Name)
	fd := Finding{
		At: ret.At,
		Message: fmt.Sprintf("%s returns the error of the dead context %s; the error of the task that failed stays in %s",
			f.Spawner, deadName(g, x), g.Name),
		Steps: s,
	}
	// Waiting first gives the cause, and what was returned where nothing failed
	// but the caller gave up. It is certain to come back only if no task can be
	// waiting for the spawner to close a channel.
	if g.Kind == model.ErrGroup && ret.Single && len(ret.Errs) == 1 && ret.Value.Pos.IsValid() && !f.Receives() && !waitedBefore(f, ret) &&
		g.Var != nil && f.Evidence.Visible(g.Name, g.Var.Pos, ret.At.Pos) && f.Evidence.Visible("cause", token.NoPos, ret.At.Pos) {
		fd.Fixes = []Fix{{
			Title: fmt.Sprintf("Return what %s.Wait says first", g.Name),
			Edits: []Edit{{
				Span: model.Span{Pos: ret.At.Pos, End: ret.At.Pos},
				New:  fmt.Sprintf("if cause := %s.Wait(); cause != nil {\nreturn cause\n}\n", g.Name),
			}},
		}}
	}
	return fd
}
