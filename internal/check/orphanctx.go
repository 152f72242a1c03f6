package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/model"
)

var _ = register(&Check{
	Name:   "orphanctx",
	Family: Cancellation,
	Doc: Doc{
		Summary: "a goroutine works with a context that its spawner cancels by returning at once, so the work is cut off",
		What: "A function starts a goroutine that nothing waits for, and returns. The check reports a cancellable call in the goroutine whose context ends with that return: " +
			"one that the function derived and cancels (`defer cancel()`), the context of the request that an HTTP handler or a server of gRPC answers, or that of a group which waits for the function, a task, but not for the goroutine.",
		Why: "Which of the two is first decides whether the work is done. As a rule it is the function: the call fails with `context canceled`, now and then it does not, and nobody looks at the error.",
		Bad: `func (d *desk) lend(ctx context.Context, book string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	go func() {
		if err := d.books.Enter(ctx, book); err != nil {
			slog.Warn("not entered", "book", book, "err", err)
		}
	}()
}`,
		Good: `func (d *desk) lendOut(ctx context.Context, book string) {
	ctx = context.WithoutCancel(ctx)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := d.books.Enter(ctx, book); err != nil {
			slog.Warn("not entered", "book", book, "err", err)
		}
	}()
}`,
		Limits: "The function must come to its return without anything that can take long: waiting for a channel or a group, sleeping, or calling code that is not seen, other than to format, log or answer. " +
			"Silent when the goroutine waits for the end of a context (it is meant to end then), makes the call in a loop, or uses a channel or a group that somebody waits on; " +
			"for clean-up, and when on some path the function does not cancel.",
		Silence: "Give the goroutine `context.WithoutCancel(ctx)` with a time limit of its own, or write `//gatherlint:ignore orphanctx REASON` above the line.",
	},
	Run: runOrphanctx,
})

func runOrphanctx(f *model.FanOut) []Finding {
	if f.Group.Kind != model.Bare || f.Body.Ends == model.EndsAlways {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		if t.Body == nil || t.Spawn == nil || joined(t) {
			continue
		}
		for _, w := range workOf(t) {
			if end := endsAtReturn(f, t, w.use); end != nil {
				out = append(out, orphanFinding(f, t, w.told(f), end))
				break
			}
		}
	}
	return out
}

// joined reports whether somebody can tell when the goroutine is done, or whether
// it is made to end with a context.
func joined(t *model.Task) bool {
	found := false
	model.EachOp(t.Body, func(op *model.Op) bool {
		switch op.Kind {
		case model.OpSend, model.OpReceive, model.OpRange, model.OpClose, model.OpDone, model.OpWait, model.OpRelease, model.OpCtxErr, model.OpCancel:
			found = true
		case model.OpSelect:
			found = found || !offers(op)
		}
		for _, u := range op.Uses {
			found = found || u.Kind == model.UseDone || u.Kind == model.UseErr || u.Kind == model.UseAfter
		}
		return !found
	})
	return found
}

// offers reports whether the select only sends, and only where somebody is there
// to take it: nobody can rely on that to learn that the goroutine is done.
func offers(sel *model.Op) bool {
	for _, c := range sel.Cases {
		if c.Kind != model.OpSend {
			return false
		}
	}
	return sel.Default
}

// A workUse is the context of a cancellable call that a goroutine makes, and the call in its
// own body by which it comes there.
type workUse struct {
	task *model.Task
	use  *model.Use
	call *model.Op
}

// told is the context as the call in the goroutine's own body is given it, if that one ends
// likewise: what its author sees there.
func (w workUse) told(f *model.FanOut) *model.Use {
	for _, u := range w.call.Uses {
		if u.Kind == model.UseCall && endsAtReturn(f, w.task, u) != nil {
			return u
		}
	}
	return w.use
}

