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
func (f *FanOut) AwaitsEnd(op *Op) bool {
	return op.Kind == OpReceive && !op.Deferred && slices.ContainsFunc(op.Uses, func(u *Use) bool {
		return u.Kind == UseDone && f.endTasks(u.Ctx)
	})
}

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
