package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/polling"
)

// A task of a plain group that runs until a context ends, beside one that fails: Wait does
// not return, so the error is told to nobody, and what has failed is not seen to be gone.
//
// It is a finding where the task waits for the end of the context and nothing else, or
// goes round a loop that is left when the context ends or one of its own calls fails, and
// nowhere else; and where nobody may end the context because of the failure, or anything
// that the loop may work on. The other task can fail before the context has ended.

// lastingBeside is the finding of a task that runs on for good beside one that fails.
func lastingBeside(f *model.FanOut) []Finding {
	if !plainGroup(f.Group) {
		return nil
	}
	waits := slices.DeleteFunc(slices.Clone(f.Waits), func(w *model.Op) bool { return !f.Within(w) })
	if len(waits) != 1 {
		return nil
	}
	for _, t := range f.Tasks {
		if !failsAlive(t) {
			continue
		}
		for _, other := range f.Tasks {
			if other == t && !t.InLoop || told(f, other) {
				continue
			}
			w := lasting(other.Body, nil)
			if w != nil && !endedBeside(f, other, w.ends, waits[0]) && (!w.fails || !doneBeside(f, other, stops)) {
				return []Finding{lastingFinding(f, t, other, w, waits[0])}
			}
		}
	}
	return nil
}

// lastingWork is what a task is at until a context ends.
type lastingWork struct {
	at    model.Span
	text  string
	ctx   string
	ends  []*model.Ctx
	fails bool // or a call of its own fails
}

// failsAlive reports whether a task returns an error, other than that of a context, on a way
// on which no context has ended and nothing of another goroutine was waited for.
func failsAlive(t *model.Task) bool {
	if t.Fails != model.Yes || t.Body == nil {
		return t.Fails == model.Yes
	}
	return returnsAlive(t.Body, nil, func(op *model.Op) bool {
		return slices.ContainsFunc(op.Errs, func(x *model.Err) bool { return x.Kind != model.ErrNil && x.Kind != model.ErrCtx })
	})
}

// returnsAlive reports whether a body comes to a return of a kind on such a way.
func returnsAlive(body *model.Body, within []*model.Body, kind func(*model.Op) bool) bool {
	if len(body.Blocks) == 0 || slices.Contains(within, body) {
		return true // not known
	}
	within = append(within[:len(within):len(within)], body)
	stays := func(op *model.Op) bool {
		waits := (op.Kind == model.OpReceive || op.Kind == model.OpRange) && (op.Chan == nil || !op.Chan.Fills)
		return waits || op.Into != nil && !op.Deferred && !returnsAlive(op.Into, within, func(*model.Op) bool { return true })
	}
	found := false
	model.Reached(body.Blocks[:1], func(b *model.Block) []*model.Block {
		for _, op := range b.Ops {
			if stays(op) {
				return nil
			}
			found = found || op.Kind == model.OpReturn && !op.Deferred && kind(op)
		}
		return whileAlive(b)
	})
	return found
}

// endedBeside reports whether somebody besides the task may end a context before Wait returns:
// by an op that ends it, or by calling a function that comes from outside and gives nothing
// back, as cancel functions do.
func endedBeside(f *model.FanOut, t *model.Task, ctx []*model.Ctx, wait *model.Op) bool {
	late := slices.ContainsFunc(f.Body.Blocks, func(b *model.Block) bool {
		return slices.ContainsFunc(b.Ops, func(op *model.Op) bool {
			return op.Deferred && op.Contains(func(o *model.Op) bool { return o == wait })
		})
	})
	found, seen := false, map[*model.Body]bool{}
	var visit func(b *model.Body, spawner bool)
	visit = func(b *model.Body, spawner bool) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		model.EachOp(b, func(op *model.Op) bool {
			ends := op.Kind == model.OpCancel && model.MayEnd(op.Ctx, ctx) || op.Kind == model.OpCall && op.Given && op.Gives == nil
			found = found || ends && (late || !spawner || !op.Deferred)
			if op.Kind == model.OpSpawn && op.Task != nil && (op.Task != t || t.InLoop) {
				visit(op.Task.Body, false)
			}
			return !found
		})
	}
	visit(f.Body, true)
	return found
}