// workOf is the cancellable calls that the goroutine makes once, in order.
func workOf(t *model.Task) []workUse {
	var out []workUse
	var visit func(b *model.Body, call *model.Op, depth int)
	visit = func(b *model.Body, call *model.Op, depth int) {
		if b == nil || depth > maxChain {
			return
		}
		for _, blk := range b.Blocks {
			if len(blk.Loops) > 0 {
				continue
			}
			for _, op := range blk.Ops {
				if op.Kind != model.OpCall || op.Deferred {
					continue
				}
				top := call
				if depth == 0 {
					top = op
				}
				for _, u := range op.Uses {
					if u.Kind == model.UseCall && u.Cancels == model.Yes && !u.Cleanup && op.Into == nil {
						out = append(out, workUse{t, u, top})
					}
				}
				visit(op.Into, top, depth+1)
			}
		}
	}
	visit(t.Body, nil, 0)
	return out
}

// An end is how the spawner ends a context by returning.
type end struct {
	ret    *model.Op
	cancel *model.Op    // nil: it is the request's, or the group's
	group  *model.Group // that waits for the spawner
}

// Stages of the spawner's path: the bits of what has happened.
const (
	hasSpawned = 1 << iota
	willCancel // a deferred call will
)

// endsAtReturn reports how the context of the use ends when the spawner, having
// started the goroutine, returns; nil if that does not happen on all its paths, or
// not at once.
func endsAtReturn(f *model.FanOut, t *model.Task, u *model.Use) *end {
	request := f.OfRequest(u.Ctx)
	var found end
	if g := f.TaskOf; g != nil && g.EndsCtx() && g.Descends(u.Ctx) == model.Yes {
		request, found.group = true, g
	}
	search := func(sought func(op *model.Op, stage int) bool) *model.Path {
		w := &model.Walk{Body: f.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
			switch {
			case sought(op, stage):
				return stage, model.Hit
			case op == t.Spawn:
				return stage | hasSpawned, model.GoOn
			case op.Kind == model.OpCancel && model.DiesWith(op.Ctx, u.Ctx):
				found.cancel = op
				return stage | willCancel, model.GoOn
			}
			return stage, model.GoOn
		}}
		return w.Find()
	}
	slow := search(func(op *model.Op, stage int) bool {
		return stage&hasSpawned != 0 && op != t.Spawn && lingers(op)
	})
	if slow != nil {
		return nil
	}
	alive := search(func(op *model.Op, stage int) bool {
		return op.Kind == model.OpReturn && stage&hasSpawned != 0 && !request && stage&willCancel == 0
	})
	if alive != nil {
		return nil
	}
	over := search(func(op *model.Op, stage int) bool {
		return op.Kind == model.OpReturn && stage&hasSpawned != 0
	})
	if over == nil {
		return nil
	}
	found.ret = over.Op()
	if request {
		found.cancel = nil
	}
	return &found
}

func orphanFinding(f *model.FanOut, t *model.Task, u *model.Use, e *end) Finding {
	at := u.At
	if !within(at, f.Extent) {
		at = t.At
	}
	var s steps
	s.starts(f, t)
	how := "the server cancels the request's context"
	switch {
	case e.group != nil:
		how = e.group.Join() + " waits for tasks only, and cancels the context"
	case e.cancel != nil:
		how = e.cancel.Text + " cancels the context"
	}
	s.by(Returns, spawnerOf(f), e.ret.At, "returns without waiting; %s", how).onto(Context, u.Text)
	s.by(Fails, taskOf(t), u.At, "is in %s, or comes to it, with %s, which is dead; the call is cut off", u.Callee, u.Text).onto(Context, u.Text)
	when := f.Spawner
	if e.group != nil {
		when = e.group.Join()
	}
	return Finding{
		At:      at,
		Message: fmt.Sprintf("goroutine calls %s with %s, which is cancelled when %s returns; the call is cut off", u.Callee, u.Text, when),
		Steps:   s,
	}
}

// lingers reports whether op can take long: it waits for other goroutines, sleeps,
// or calls code that is not known to return at once.
func lingers(op *model.Op) bool {
	return op.Runs(func(o *model.Op) bool {
		unseen := o.Kind == model.OpCall && o.Into == nil && !o.Brief
		return unseen || joins(o) && o.Kind != model.OpLock && !o.Default
	})
}
