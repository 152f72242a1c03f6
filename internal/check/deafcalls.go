package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/polling"
)

// A loop that polls with the group's context, and goes on when the call fails: the
// call hears that a sibling has failed, and the loop does not hear the call.
//
// It is a finding when the loop cannot be left as long as that call fails, whatever
// everything else in it says: no way out of it leads past the call's success.

// spins looks at the loop around a call that fails when the group does, unless something
// in it lets time pass: those loops are looked at there.
func (d *deafTask) spins(r *polling.Loop, call *model.Op) {
	if r == nil || call.Kind != model.OpCall || slices.Contains(d.tried, r.Of) || !d.failsWithGroup(call) {
		return
	}
	r.Collect()
	if slices.ContainsFunc(r.All, polling.Pauses) {
		return
	}
	d.tried = append(d.tried, r.Of)
	if call := d.stubborn(r); call != nil {
		d.found = append(d.found, d.goesOn(call, call))
	}
}

// stubborn is a call of the loop itself that ends with the group's context, and whose
// failure never ends the loop; nil if there is none.
func (d *deafTask) stubborn(r *polling.Loop) *model.Op {
	for _, op := range r.Own {
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
func (d *deafTask) goesRound(r *polling.Loop, call *model.Op) bool {
	i := slices.IndexFunc(r.Blocks, func(b *model.Block) bool { return slices.Contains(b.Ops, call) })
	if i < 0 {
		return false
	}
	asked := false
	reached := model.Reached(r.Blocks[i:i+1], func(b *model.Block) []*model.Block {
		if b.Cond == nil || !b.Cond.Fails || len(b.Succs) != 2 || !r.IsAbout(b.Cond, call) {
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
		if leaves || !slices.Contains(r.Blocks, b) || len(b.Succs) == 0 {
			return false
		}
	}
	return asked
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