// lasting is what a body does until a context ends, nil if nothing is known to be such.
func lasting(body *model.Body, within []*model.Body) *lastingWork {
	if body == nil || len(within) > maxChain || slices.Contains(within, body) {
		return nil
	}
	within = append(within[:len(within):len(within)], body)
	for _, blk := range body.Blocks {
		for _, op := range blk.Ops {
			if op.Deferred || op.Kind == model.OpSpawn {
				continue
			}
			if end := waitsForEnd(op); end != nil && byCaller(end.Ctx) {
				return &lastingWork{at: op.At, text: "waits for " + end.Text, ctx: end.Text, ends: end.Ctx}
			}
			if w := lasting(op.Into, within); w != nil {
				return w
			}
		}
		if w := endless(polling.Around(body, blk)); w != nil {
			return w
		}
	}
	return nil
}

// waitsForEnd is the context of which an op waits for the end, and for nothing else.
func waitsForEnd(op *model.Op) *model.Use {
	if op.Kind == model.OpSelect && !op.Default && len(op.Cases) == 1 {
		op = op.Cases[0]
	}
	return endOf(op)
}

// endOf is the context whose end an op receives, nil if it does something else.
func endOf(op *model.Op) *model.Use {
	if op.Kind != model.OpReceive || op.Chan != nil || len(op.Uses) != 1 || op.Uses[0].Kind != model.UseDone {
		return nil
	}
	return op.Uses[0]
}

// endless is a loop that is left when a context ends or a call of its own fails, nil if it
// may be left otherwise, or nothing in it hears the context.
func endless(l *polling.Loop) *lastingWork {
	if l == nil {
		return nil
	}
	l.Collect()
	for _, b := range l.Blocks {
		for way, to := range b.Succs {
			if !slices.Contains(l.Blocks, to) && !leftByEnd(l, b, way) {
				return nil
			}
		}
	}
	var w *lastingWork
	for _, op := range l.All {
		if op.Kind.Leaves() && op.Kind != model.OpReturn || op.Quits || op.Kind == model.OpRange && slices.Contains(l.Own, op) {
			return nil
		}
		for _, u := range op.Uses {
			if w == nil && (u.Kind == model.UseDone || u.Kind == model.UseErr) && byCaller(u.Ctx) {
				w = &lastingWork{at: u.At, text: "goes round its loop", ctx: u.Text, ends: u.Ctx}
			}
		}
	}
	if w != nil {
		w.fails = slices.ContainsFunc(l.Blocks, func(b *model.Block) bool { return b.Cond != nil && failsItself(b.Cond) })
	}
	return w
}

// failsItself reports whether a condition asks for an error that is not known to be that of
// a context.
func failsItself(c *model.Cond) bool { return c.Fails && (c.X == nil || c.X.CtxErr == nil) }

// leftByEnd reports whether a way out of a loop is taken when a context has ended, or when a
// call has failed, and otherwise not.
func leftByEnd(l *polling.Loop, from *model.Block, way int) bool {
	c := from.Cond
	switch {
	case c == nil:
		return false
	case c.Taken == nil:
		return c.Fails && (way == 0) == c.Neg
	case way == 0:
		return endOf(c.Taken) != nil
	}
	asked := func(o *model.Op) bool {
		return slices.ContainsFunc(l.Blocks, func(b *model.Block) bool { return b.Cond != nil && b.Cond.Taken == o })
	}
	sel := slices.IndexFunc(l.Own, func(op *model.Op) bool { return slices.Contains(op.Cases, c.Taken) })
	return sel >= 0 && !l.Own[sel].Default &&
		!slices.ContainsFunc(l.Own[sel].Cases, func(o *model.Op) bool { return !asked(o) && endOf(o) == nil })
}

