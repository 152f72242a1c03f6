package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/polling"
)

// The half of deaftask that needs no schedule: a task that sleeps in a loop is
// never blocked for ever, it goes round until what it looks for has come about.
// It is a finding when nothing in the loop can hear that a sibling has failed.
//
// That is decided by what the loop does. Whatever might end it when the group
// fails, or anyway, makes the check silent: a context that descends from the
// group's or is not known, a channel, a deadline, a counter, memory that another
// goroutine can write. What is left are loops that only ask the world outside.

// deafLoops looks for such loops in the tasks of a group that has a context.
func deafLoops(f *model.FanOut) []Finding {
	g := f.Group
	if !g.Errors() || !g.HasCtx {
		return nil
	}
	var out []Finding
	for _, t := range f.Tasks {
		if t.Body == nil || !failsBeside(f, t) {
			continue
		}
		d := &deafTask{f: f, task: t}
		d.visit(t.Body, nil, nil)
		out = append(out, d.found...)
	}
	return out
}

// failsBeside reports whether a task beside t is known to fail. Unlike Siblings
// it does not count tasks that somebody else may start.
func failsBeside(f *model.FanOut, t *model.Task) bool {
	return slices.ContainsFunc(f.EveryTask(), func(s *model.Task) bool {
		return (s != t || s.InLoop) && s.Fails == model.Yes
	})
}

// A deafTask is the search in one task.
type deafTask struct {
	f     *model.FanOut
	task  *model.Task
	tried []*model.Loop
	found []Finding
}

// visit walks what the task runs itself. Literals that it gives to others are
// left out: nobody knows whether they are called. outer is the loop that the
// call of body is in, and call the op of that loop that leads here.
func (d *deafTask) visit(body *model.Body, outer *polling.Loop, call *model.Op) {
	if body == nil {
		return
	}
	for _, blk := range body.Blocks {
		inner := polling.Around(body, blk)
		for _, op := range blk.Ops {
			if op.Deferred {
				continue
			}
			r, at := inner, op
			if r == nil {
				r, at = outer, call
			}
			if r != nil && polling.Pauses(op) && !slices.Contains(d.tried, r.Of) {
				d.tried = append(d.tried, r.Of)
				pause, place := op, at
				if own := r.Pause(); own != nil {
					pause, place = own, own
				}
				if d.deaf(r, pause) {
					d.found = append(d.found, d.finding(pause, place.At))
				} else if call := d.stubborn(r); call != nil {
					d.found = append(d.found, d.goesOn(call, pause))
				}
			}
			d.spins(inner, op)
			d.visit(op.Into, r, at)
		}
	}
}

// deaf reports whether the loop around a pause goes on whatever happens to the
// siblings.
func (d *deafTask) deaf(r *polling.Loop, pause *model.Op) bool {
	r.Collect()
	lost := len(lostContext(d.f)) > 0
	for _, op := range r.All {
		if r.Talks(op, polling.Ticks(pause)) || d.hears(r, op) && !r.Unheard(op) {
			return false
		}
		if !lost && !op.Deferred && wrongUse(d.f, op) != nil {
			return false // parentctx tells about it, and its cure ends the loop
		}
	}
	asks, vague := false, false
	for _, b := range r.Deciding() {
		switch r.Decides(b.Cond, pause) {
		case polling.ByOthers:
			return false
		case polling.ByAnswer:
			asks = true
		case polling.ByWord:
			vague = true
		}
	}
	return !d.told() && (!asks && !vague || asks && !d.handsOut())
}

// hears reports whether a context in op can end, or be ended, when a sibling
// fails or after some time.
func (d *deafTask) hears(r *polling.Loop, op *model.Op) bool {
	for _, u := range op.Uses {
		if u.Kind == model.UseCall && (op.Into != nil || u.Cancels == model.No) {
			continue // what the callee does with it comes by itself
		}
		if u.Kind == model.UseDone || !d.deadTo(r, u.Ctx, nil) || d.f.TasksCancel(u.Ctx, d.task) || d.f.Reacts(u.Ctx) {
			return true
		}
	}
	return false
}

