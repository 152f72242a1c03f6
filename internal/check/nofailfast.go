package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "nofailfast",
	Family: Cancellation,
	Doc: Doc{
		Summary: "a task of a plain group runs until a context ends, so when a sibling fails `Wait` does not return",
		What: "A plain `errgroup.Group` has no context. The check reports one where a task can fail while a sibling runs until a context ends: it waits for that, or goes round a loop that asks for it and is left then, or when a call of its own fails, and nowhere else. " +
			"When it is named, it also reports a group whose spawner returns an error when a task has failed, while a sibling is at work that could be stopped: a call or wait that ends with a context, or a loop of calls that can fail.",
		Why: "`Wait` returns when the last task is done. A sibling that runs until it is told to stop keeps `Wait` from returning: the error is not seen, and what has failed is not known to be gone. The others work for a result that is thrown away.",
		Bad: `func openSeason(ctx context.Context, h hive) error {
	var g errgroup.Group
	g.Go(func() error { return h.inspect(ctx) })
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}`,
		Good: `func openSeasonIfWell(ctx context.Context, h hive) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.inspect(gctx) })
	g.Go(func() error { return h.guard(gctx) })
	return g.Wait()
}`,
		Limits: "By default silent where anybody in the function may cancel the sibling's context, where that has a time limit, is kept in a field or comes from a call, and where another task stops what the sibling may work on. For those who name it, silent where the spawner or a failing task cancels the siblings' context or closes a channel, where the errors or failures are also kept elsewhere (a slot for each task, a collector), when the group comes from elsewhere or is handed on, " +
			"and when the siblings make single calls without a context. WaitGroups are not looked at: they carry no error. " +
			"Whether every task is meant to run to its end, as when things are removed one by one, cannot be seen, nor that calls of another package fail with their context only: of what is told only to those who name it, 12 of 13 findings in 15 modules were right.",
		Silence: "Where the others are meant to work on, keep every error (`errors.Join`), or write `//gatherlint:ignore nofailfast REASON` above the line.",
	},
	Run: lastingBeside,
	Asked: func(f *model.FanOut) []Finding {
		if lastingBeside(f) != nil {
			return nil
		}
		return workedInVain(f)
	},
})

// plainGroup reports whether it is a group without a context that nobody else has.
func plainGroup(g *model.Group) bool {
	return g.Kind == model.ErrGroup && !g.HasCtx && g.Owner == model.OwnLocal && g.Handed == model.No && !g.Shared
}

// workedInVain is the finding of tasks that work on for a result that is thrown away.
func workedInVain(f *model.FanOut) []Finding {
	if !plainGroup(f.Group) {
		return nil
	}
	w := failsWithTask(f)
	if w == nil {
		return nil
	}
	for _, t := range f.Tasks {
		if !failsAlive(t) || t.Keeps == model.Yes {
			continue
		}
		for _, sibling := range f.Tasks {
			if sibling == t && !t.InLoop || told(f, sibling) || endedBeside(f, sibling, nil, w) || doneBeside(f, sibling, closes) {
				continue
			}
			if work := stoppable(sibling); work != nil {
				return []Finding{nofailfastFinding(f, t, sibling, work, w)}
			}
		}
	}
	return nil
}

// work is what a task is at when a sibling fails.
type work struct {
	at   model.Span
	text string
	ctx  string // the context it would end with, "" if none
}

// stoppable is the first work of the task that a context could stop, nil if there
// is none.
func stoppable(t *model.Task) *work {
	var found *work
	var visit func(b *model.Body, looped bool, depth int)
	visit = func(b *model.Body, looped bool, depth int) {
		if b == nil || depth > maxChain {
			return
		}
		for _, blk := range b.Blocks {
			inLoop := looped || len(blk.Loops) > 0
			for _, op := range blk.Ops {
				if found != nil || op.Deferred || op.Kind == model.OpSpawn {
					continue
				}
				if cleansUp(op) {
					continue
				}
				found = stoppableOp(op, inLoop)
				visit(op.Into, inLoop, depth+1)
				for _, lit := range op.Lits {
					visit(lit, inLoop, depth+1)
				}
			}
		}
	}
	visit(t.Body, false, 0)
	return found
}

// told reports whether the task uses a context that a task or the spawner ends.
func told(f *model.FanOut, t *model.Task) bool {
	found := false
	model.EachOp(t.Body, func(op *model.Op) bool {
		for _, u := range op.AllUses() {
			found = found || f.TasksCancel(u.Ctx, nil) || spawnerCancels(f, u.Ctx)
		}
		return !found
	})
	return found
}