// byCaller reports whether a context ends with that of the function's caller, or by a cancel
// function of the function itself, and not by itself. One in a field of an object, or from a
// call, may be ended by whoever it was got from.
func byCaller(ctx []*model.Ctx) bool {
	for _, c := range ctx {
		life, parent := c.Life()
		for n := 0; (life == model.LifeSame || life == model.LifeOwn) && n < model.MaxDepth; n++ {
			c = parent
			life, parent = c.Life()
		}
		if life != model.LifeOutside || c.Root == nil || c.Root.Field || c.Root.Call != "" {
			return false
		}
	}
	return len(ctx) > 0
}

// doneBeside reports whether another task does something of a kind before a context has
// ended, or the spawner does between the start of its first task and where it waits.
func doneBeside(f *model.FanOut, t *model.Task, kind func(*model.Op) bool) bool {
	starts := func(op *model.Op) bool {
		return op.Runs(func(o *model.Op) bool {
			return o.Kind == model.OpSpawn && slices.ContainsFunc(f.Tasks, func(k *model.Task) bool { return k.Spawn == o })
		})
	}
	for _, b := range f.Body.Blocks {
		if i := slices.IndexFunc(b.Ops, starts); i >= 0 && whileItLives(b, i+1, kind, f.Waits, []*model.Body{f.Body}) {
			return true
		}
	}
	return slices.ContainsFunc(f.Tasks, func(o *model.Task) bool {
		return (o != t || o.InLoop) && bodyDoes(o.Body, kind, nil, nil)
	})
}

// closes reports whether an op closes a channel, which others may wait for.
func closes(op *model.Op) bool { return op.Kind == model.OpClose }

// stops reports whether an op tells somebody to end, who may be what a task works on.
func stops(op *model.Op) bool {
	return closes(op) || op.Kind == model.OpCall && op.Named.Has(model.HintStops)
}

// bodyDoes is whileItLives for a whole body.
func bodyDoes(body *model.Body, kind func(*model.Op) bool, until []*model.Op, within []*model.Body) bool {
	if body == nil || len(body.Blocks) == 0 || slices.Contains(within, body) {
		return false
	}
	return whileItLives(body.Blocks[0], 0, kind, until, append(within[:len(within):len(within)], body))
}

// whileItLives reports whether a way from an op of a block comes to one of a kind before it
// comes to one of some others, where no context is known to have ended.
func whileItLives(from *model.Block, first int, kind func(*model.Op) bool, until []*model.Op, within []*model.Body) bool {
	found := false
	model.Reached([]*model.Block{from}, func(b *model.Block) []*model.Block {
		ops := b.Ops
		if b == from {
			ops = ops[first:]
		}
		for _, op := range ops {
			if slices.Contains(until, op) {
				return nil
			}
			found = found || kind(op) || bodyDoes(op.Into, kind, until, within)
		}
		return whileAlive(b)
	})
	return found
}

// whileAlive are the blocks that follow one as long as no context ends.
func whileAlive(b *model.Block) []*model.Block {
	if c := b.Cond; c != nil && c.Taken != nil && endOf(c.Taken) != nil {
		return b.Succs[1:]
	}
	return b.Succs
}

func lastingFinding(f *model.FanOut, failing, other *model.Task, w *lastingWork, wait *model.Op) Finding {
	g := f.Group
	s := failsUnheard(f, failing, other)
	ends := "only the end of " + w.ctx
	if w.fails {
		ends += ", or an error of its own,"
	}
	s.by(GoesOn, taskOf(other), w.at, "%s; %s ends that", w.text, ends)
	s.by(Blocks, spawnerOf(f), wait.At, "waits for it in %s, and does not learn of the error", g.Join()).onto(Group, g.Name)
	return Finding{
		At:      g.Made,
		Message: fmt.Sprintf("%s has no context; when one task fails another goes on until %s ends, and %s does not return", g.Name, w.ctx, g.Join()),
		Steps:   s,
	}
}
