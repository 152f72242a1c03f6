package race

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
)

// Orders that are assumed: an explanation says which call keeps two accesses from being
// reported. The search for races is made once more; where the spawner does not come to an
// access while the task runs, it is asked whether it does if calls that are not followed
// tell nothing, and at which of them it went on.

// Assumed lists accesses of the spawner to what tasks of the fan-out use that are no
// races only because of a call that is not followed, one for each task and place.
func (e *Finder) Assumed(f *model.FanOut) []*model.AssumedOrder {
	if f.Body == nil || e.FrameOf[f.Body] == nil {
		return nil
	}
	x := newRacer(e, f.Body)
	x.assuming = true
	x.addPlaces()
	for i, who := range x.o.Actors[1:] {
		if slices.Contains(f.Tasks, who.Chain[0]) {
			x.task(i + 1)
		}
	}
	return x.assumed
}

// noteAssumed keeps that the spawner's access b is ordered after the task's access a by a
// call that is not followed, if it is.
func (x *racer) noteAssumed(who *order.Actor, a, b *access, released *order.TokenSet, start *model.Op) {
	known := func(o *model.AssumedOrder) bool { return o.Task == who.Task && o.Name == a.Name }
	if !x.assuming || slices.ContainsFunc(x.assumed, known) {
		return
	}
	normal := x.after
	x.strict, x.after, x.passed = true, map[afterKey]*afterStart{}, nil
	found, _ := x.reaches(who, a, b, order.Trail{TokenSet: released}, start)
	x.strict, x.after = false, normal
	if found && len(x.passed) > 0 {
		first := slices.MinFunc(x.passed, func(a, b *model.Op) int { return int(a.At.Pos - b.At.Pos) })
		x.e.pin(a)
		x.e.pin(b)
		x.assumed = append(x.assumed, &model.AssumedOrder{Race: model.Race{Name: a.Name, First: &a.Access, Other: &b.Access, Task: who.Task, Started: start}, Call: first})
	}
}
