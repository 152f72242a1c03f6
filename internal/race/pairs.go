package race

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// between looks among the accesses of another task for one that races with a.
func (x *racer) between(who, other *order.Actor, a *access, theirs []user, released *order.TokenSet, held order.LockSet) *access {
	for _, u := range theirs {
		b := u.a
		if b.atomic || b.slot() || !a.Write && !b.Write || x.choosesBetween(a, b) || held.Excludes(x.o.LocksAt(other, b.site())) {
			continue
		}
		back := x.o.TokensAfter(other, b.site(), order.ToAny)
		if released.Reaches(other) || back.Reaches(who) {
			continue
		}
		if x.limited(who) && who.Task.Spawn.Group == other.Task.Spawn.Group {
			continue
		}
		f := x.filling(who, a)
		if x.otherSides(a, b) {
			continue
		}
		if x.both(who, other, order.Trail{TokenSet: released, Outside: !b.Write}, a, f) || x.both(other, who, order.Trail{TokenSet: back, Outside: !b.Write}, a, f) {
			return b
		}
	}
	return nil
}

// search runs a walk while the budget lasts, and reports whether it found a path. A
// walk whose own budget is spent on paths that differ in what they know goes deep
// instead, as do those after it: what was passed on the way counts, however far the
// walk came. Then it takes the visits of some paths from end to end.
func (x *racer) search(w *model.Walk) bool {
	const whole = 2 // paths over all blocks
	run := func() bool {
		found := w.Find() != nil
		x.visits += w.Visits
		return found
	}
	if x.visits > model.MaxVisits {
		x.root.GiveUp()
		return false
	}
	if !x.deep {
		found := run()
		if !w.Spent() {
			return found
		}
		x.deep = true
	}
	w.Deep, w.Most = true, whole*len(w.Body.Blocks)
	return run()
}

// both reports whether the spawner starts second while first may not have got past
// its access.
func (x *racer) both(first, second *order.Actor, released order.Trail, a *access, f *filling) bool {
	one, two := x.started[first.Chain[0].Spawn], x.started[second.Chain[0].Spawn]
	if one != nil && one == two && first.Task == second.Task { // two of a list
		return x.again(first, first.Task, 0, released, a)
	}
	if one == nil || two == nil || one == two || value.OtherSides(x.o.Instr(one), x.o.Instr(two)) {
		return false
	}
	for _, op := range []*model.Op{one, two} {
		if in := x.o.Instr(op); in == nil || source.InLoop(in.Block()) && x.chosenRound(in) {
			return false
		}
	}
	key := startedKey{one, released, a.root, f}
	met, ok := x.startedWhen[key]
	if !ok {
		met = x.startedWhile(one, released, a, f)
		x.startedWhen[key] = met
	}
	return met.Has(x.starting[two])
}

// startedKey tells apart the searches of startedWhile.
type startedKey struct {
	one      *model.Op
	released order.Trail
	root     ssa.Value
	fill     *filling
}

// startedWhile is the starting ops, by number, that the spawner comes to while the
// task that the op one starts may not have got past its access.
func (x *racer) startedWhile(one *model.Op, released order.Trail, a *access, f *filling) model.Bits {
	var out model.Bits
	left := 0 // that it can come to
	for op := range x.starting {
		if p, from := x.o.PlaceOf(op), x.o.PlaceOf(one); p.Block != nil && from.Block != nil && (p.Block == from.Block || from.Block.Reaches(p.Block)) {
			left++
		}
	}
	w := &model.Walk{Body: x.root, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		if stage == filled || stage == notStarted && f.sets(op) {
			return filled, model.GoOn
		}
		if op == one {
			if op.Into != nil && x.joins(op, released) {
				return notStarted, model.GoOn
			}
			return runs, model.GoOn
		}
		if stage != runs {
			return stage, model.GoOn
		}
		if n, starts := x.starting[op]; starts && !out.Has(n) {
			out.Add(n)
			if left--; left == 0 {
				return stage, model.Hit
			}
		}
		if x.joins(op, released) {
			return notStarted, model.GoOn
		}
		return stage, model.GoOn
	}, Marks: x.marks(x.root), Mark: f.marked(x.reborn(a)), Enter: x.joinLoops(x.root, one, released)}
	x.search(w)
	return out
}
