package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// A loop that polls with the group's context, and goes on when the call fails: the
// call hears that a sibling has failed, and the loop does not hear the call.
//
// It is a finding when the loop cannot be left as long as that call fails, whatever
// everything else in it says: no way out of it leads past the call's success.

// spins looks at the loop around a call that fails when the group does, unless something
// in it lets time pass: those loops are looked at there.
func (d *deafTask) spins(r *roundLoop, call *model.Op) {
	if r == nil || call.Kind != model.OpCall || slices.Contains(d.tried, r.loop) || !d.failsWithGroup(call) {
		return
	}
	r.collect()
	if slices.ContainsFunc(r.all, pauses) {
		return
	}
	d.tried = append(d.tried, r.loop)
	if call := d.stubborn(r); call != nil {
		d.found = append(d.found, d.goesOn(call, call))
	}
}

// stubborn is a call of the loop itself that ends with the group's context, and whose
// failure never ends the loop; nil if there is none.
func (d *deafTask) stubborn(r *roundLoop) *model.Op {
	for _, op := range r.own {
		if op.Kind == model.OpCall && !op.Deferred && op.Gives != nil && d.failsWithGroup(op) && d.goesRound(r, op) && !d.told() {
			return op
		}
	}
	return nil
}

// failsWithGroup reports whether the call is given the group's context, and fails
// when that ends. A function that itself looks whether it has ended may return nil.
func (d *deafTask) failsWithGroup(op *model.Op) bool {
	looks := op.Contains(func(o *model.Op) bool {
		return slices.ContainsFunc(o.AllUses(), func(u *model.Use) bool { return u.Kind == model.UseDone || u.Kind == model.UseErr })
	})
	return !looks && op.Contains(func(o *model.Op) bool {
		return slices.ContainsFunc(o.Uses, func(u *model.Use) bool {
			return u.Kind == model.UseCall && u.Cancels == model.Yes && !u.Cleanup && d.f.Group.Descends(u.Ctx) == model.Yes
		})
	})
}

// goesRound reports whether the loop asks if the call has failed, and no way leads
// out of it from there while it fails each time.
func (d *deafTask) goesRound(r *roundLoop, call *model.Op) bool {
	i := slices.IndexFunc(r.blocks, func(b *model.Block) bool { return slices.Contains(b.Ops, call) })
	if i < 0 {
		return false
	}
	asked := false
	reached := model.Reached(r.blocks[i:i+1], func(b *model.Block) []*model.Block {
		if b.Cond == nil || !b.Cond.Fails || len(b.Succs) != 2 || !r.isAbout(b.Cond, call) {
			return b.Succs
		}
		asked = true
		if b.Cond.Neg {
			return b.Succs[:1]
		}
		return b.Succs[1:]
	})
	for b := range reached {
		leaves := slices.ContainsFunc(b.Ops, func(op *model.Op) bool { return op.Kind.Leaves() || op.Quits })
		if leaves || !slices.Contains(r.blocks, b) || len(b.Succs) == 0 {
			return false
		}
	}
	return asked
}

// isAbout reports whether a condition asks for a result of the call, and nothing else.
func (r *roundLoop) isAbout(c *model.Cond, call *model.Op) bool {
	found := false
	for _, t := range []*model.Term{c.X, c.Y} {
		switch {
		case t == nil:
			return false
		case t.Const != "":
		case t.Gives == call.Gives && t.Gives != nil:
			found = true
		case t.Var != nil:
			for _, op := range r.all {
				if op.Kind != model.OpSet || op.Var != t.Var || op.Val != nil && op.Val.Const == "nil" {
					continue // not of the variable, or its declaration
				}
				if op.Val == nil || op.Val.Gives != call.Gives {
					return false
				}
				found = true
			}
		default:
			return false
		}
	}
	return found
}

func (d *deafTask) goesOn(call, pause *model.Op) Finding {
	f, t, g := d.f, d.task, d.f.Group
	who := taskOf(t).Name
	var s steps
	s.starts(f, t)
	s.by(Fails, sibling(), call.At, "fails; %s is cancelled", derived(g)).onto(Context, derived(g))
	s.by(Fails, taskOf(t), call.At, "calls %s, which fails because %s has ended", call.Text, derived(g)).onto(Context, derived(g))
	s.by(GoesOn, taskOf(t), pause.At, "goes round and calls %s again, each time in vain", call.Text)
	if waits := f.EveryWait(); len(waits) > 0 {
		s.tell(Waits, spawnerOf(f), waits[0].At, "%s waits for it", g.Join()).onto(Group, g.Name)
	}
	return Finding{
		At:      call.At,
		Message: fmt.Sprintf("%s goes on when %s fails because %s has ended; the loop does not stop when a sibling fails", who, call.Text, derived(g)),
		Steps:   s,
	}
}
