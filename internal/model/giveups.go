package model

import "slices"

// Cancellations that look like success.
//
// A producer hands items on with select { case out <- x: case <-ctx.Done(): }.
// When the context ends it drops the item and stops. Returning nil from there is
// right only if the context can end through a sibling's failure alone: the group
// has that error. If a caller's context ends, no task fails, Wait returns nil, and
// what was produced looks complete.

// A Giveup is a way from the end of a context to a return of nil, in a task or in
// a literal that the task gives to a function it calls.
type Giveup struct {
	Task *Task
	Done *Op // the case for the end of the context
	Send *Op // the case of the same select that hands an item on
	Ret  *Op // the return of nil
}

const (
	gaveUp = 1
)

// Giveups lists them for the tasks of the fan-out.
func (f *FanOut) Giveups() []*Giveup {
	var out []*Giveup
	for _, t := range f.Tasks {
		if !t.ReturnsError {
			continue
		}
		seen := map[*Body]bool{}
		var visit func(b *Body, called bool)
		visit = func(b *Body, called bool) {
			if b == nil || seen[b] {
				return
			}
			seen[b] = true
			out = append(out, giveups(t, b, called)...)
			for _, blk := range b.Blocks {
				for _, op := range blk.Ops {
					if op.Kind != OpSpawn && tellsError(op) {
						visit(op.Into, true)
						for _, lit := range op.Lits {
							visit(lit, true)
						}
					}
				}
			}
		}
		visit(t.Body, false)
	}
	return out
}

// tellsError reports whether the function called has an error result of its own,
// or is given literals that have.
func tellsError(op *Op) bool {
	return slices.ContainsFunc(append([]*Body{op.Into}, op.Lits...), func(b *Body) bool {
		return b.any(func(o *Op) bool { return o.Kind == OpReturn && o.Errs != nil })
	})
}

// giveups lists those of one body. One select outside loops is the hand-over of a
// result, not a producer, unless the body is called for each item.
func giveups(t *Task, b *Body, called bool) []*Giveup {
	cases := map[*Op]*Op{} // the sends beside a wait for the end of a context
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind != OpSelect || op.Default || len(op.Cases) != 2 || len(blk.Loops) == 0 && !called {
				continue
			}
			for i, c := range op.Cases {
				if other := op.Cases[1-i]; waitsForEnd(c) && other.Kind == OpSend {
					cases[c] = other
				}
			}
		}
	}
	var out []*Giveup
	for _, blk := range b.Blocks {
		if blk.Cond == nil || blk.Cond.Taken == nil || cases[blk.Cond.Taken] == nil {
			continue
		}
		done := blk.Cond.Taken
		w := &Walk{Body: b, Step: func(op *Op, stage int, p *Path) (int, Verdict) {
			switch {
			case op == done:
				return gaveUp, GoOn
			case stage != gaveUp || op.Deferred:
				return stage, GoOn
			case op.Kind == OpReturn:
				if nilOnly(op.Errs) {
					return stage, Hit
				}
				return stage, Cut
			case op.Kind == OpSet || op.Kind == OpUnlock:
				return stage, GoOn
			case op.Kind == OpCall && op.Into == nil && len(op.Lits) == 0 && !op.Opaque && !op.Given:
				return stage, GoOn // a log, say
			}
			return stage, Cut
		}}
		if hit := w.Find(); hit != nil {
			out = append(out, &Giveup{Task: t, Done: done, Send: cases[done], Ret: hit.Op()})
		}
	}
	return out
}

func waitsForEnd(c *Op) bool {
	return slices.ContainsFunc(c.Uses, func(u *Use) bool { return u.Kind == UseDone })
}

func nilOnly(errs []*Err) bool {
	return len(errs) > 0 && !slices.ContainsFunc(errs, func(x *Err) bool { return x.Kind != ErrNil })
}

// HearsEnd reports whether some task of the fan-out returns the error of a context
// that ends with ctx: then Wait tells of it.
func (f *FanOut) HearsEnd(ctx []*Ctx, not *Op) bool {
	return f.anyTaskOp(func(op *Op) bool {
		if op.Kind != OpReturn || op == not {
			return false
		}
		for _, x := range op.Errs {
			if x.Kind == ErrCtx && MayEnd(x.Ctx, ctx) || x.Kind == ErrCtx && MayEnd(ctx, x.Ctx) {
				return true
			}
		}
		return false
	})
}
