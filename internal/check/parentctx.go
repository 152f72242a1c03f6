package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "parentctx",
	Family: Cancellation,
	Doc: Doc{
		Summary: "a task uses a context that does not die when its group fails, so it goes on after a sibling failed",
		What: "`errgroup.WithContext` derives a context that is cancelled when a task of the group fails. " +
			"A task that makes a cancellable call, or waits, with the context the group was derived from never hears of it. " +
			"The check follows the value, not the name: captured variables, arguments, fields of local structs, and functions of the package that the task calls. " +
			"It reports a task once, where it first uses the wrong context.",
		Why: "`Wait` returns only when every task has returned. A request that nobody needs any more runs to its end or its own timeout, " +
			"the error is reported late, and under load the useless work is what the next attempt competes with.",
		Bad: `func morningReport(ctx context.Context, gauge, radar string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return download(gctx, gauge)
	})
	g.Go(func() error {
		return download(ctx, radar)
	})
	return g.Wait()
}`,
		Good: `func eveningReport(ctx context.Context, gauge, radar string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return download(gctx, gauge)
	})
	g.Go(func() error {
		return download(gctx, radar)
	})
	return g.Wait()
}`,
		Limits: "A call counts as cancellable when its body or summary shows it, or when it takes a context and returns an error. " +
			"Silent where the other context is meant: in deferred calls, after an error or the end of a context was seen (but not for a call whose answer decides whether to try again), in calls named like a clean-up (`Shutdown`, `Rollback`, `Close`, ...), " +
			"for a call that also drains a channel, when no sibling can fail, and for contexts that have nothing to do with the group's parent. " +
			"Contexts that reach the task through maps, channels or other packages' structs are not followed.",
		Silence: "Derive the task's context in a way that says so, e.g. `context.WithoutCancel(ctx)`, or write `//gatherlint:ignore parentctx REASON` above the line.",
	},
	Run: runParentctx,
})

func runParentctx(f *model.FanOut) []Finding {
	if !f.Group.HasCtx || f.Group.CtxUsed == model.No && eachTells(f) || len(lostContext(f)) > 0 {
		return nil
	}
	w := &wrongUses{f: f}
	w.visit(f.Body, nil, nil)
	for _, lit := range f.Body.Loose {
		w.visit(lit, nil, nil)
	}
	return w.found
}

// useGroupCtx replaces every wrong context of the task by the group's. It is
// offered when all of them are plain variables in the spawner's own source that
// hold the group's parent itself and are still used elsewhere, and the group's name
// means the same there.
func (w *wrongUses) useGroupCtx(t *model.Task) []Fix {
	f, g := w.f, w.f.Group
	if g.CtxVar == nil {
		return nil
	}
	var edits []Edit
	var at []model.Span
	certain := true
	model.EachOp(t.Body, func(op *model.Op) bool {
		if u := wrongUse(f, op); u != nil && !op.Deferred {
			certain = certain && u.IsVariable() && isParent(g, u.Ctx) && u.Text != g.CtxName && within(u.At, f.Extent) &&
				f.Evidence.Visible(g.CtxName, g.CtxVar.Pos, u.At.Pos)
			edits = append(edits, Edit{Span: u.At, New: g.CtxName})
			at = append(at, u.At)
		}
		return certain
	})
	if !certain || len(edits) == 0 || !f.Evidence.Spare(at) {
		return nil
	}
	return []Fix{{Title: fmt.Sprintf("Use %s, which dies when %s fails", g.CtxName, g.Name), Edits: unique(edits)}}
}

// wrongUses looks for the first use of a context in each task that outlives the
// group's.
type wrongUses struct {
	f     *model.FanOut
	found []Finding
}

// visit walks body; chain is the ops that lead to it from the spawner, task the
// task that it runs in, nil for the spawner itself. It reports whether it found
// something in the task.
func (w *wrongUses) visit(body *model.Body, chain []*model.Op, task *model.Task) bool {
	if body == nil {
		return false
	}
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if w.op(op, append(chain[:len(chain):len(chain)], op), task) {
				return true
			}
		}
	}
	return false
}

func (w *wrongUses) op(op *model.Op, chain []*model.Op, task *model.Task) bool {
	if op.Kind == model.OpSpawn {
		t := op.Task
		if task == nil && op.Group == w.f.Group && t != nil && w.f.Siblings(t) {
			w.visit(t.Body, chain, t)
		}
		return false
	}
	if task != nil {
		if op.Deferred {
			return false
		}
		if u := wrongUse(w.f, op); u != nil && !task.Consumes() && !w.f.Reacts(u.Ctx) && !w.f.TasksCancel(u.Ctx, task) && !w.endsItself(u.Ctx, task) {
			w.found = append(w.found, w.finding(chain, task, u))
			return true
		}
	}
	if !w.givenGroupCtx(op) && w.visit(op.Into, chain, task) {
		return true
	}
	for _, lit := range op.Lits {
		if w.visit(lit, chain, task) {
			return true
		}
	}
	return false
}

// givenGroupCtx reports whether op calls a function of the package with the
// group's context: what that function does with a context of its own it does
// knowing both.
func (w *wrongUses) givenGroupCtx(op *model.Op) bool {
	for _, u := range op.Uses {
		if w.f.Group.Descends(u.Ctx) == model.Yes {
			return true
		}
	}
	return false
}

