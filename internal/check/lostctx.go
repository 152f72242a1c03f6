package check

import (
	"fmt"
	"go/token"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "lostctx",
	Family: Cancellation,
	Doc: Doc{
		Summary: "the context of an errgroup is thrown away, so a failing task stops none of its siblings",
		What: "`errgroup.WithContext` gives a group and the context that dies when a task fails. " +
			"The check reports a group whose context nothing ever uses, while a task makes cancellable calls with the parent context or blocks. " +
			"`Wait` still cancels the context; there is nobody to hear it. It also reports one where the function itself stops waiting when the caller's context ends, while a task waits for a channel in a loop and hears nothing of that.",
		Why: "The call reads as fail-fast and is not: the siblings of a failed task run to their end, and `Wait` with them.",
		Bad: `func publishAlbum(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, photo := range photos {
		g.Go(func() error {
			return upload(ctx, photo)
		})
	}
	return g.Wait()
}`,
		Good: `func publishAlbumTogether(ctx context.Context, photos []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, photo := range photos {
		g.Go(func() error {
			return upload(gctx, photo)
		})
	}
	return g.Wait()
}`,
		Limits: "Silent when no task takes a context, or blocks on a channel that no other task and not the spawner works on, as far as the code is seen: a call without a context is no work that could be stopped, and a plain `errgroup.Group` would say the same. " +
			"Silent too when no sibling can fail, when the tasks print or log their errors themselves and the function only asks whether there was one, and when the context is stored anywhere it could be used from. parentctx is not reported for the same group.",
		Silence: "Where siblings shall run to their end, make a plain group: `var g errgroup.Group`. Otherwise write `//gatherlint:ignore lostctx REASON` above the line.",
	},
	Run: lostContext,
})

func lostContext(f *model.FanOut) []Finding {
	g := f.Group
	if !g.HasCtx || g.CtxUsed != model.No {
		return nil
	}
	if eachTells(f) {
		return nil
	}
	for _, t := range f.EveryTask() {
		if !f.Siblings(t) {
			continue
		}
		if f.TasksCancel(g.Parent, nil) {
			return nil // a failure reaches the tasks another way
		}
		why := onParent(f, t)
		if why == "" && f.StaysBlocked(t) == model.Yes {
			why = "stays blocked"
		}
		if why == "" {
			continue
		}
		var s steps
		s.by(Makes, spawnerOf(f), g.Made, "makes %s; its context is not kept", g.Name).onto(Group, g.Name)
		s.starts(f, t)
		s.tell(Fails, sibling(), t.At, "a sibling fails; %s cancels the context that nobody has", g.Name).onto(Group, g.Name)
		s.tell(GoesOn, taskOf(t), t.At, "the task %s, and %s waits for it", why, g.Join())
		return []Finding{{
			At:      g.Made,
			Message: fmt.Sprintf("the context of %s is thrown away; when one task fails the others run on", g.Name),
			Steps:   s,
			Fixes:   keepContext(f),
		}}
	}
	return leftWaiting(f)
}

// eachTells reports whether the tasks tell their errors themselves, and the spawner only
// asks whether there is one: each is meant to come to its end.
func eachTells(f *model.FanOut) bool {
	waits := f.EveryWait()
	for _, w := range waits {
		if !w.OnlyAsked {
			return false
		}
	}
	for _, t := range f.EveryTask() {
		if !t.Tells {
			return false
		}
	}
	return len(waits) > 0
}

// leftWaiting reports a group whose context is thrown away where that matters when the
// caller's context ends: the spawner itself leaves then, and a task goes on waiting.
func leftWaiting(f *model.FanOut) []Finding {
	g := f.Group
	var leaves *model.Op
	model.EachOp(f.Body, func(op *model.Op) bool {
		for _, c := range op.Cases {
			for _, u := range c.Uses {
				if u.Kind == model.UseDone && g.Ancestral(u.Ctx) == model.Yes {
					leaves = c
				}
			}
		}
		return leaves == nil
	})
	if leaves == nil || f.TasksCancel(g.Parent, nil) {
		return nil
	}
	ctx := leaves.Uses[0].Text
	for _, t := range f.EveryTask() {
		op := f.WaitsOn(t)
		if op == nil {
			continue
		}
		var s steps
		s.by(Makes, spawnerOf(f), g.Made, "makes %s; its context is not kept", g.Name).onto(Group, g.Name)
		s.starts(f, t)
		s.by(Ends, Actor{Kind: Context, Name: ctx}, leaves.At, "ends, and %s stops waiting for the tasks", f.Spawner)
		s.by(GoesOn, taskOf(t), op.At, "goes on waiting for %s; nothing tells it that %s has ended", op.Text, ctx).onto(Channel, op.Text)
		return []Finding{{
			At:      g.Made,
			Message: fmt.Sprintf("the context of %s is thrown away; when %s ends %s leaves and a task goes on waiting for %s", g.Name, ctx, f.Spawner, op.Text),
			Steps:   s,
		}}
	}
	return nil
}

// onParent says how the task depends on the parent context, "" if it does not.
func onParent(f *model.FanOut, t *model.Task) string {
	why := ""
	model.EachOp(t.Body, func(op *model.Op) bool {
		if u := wrongUse(f, op); u != nil && !op.Deferred {
			why = "watches " + u.Text + " only and goes on"
		}
		return why == ""
	})
	return why
}

// keepContext names the context and uses it wherever a task used a plain
// variable that holds the parent itself: the group's context has no values or
// deadline that were added beside it. It is offered when that covers every use.
func keepContext(f *model.FanOut) []Fix {
	g := f.Group
	if !g.CtxDrop.Pos.IsValid() || !g.Defines {
		return nil
	}
	var edits []Edit
	places := []token.Pos{g.CtxDrop.Pos}
	for _, t := range f.Tasks {
		certain := true
		model.EachOp(t.Body, func(op *model.Op) bool {
			if op.Deferred {
				return true
			}
			for _, u := range op.Uses {
				if u.Kind != model.UseCall || u.Cleanup || g.Ancestral(u.Ctx) != model.Yes || !within(u.At, t.Text) {
					continue
				}
				if !within(t.Text, f.Extent) {
					certain = false
					continue
				}
				certain = certain && u.IsVariable() && isParent(g, u.Ctx)
				edits = append(edits, Edit{Span: u.At})
				places = append(places, u.At.Pos)
			}
			return true
		})
		if !certain {
			return nil
		}
	}
	if len(edits) == 0 {
		return nil
	}
	for _, name := range []string{"gctx", "groupCtx"} {
		if !f.Evidence.Visible(name, token.NoPos, places...) {
			continue
		}
		for i := range edits {
			edits[i].New = name
		}
		edits = append([]Edit{{Span: g.CtxDrop, New: name}}, edits...)
		return []Fix{{Title: "Keep the context of " + g.Name + " and use it in the tasks", Edits: unique(edits)}}
	}
	return nil
}

// isParent reports whether ctx is what the group's context was derived from, with
// nothing added to it.
func isParent(g *model.Group, ctx []*model.Ctx) bool { return slices.Equal(ctx, g.Parent) }

// unique drops repeated edits: one piece of code may be part of several tasks.
func unique(edits []Edit) []Edit {
	seen := map[model.Span]bool{}
	out := edits[:0]
	for _, e := range edits {
		if !seen[e.Span] {
			seen[e.Span] = true
			out = append(out, e)
		}
	}
	return out
}
