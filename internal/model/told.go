package model

import "slices"

// What tells the tasks of a fan-out to end.

// ToldToEnd reports whether the op tells tasks of the fan-out to end: it cancels
// a context that the group's or a task's derives from, closes a channel that a
// task receives from, or closes or stops an object that a task holds too.
func (f *FanOut) ToldToEnd(op *Op) bool {
	return op.Contains(func(o *Op) bool {
		switch o.Kind {
		case OpCancel:
			if MayEnd(o.Ctx, f.Group.Parent) {
				return true
			}
			return f.tasksWatch(o.Ctx)
		case OpCall:
			if len(o.Ctx) > 0 && (MayEnd(o.Ctx, f.Group.Parent) || f.tasksWatch(o.Ctx)) {
				return true // the cancel function goes to somebody else
			}
			return slices.ContainsFunc(o.Ends, f.isHeld)
		case OpClose:
			return o.Chan != nil && f.anyTaskOp(func(t *Op) bool {
				for _, c := range append([]*Op{t}, t.Cases...) {
					if (c.Kind == OpReceive || c.Kind == OpRange) && c.Chan == o.Chan {
						return true
					}
				}
				return false
			})
		}
		return false
	})
}

// FindsEnd reports whether it is known, where the condition holds or does not, that a
// context has ended by which the tasks end too.
func (f *FanOut) FindsEnd(c *Cond, holds bool) bool { return f.endTasks(foundEnded(c, holds)) }

// AwaitsEnd reports whether op is over only when such a context has ended.
func (f *FanOut) AwaitsEnd(op *Op) bool { return !op.Deferred && f.endTasks(op.awaited()) }

// endTasks reports whether tasks of the fan-out end with one of the contexts.
func (f *FanOut) endTasks(dead []*Ctx) bool {
	return len(dead) > 0 && (MayEnd(dead, f.Group.Parent) || f.tasksWatch(dead))
}

// EndedWith reports whether the return is one for a context that has ended, and has
// told the tasks to end by that.
func (f *FanOut) EndedWith(ret *Op) bool {
	ended := false
	for _, x := range ret.Errs {
		switch {
		case x.Kind == ErrNil:
		case x.Kind != ErrCtx || !f.endTasks(x.Ctx):
			return false
		default:
			ended = true
		}
	}
	return ended
}

// FoundEnded reports whether the path has seen the end of the contexts, each one: it has
// received from its Done channel, or found that it has an error.
func (p *Path) FoundEnded(ctx []*Ctx) bool {
	if len(ctx) == 0 {
		return false
	}
	var ended []*Ctx
	for b, way := range p.Ways() {
		ended = append(ended, foundEnded(b.Cond, way == 0)...)
		if taken := b.Cond.Taken; taken != nil && way == 0 {
			ended = append(ended, taken.awaited()...)
		}
	}
	for _, op := range p.Ops(func(op *Op) bool { return !op.Deferred }) {
		ended = append(ended, op.awaited()...)
	}
	return !slices.ContainsFunc(ctx, func(c *Ctx) bool { return !MayEnd(ended, []*Ctx{c}) })
}

// awaited are the contexts whose end the op receives.
func (op *Op) awaited() []*Ctx {
	if op.Kind != OpReceive {
		return nil
	}
	var out []*Ctx
	for _, u := range op.Uses {
		if u.Kind == UseDone {
			out = append(out, u.Ctx...)
		}
	}
	return out
}