// endsItself reports whether the tasks started at the same place cancel, when one
// of them fails, a context that both the group and ctx derive from.
func (w *wrongUses) endsItself(ctx []*model.Ctx, task *model.Task) bool {
	found := false
	model.EachOp(task.Body, func(op *model.Op) bool {
		found = found || op.Kind == model.OpCancel && model.MayEnd(op.Ctx, w.f.Group.Parent) && model.MayEnd(op.Ctx, ctx)
		return !found
	})
	return found
}

// wrongUse is a context that op itself depends on although it lives on when the
// group fails.
func wrongUse(f *model.FanOut, op *model.Op) *model.Use {
	if op.Kind == model.OpSelect && (op.Default || hears(f.Group, op)) {
		return nil
	}
	uses := op.Uses
	for _, c := range op.Cases {
		uses = append(uses[:len(uses):len(uses)], c.Uses...)
	}
	for _, u := range uses {
		if op.Kind == model.OpCall && f.Group.Descends(u.Ctx) != model.No {
			return nil // given both contexts, the callee uses each for what it is for
		}
	}
	for _, u := range uses {
		switch u.Kind {
		case model.UseCall, model.UseGroup, model.UseDone:
		default:
			continue
		}
		if u.Cancels == model.Yes && !u.Cleanup && !u.Drains && f.Group.Ancestral(u.Ctx) == model.Yes {
			return u
		}
	}
	return nil
}

// hears reports whether a case of the select fires when the group fails, or may.
func hears(g *model.Group, sel *model.Op) bool {
	for _, c := range sel.Cases {
		for _, u := range c.Uses {
			if g.Descends(u.Ctx) != model.No {
				return true
			}
		}
		if c.Kind == model.OpReceive && c.Chan != nil && c.Chan.Local {
			return true // a sibling or the spawner can tell it another way
		}
	}
	return false
}

// place is where the finding belongs: where the spawner's own source chooses the
// context, or else in the task that uses it.
func (w *wrongUses) place(chain []*model.Op, u *model.Use) (at model.Span, name, callee string) {
	at, name, callee = u.At, u.Text, u.Callee
	if within(u.At, w.f.Extent) {
		return at, name, callee
	}
	for i := len(chain) - 1; i >= 0; i-- {
		op := chain[i]
		if !within(op.At, w.f.Extent) || op.At.Pos == op.At.End {
			continue // elsewhere, or made up by the compiler
		}
		if op.Kind == model.OpSpawn {
			if arg := w.argument(op); arg != nil {
				return arg.At, arg.Text, arg.Callee
			}
			continue
		}
		for _, own := range op.Uses {
			if w.f.Group.Ancestral(own.Ctx) == model.Yes {
				return own.At, own.Text, own.Callee
			}
		}
		if origin := model.Origins(u.Ctx); origin != "" {
			name = origin
		}
		return op.At, name, op.Text
	}
	return at, name, callee
}

// argument is the wrong context in a call that makes the task's function, as in
// g.Go(downloader(ctx, url)).
func (w *wrongUses) argument(spawn *model.Op) *model.Use {
	for _, blk := range w.f.Body.Blocks {
		for _, op := range blk.Ops {
			if op == spawn || !within(op.At, spawn.At) {
				continue
			}
			for _, u := range op.Uses {
				if w.f.Group.Ancestral(u.Ctx) == model.Yes {
					return u
				}
			}
		}
	}
	return nil
}

func (w *wrongUses) finding(chain []*model.Op, t *model.Task, u *model.Use) Finding {
	f, g := w.f, w.f.Group
	at, name, where := w.place(chain, u)
	during, onward := "is in "+u.Callee, u.Callee
	switch {
	case u.Kind == model.UseDone:
		during, onward = "waits for the end of "+u.Text, "the task"
		where = "it"
	case u.Callee == "exec.CommandContext":
		during, onward = "runs the command made by exec.CommandContext", "the command"
	}
	dead, alive := derived(g), u.Text
	if dead == alive {
		dead, alive = "the group's "+dead, "the "+alive+" that the task holds"
	}
	var s steps
	s.by(Makes, spawnerOf(f), g.Made, "makes %s and its context with %s", g.Name, g.How).onto(Group, g.Name)
	s.starts(f, t)
	if at != u.At {
		s.tell(Calls, taskOf(t), u.At, "the task gets to %s with %s", u.Callee, u.Text).onto(Context, alive)
	}
	s.by(Fails, sibling(), u.At, "fails while the task %s; %s is cancelled, %s is not", during, dead, alive).onto(Context, dead)
	s.tell(GoesOn, taskOf(t), u.At, "%s goes on, and %s waits for it", onward, g.Join()).onto(Context, alive)
	return Finding{
		At:      at,
		Message: fmt.Sprintf("task uses %s, which does not die when %s fails; %s goes on after a sibling failed", name, g.Name, where),
		Steps:   s,
		Fixes:   w.useGroupCtx(t),
	}
}

func within(in, out model.Span) bool { return in.Pos >= out.Pos && in.End <= out.End }
