package check

import (
	"fmt"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

var _ = register(&Check{
	Name:   "orphanctx",
	Family: Cancellation,
	Doc: Doc{
		Summary: "a goroutine works with a context that its spawner cancels by returning at once, so the work is cut off",
		What: "A function starts a goroutine that nothing waits for, and returns. The check reports a cancellable call in the goroutine whose context ends with that return: " +
			"one that the function derived and cancels (`defer cancel()`), or the context of the request that an HTTP handler answers.",
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

func runOrphanctx(f *fanout.FanOut) []Finding {
	if f.Group.Kind != fanout.Bare || f.EndsProcess {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		if t.Body == nil || t.Spawn == nil || joined(t) {
			continue
		}
		for _, u := range workUses(t) {
			if end := endsAtReturn(f, t, u); end != nil {
				out = append(out, orphanFinding(f, t, u, end))
				break
			}
		}
	}
	return out
}

// joined reports whether somebody can tell when the goroutine is done, or whether
// it is made to end with a context.
func joined(t *fanout.Task) bool {
	found := false
	fanout.EachOp(t.Body, func(op *fanout.Op) bool {
		switch op.Kind {
		case fanout.OpSend, fanout.OpReceive, fanout.OpRange, fanout.OpClose, fanout.OpDone, fanout.OpWait, fanout.OpRelease, fanout.OpCtxErr, fanout.OpCancel:
			found = true
		case fanout.OpSelect:
			found = found || !offers(op)
		}
		for _, u := range op.Uses {
			found = found || u.Kind == fanout.UseDone || u.Kind == fanout.UseErr || u.Kind == fanout.UseAfter
		}
		return !found
	})
	return found
}

// offers reports whether the select only sends, and only where somebody is there
// to take it: nobody can rely on that to learn that the goroutine is done.
func offers(sel *fanout.Op) bool {
	for _, c := range sel.Cases {
		if c.Kind != fanout.OpSend {
			return false
		}
	}
	return sel.Default
}

// workUses is the contexts of the cancellable calls that the goroutine makes once,
// in order.
func workUses(t *fanout.Task) []*fanout.Use {
	var out []*fanout.Use
	var visit func(b *fanout.Body, depth int)
	visit = func(b *fanout.Body, depth int) {
		if b == nil || depth > maxChain {
			return
		}
		for _, blk := range b.Blocks {
			if len(blk.Loops) > 0 {
				continue
			}
			for _, op := range blk.Ops {
				if op.Kind != fanout.OpCall || op.Deferred {
					continue
				}
				for _, u := range op.Uses {
					if u.Kind == fanout.UseCall && u.Cancels == fanout.Yes && !u.Cleanup && op.Into == nil {
						out = append(out, u)
					}
				}
				visit(op.Into, depth+1)
			}
		}
	}
	visit(t.Body, 0)
	return out
}

// An end is how the spawner ends a context by returning.
type end struct {
	ret    *fanout.Op
	cancel *fanout.Op // nil: it is the request's
}

// Stages of the spawner's path: the bits of what has happened.
const (
	hasSpawned = 1 << iota
	willCancel // a deferred call will
)

// endsAtReturn reports how the context of the use ends when the spawner, having
// started the goroutine, returns; nil if that does not happen on all its paths, or
// not at once.
func endsAtReturn(f *fanout.FanOut, t *fanout.Task, u *fanout.Use) *end {
	request := f.OfRequest(u.Ctx)
	var found end
	search := func(sought func(op *fanout.Op, stage int) bool) *fanout.Path {
		w := &fanout.Walk{Body: f.Body, Step: func(op *fanout.Op, stage int, _ *fanout.Path) (int, fanout.Verdict) {
			switch {
			case sought(op, stage):
				return stage, fanout.Hit
			case op == t.Spawn:
				return stage | hasSpawned, fanout.GoOn
			case op.Kind == fanout.OpCancel && fanout.DiesWith(op.Ctx, u.Ctx):
				found.cancel = op
				return stage | willCancel, fanout.GoOn
			}
			return stage, fanout.GoOn
		}}
		return w.Find()
	}
	slow := search(func(op *fanout.Op, stage int) bool {
		return stage&hasSpawned != 0 && op != t.Spawn && op.Lingers()
	})
	if slow != nil {
		return nil
	}
	alive := search(func(op *fanout.Op, stage int) bool {
		return op.Kind == fanout.OpReturn && stage&hasSpawned != 0 && !request && stage&willCancel == 0
	})
	if alive != nil {
		return nil
	}
	over := search(func(op *fanout.Op, stage int) bool {
		return op.Kind == fanout.OpReturn && stage&hasSpawned != 0
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

func orphanFinding(f *fanout.FanOut, t *fanout.Task, u *fanout.Use, e *end) Finding {
	at := u.At
	if !within(at, f.Extent) {
		at = t.At
	}
	var s steps
	s.starts(f, t)
	how := "the server cancels the request's context"
	if e.cancel != nil {
		how = e.cancel.Text + " cancels the context"
	}
	s.by(spawnerOf(f), e.ret.At.Pos, "returns without waiting; %s", how).onto(Context, u.Text)
	s.by(taskOf(t), u.At.Pos, "is in %s, or comes to it, with %s, which is dead; the call is cut off", u.Callee, u.Text).onto(Context, u.Text)
	return Finding{
		At:      at,
		Message: fmt.Sprintf("goroutine calls %s with %s, which is cancelled when %s returns; the call is cut off", u.Callee, u.Text, f.Spawner),
		Steps:   s,
	}
}