// spawnerCancels reports whether the spawner itself ends the context while it runs:
// it tells the tasks to end before it waits for them.
func spawnerCancels(f *model.FanOut, ctx []*model.Ctx) bool {
	for _, blk := range f.Body.Blocks {
		for _, op := range blk.Ops {
			if op.Kind == model.OpCancel && !op.Deferred && model.MayEnd(op.Ctx, ctx) {
				return true
			}
		}
	}
	return false
}

// cleansUp reports whether op uses contexts, and only to clean up.
func cleansUp(op *model.Op) bool {
	for _, u := range op.Uses {
		if !u.Cleanup {
			return false
		}
	}
	return len(op.Uses) > 0
}

func stoppableOp(op *model.Op, inLoop bool) *work {
	uses := op.Uses
	for _, c := range op.Cases {
		uses = append(uses[:len(uses):len(uses)], c.Uses...)
	}
	for _, u := range uses {
		switch u.Kind {
		case model.UseCall, model.UseGroup, model.UseDone:
			if u.Cancels == model.Yes && !u.Cleanup && !u.Drains {
				what := u.Callee
				if what == "" {
					what = "waiting for " + u.Text
				}
				return &work{u.At, what, u.Text}
			}
		}
	}
	if inLoop && op.Kind == model.OpCall && op.Text != "" && (op.Opaque || op.Given) && op.Into == nil {
		return &work{op.At, op.Text, ""}
	}
	return nil
}

// failsWithTask is a Wait of the spawner after which it returns an error if a task
// has failed: the result of Wait itself, or another error where that is not nil.
func failsWithTask(f *model.FanOut) *model.Op {
	for _, w := range f.Waits {
		if w.Result != model.Used || w.Deferred || !f.Within(w) {
			continue
		}
		walk := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case op == w:
				return waited, model.GoOn
			case op.Kind == model.OpReturn && stage == waited && returnsWait(op):
				return stage, model.Hit
			}
			return stage, model.GoOn
		}}
		if walk.Find() != nil || failsWhereNotNil(f.Body, w) {
			return w
		}
	}
	return nil
}

// returnsWait reports whether the error returned is, or wraps, the group's.
func returnsWait(ret *model.Op) bool {
	for _, x := range ret.Errs {
		if x.Kind == model.ErrWait {
			return true
		}
	}
	return false
}

// failsWhereNotNil reports whether body returns an error of its own in blocks that
// are only come to when the result of w is not nil.
func failsWhereNotNil(body *model.Body, w *model.Op) bool {
	var kept *model.Var
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if op.Kind == model.OpSet && w.Gives != nil && op.Val != nil && op.Val.Gives == w.Gives {
				kept = op.Var
			}
		}
	}
	for _, blk := range body.Blocks {
		c := blk.Cond
		if c == nil || !c.Fails || len(blk.Succs) != 2 || c.X == nil || c.X.Var != kept || kept == nil {
			continue
		}
		failed, well := blk.Succs[0], blk.Succs[1]
		if !c.Neg {
			failed, well = well, failed
		}
		other := well.Onward(nil)
		for b := range failed.Onward(nil) {
			if !other[b] && returnsError(b) {
				return true
			}
		}
	}
	return false
}

// returnsError reports whether the block ends with a return of an error.
func returnsError(b *model.Block) bool {
	for _, op := range b.Ops {
		if op.Kind != model.OpReturn || len(op.Errs) == 0 {
			continue
		}
		for _, x := range op.Errs {
			if x.Kind == model.ErrNil {
				return false
			}
		}
		return true
	}
	return false
}

// failsUnheard tells of a task that fails, and of a sibling that does not hear of it.
func failsUnheard(f *model.FanOut, failing, sibling *model.Task) (s steps) {
	g := f.Group
	s.by(Makes, spawnerOf(f), g.Made, "makes %s without a context", g.Name).onto(Group, g.Name)
	s.starts(f, failing)
	if sibling != failing {
		s.starts(f, sibling)
	}
	s.by(Fails, taskOf(failing), failing.At, "fails; %s keeps the error and has nothing to stop the siblings with", g.Name).onto(Group, g.Name)
	return s
}

func nofailfastFinding(f *model.FanOut, failing, sibling *model.Task, work *work, w *model.Op) Finding {
	g := f.Group
	s := failsUnheard(f, failing, sibling)
	until := ""
	if work.ctx != "" {
		until = ", which ends with " + work.ctx + " only"
	}
	s.by(GoesOn, Actor{Kind: Task, Name: "a sibling"}, work.at, "goes on with %s%s", work.text, until)
	s.by(Waits, spawnerOf(f), w.At, "waits for it in %s, and then returns an error", g.Join()).onto(Group, g.Name)
	return Finding{
		At:      g.Made,
		Message: fmt.Sprintf("%s has no context; when one task fails the others go on with %s, and %s fails all the same", g.Name, work.text, f.Spawner),
		Steps:   s,
	}
}