// deadTo reports whether the contexts outlive the group and the loop: they are
// those that the group's was derived from, or were made of them for one round.
func (d *deafTask) deadTo(r *polling.Loop, ctx []*model.Ctx, seen []*model.Ctx) bool {
	g := d.f.Group
	if g.Descends(ctx) != model.No {
		return false
	}
	for _, c := range ctx {
		switch {
		case c.Kind == model.CtxNever || slices.Contains(seen, c) || above(g, c):
		case c.Kind == model.CtxRoot:
			if g.Ancestral([]*model.Ctx{c}) != model.Yes {
				return false
			}
		case c.Kind == model.CtxDerived && (c.Adds == model.AddsValue || r.Makes(c)):
			if !d.deadTo(r, c.Parents, append(seen[:len(seen):len(seen)], c)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// above reports whether the group's context was derived from c.
func above(g *model.Group, c *model.Ctx) bool {
	return model.MayEnd([]*model.Ctx{c}, g.Parent)
}

// handsOut reports whether the context of the group is given to code that is not
// seen, in the spawner or in the task: what it returned may fail when that ends.
func (d *deafTask) handsOut() bool {
	found := false
	for _, b := range []*model.Body{d.f.Body, d.task.Body} {
		model.EachOp(b, func(op *model.Op) bool {
			for _, u := range op.Uses {
				kept := u.Kind == model.UseStore || u.Kind == model.UseReturn || u.Kind == model.UseCall && u.Cancels != model.No
				found = found || op.Into == nil && kept && d.f.Group.Descends(u.Ctx) != model.No
			}
			return !found
		})
	}
	return found
}

// told reports whether another goroutine ends an object that the task may depend
// on: a sibling does so, or anybody who waits for the end of the group.
func (d *deafTask) told() bool {
	for b, sibling := range d.others() {
		hears, ends, stopped := false, false, false
		model.EachOp(b, func(op *model.Op) bool {
			for _, o := range append([]*model.Op{op}, op.Cases...) {
				for _, u := range o.Uses {
					heard := d.f.Group.Descends(u.Ctx) != model.No
					hears = hears || u.Kind == model.UseDone && heard
					stopped = stopped || u.Kind == model.UseAfter && heard
				}
			}
			if op.Kind == model.OpCall && op.Into == nil {
				ends = ends || !op.Deferred && op.Named.Has(model.HintStops)
				stopped = stopped || sibling && d.f.ToldToEnd(op)
			}
			return !stopped
		})
		if stopped || hears && ends {
			return true
		}
	}
	return false
}

// others are the bodies that run beside the task: the spawner's, and those of all
// goroutines that it starts; true says that it is not the spawner's.
func (d *deafTask) others() map[*model.Body]bool {
	out := map[*model.Body]bool{d.f.Body: false}
	model.EachOp(d.f.Body, func(op *model.Op) bool {
		if op.Kind == model.OpSpawn && op.Task != nil && op.Task.Body != nil {
			out[op.Task.Body] = true
		}
		return true
	})
	for _, t := range d.f.EveryTask() {
		if t.Body != nil {
			out[t.Body] = true
		}
	}
	delete(out, d.task.Body)
	return out
}

// finding tells about a pause; at is its place in the loop, perhaps a call.
func (d *deafTask) finding(pause *model.Op, at model.Span) Finding {
	f, t, g := d.f, d.task, d.f.Group
	who := taskOf(t).Name
	pausing, again := "sleeping", "sleeps"
	if ch := polling.Ticks(pause); ch != nil {
		name := pause.Text
		if pause.Kind == model.OpSelect {
			name = pause.Cases[0].Text
		}
		pausing, again = "waiting for "+name, "waits for "+name
	}
	var s steps
	s.starts(f, t)
	s.by(Fails, sibling(), at, "fails while %s is %s; %s is cancelled", who, pausing, derived(g)).onto(Context, derived(g))
	s.by(GoesOn, taskOf(t), pause.At, "goes round and %s again, without a look at %s", again, derived(g)).onto(Context, derived(g))
	if waits := f.EveryWait(); len(waits) > 0 {
		s.tell(Waits, spawnerOf(f), waits[0].At, "%s waits for it", g.Join()).onto(Group, g.Name)
	}
	return Finding{
		At:      at,
		Message: fmt.Sprintf("%s goes on %s in a loop without watching %s; it does not stop when a sibling fails", who, pausing, derived(g)),
		Steps:   s,
	}
}
