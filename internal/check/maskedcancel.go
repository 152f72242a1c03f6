package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

// maskedcause for groups that keep no error: the tasks hand theirs to the cancel
// function of a context that the spawner made with context.WithCancelCause, and
// the spawner returns what the context's Err says, which is context.Canceled
// whatever the cause.

// maskedCancels reports the returns of the spawner that give the error of such a
// context. Nobody in sight asks for the cause, and the context stays here.
func maskedCancels(f *model.FanOut) []Finding {
	if f.Group.Errors() || f.Group.HasCtx {
		return nil
	}
	var out []Finding
	for _, m := range causeGivers(f) {
		if asksAbout(f, m.ctx) {
			continue
		}
		for _, p := range deadReturns(f, m) {
			out = append(out, maskedCancel(f, m, p.Op()))
		}
	}
	return out
}

// A causeGiver is a task that ends a context with an error.
type causeGiver struct {
	task   *model.Task
	cancel *model.Op
	ctx    *model.Ctx
}

// causeGivers is the first such task for each context.
func causeGivers(f *model.FanOut) []causeGiver {
	var out []causeGiver
	seen := map[*model.Ctx]bool{}
	for _, t := range f.Tasks {
		model.EachOp(t.Body, func(op *model.Op) bool {
			if op.Kind == model.OpCancel && op.Cause && len(op.Ctx) == 1 && op.Ctx[0].Kind == model.CtxDerived && !seen[op.Ctx[0]] {
				seen[op.Ctx[0]] = true
				out = append(out, causeGiver{t, op, op.Ctx[0]})
			}
			return true
		})
	}
	return out
}

// asksAbout reports whether somebody asks for the cause of the context, or may:
// it is returned or stored.
func asksAbout(f *model.FanOut, ctx *model.Ctx) bool {
	found := false
	look := func(op *model.Op) bool {
		for _, u := range op.AllUses() {
			switch u.Kind {
			case model.UseCause, model.UseReturn, model.UseStore:
				found = found || model.MayEnd([]*model.Ctx{ctx}, u.Ctx)
			}
		}
		return !found
	}
	model.EachOp(f.Body, look)
	for _, t := range f.Tasks {
		model.EachOp(t.Body, look)
	}
	return found
}

// deadReturns is the paths to the returns that give nothing but the error of the
// context, after the task was started and before the spawner cancels for itself.
func deadReturns(f *model.FanOut, m causeGiver) []*model.Path {
	w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op == m.task.Spawn:
			return running, model.GoOn
		case op.Kind == model.OpCancel && !op.Deferred && model.MayEnd(op.Ctx, []*model.Ctx{m.ctx}):
			return stage, model.Cut
		case op.Kind == model.OpReturn && stage == running && onlyEndOf(m.ctx, op.Errs):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.FindAll()
}

func onlyEndOf(ctx *model.Ctx, errs []*model.Err) bool {
	for _, x := range errs {
		if x.Kind != model.ErrCtx || !model.DiesWith([]*model.Ctx{ctx}, x.Ctx) {
			return false
		}
	}
	return len(errs) > 0
}

func maskedCancel(f *model.FanOut, m causeGiver, ret *model.Op) Finding {
	x := ret.Errs[0]
	name := x.CtxText
	if name == "" {
		name = "the context"
	}
	var s steps
	s.starts(f, m.task)
	s.by(Fails, taskOf(m.task), m.cancel.At, "fails and cancels %s with its error as the cause", name).onto(Context, name)
	if x.At.IsValid() {
		s.tell(Fails, spawnerOf(f), model.SpanAt(x.At), "%s returns context canceled, whatever the cause", x.Text).onto(Context, name)
	}
	s.by(Loses, spawnerOf(f), ret.At, "returns that error; nothing asks context.Cause, so the task's error is lost").onto(Context, name)
	return Finding{
		At:      ret.At,
		Message: fmt.Sprintf("%s returns the error of the dead context %s; the error that a task cancelled it with is lost", f.Spawner, name),
		Steps:   s,
	}
}
