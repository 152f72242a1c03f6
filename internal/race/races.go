package race

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
)

// Races: two goroutines of a function use the same memory at the same time, and
// one of them writes.
//
// For each task, and each place of the spawner that the task touches, the question
// is whether another access can be concurrent: of the spawner after the task was
// started and before anything that may tell it that the task has got past its
// access; of another task that is started while this one runs; of the same task
// started again. The order of the spawner is that of a Walk over its body; what
// may tell it is said by Ordering.TokensAfter; locks by LocksAt.
//
// Left out: places below unknown pointers; elements whose index is not constant
// between tasks (each has its own, as a rule); what deferred calls of the spawner
// do; accesses in literals whose caller is not seen.

// Races lists the races of the fan-out's tasks, one for each task and place.
func (e *Finder) Races(f *model.FanOut) []*model.Race {
	var out []*model.Race
	for _, r := range e.racesOf(f.Body) {
		if slices.ContainsFunc(f.Tasks, func(t *model.Task) bool { return t == r.owner }) {
			out = append(out, r.Race)
		}
	}
	return out
}

// ownedRace is a race with the task that the spawner itself starts, and its memory.
type ownedRace struct {
	*model.Race
	owner *model.Task
	about placeKey
}

func (e *Finder) racesOf(root *model.Body) []ownedRace {
	if root == nil || e.FrameOf[root] == nil {
		return nil
	}
	if out, ok := e.races[root]; ok {
		return out
	}
	x := newRacer(e, root)
	x.addPlaces()
	for i := range x.o.Actors[1:] {
		x.task(i + 1)
		x.causes(i + 1)
	}
	places := map[placeKey]int{}
	for _, r := range x.found {
		if _, known := places[r.about]; !known {
			places[r.about] = len(places)
		}
		r.Place = places[r.about]
	}
	e.races[root] = x.found
	return x.found
}

// addPlaces collects the accesses of all goroutines.
func (x *racer) addPlaces() {
	for i, a := range x.o.Actors {
		x.byActor[a] = x.shared(a)
		for n, access := range x.byActor[a] {
			if !access.born {
				x.places.add(user{i, n, access})
			}
		}
	}
}

// racer looks for the races of one function.
type racer struct {
	e       *Finder
	o       *order.Ordering
	root    *model.Body
	byActor map[*order.Actor][]*access
	places  *placeTree
	found   []ownedRace

	// What was asked before.
	started     map[*model.Op]*model.Op // see starts
	starting    map[*model.Op]int       // the ops of started, numbered
	limits      []*model.Op             // the calls of SetLimit
	dones       map[*order.Actor][]*model.Op
	picked      map[*ssa.BasicBlock]bool // see chosen
	pickedRound map[*ssa.BasicBlock]bool
	loops       map[*model.Body][]joinLoop
	after       map[afterKey]*afterStart
	startedWhen map[startedKey]model.Bits
	runs        map[againKey]bool
	fillings    map[placeKey]*filling
	starts      map[starterKey][]*model.Block
	hears       map[*order.Actor]bool // see hearsOthers
	sidesOf     map[*access][]side

	assuming bool // orders that rest on calls are kept, see Assumed
	strict   bool // such calls tell nothing
	passed   []*model.Op
	assumed  []*model.AssumedOrder

	visits int  // see search
	deep   bool // paths are too many to be searched breadth first
}

func newRacer(e *Finder, root *model.Body) *racer {
	x := &racer{
		e: e, o: e.orders.Of(root), root: root, byActor: map[*order.Actor][]*access{}, places: newPlaceTree(),
		started: map[*model.Op]*model.Op{}, starting: map[*model.Op]int{}, dones: map[*order.Actor][]*model.Op{},
		picked: map[*ssa.BasicBlock]bool{}, pickedRound: map[*ssa.BasicBlock]bool{}, loops: map[*model.Body][]joinLoop{},
		startedWhen: map[startedKey]model.Bits{}, runs: map[againKey]bool{}, fillings: map[placeKey]*filling{}, starts: map[starterKey][]*model.Block{}, hears: map[*order.Actor]bool{}, sidesOf: map[*access][]side{},
	}
	for _, op := range order.OpsOf(root) {
		if op.Kind == model.OpLimit {
			x.limits = append(x.limits, op)
		}
	}
	for _, blk := range root.Blocks {
		for _, op := range blk.Ops {
			if !op.Deferred {
				x.note(op)
			}
		}
	}
	return x
}

// note keeps which tasks an op of the root body starts, by itself or through what it
// calls, literals that it lends included.
func (x *racer) note(op *model.Op) {
	one := func(y *model.Op) bool {
		if y.Kind == model.OpSpawn && x.started[y] == nil {
			x.started[y] = op
			if _, known := x.starting[op]; !known {
				x.starting[op] = len(x.starting)
			}
		}
		return false
	}
	op.Contains(one)
}

// shared lists the accesses of a goroutine to places of the root function, those
// of the functions that it calls included.
func (x *racer) shared(who *order.Actor) []*access {
	var out []*access
	seen := map[*model.Body]bool{}
	var visit func(b *model.Body, deferred bool, m *model.Body)
	visit = func(b *model.Body, deferred bool, m *model.Body) {
		if b == nil || seen[b] || x.e.FrameOf[b] == nil {
			return
		}
		seen[b] = true
		if !(deferred && who.Task == nil) {
			for _, list := range x.e.accesses(b) {
				for _, a := range list {
					if a.fr == x.e.FrameOf[x.root] && !x.e.madeForEach(a, b) {
						a.member = m
						out = append(out, a)
					}
				}
			}
		}
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				visit(op.Into, deferred || op.Deferred, m)
				for _, l := range op.Lits {
					switch fr := x.e.FrameOf[l]; {
					case fr.Listed && !fr.Many:
						visit(l, deferred || op.Deferred, l)
					case fr.Listed || known.RunsInPlace(op.Text):
						visit(l, deferred || op.Deferred, m)
					}
				}
			}
		}
	}
	visit(who.Body, false, nil)
	return out
}

// task looks for races of the places that one task touches, one for each place.
func (x *racer) task(i int) {
	who := x.o.Actors[i]
	x.after = map[afterKey]*afterStart{}
	done := map[placeKey]bool{}
	mine := slices.Clone(x.byActor[who])
	slices.SortStableFunc(mine, func(a, b *access) int {
		return cmp.Compare(rank(a), rank(b)) // writes first
	})
	for _, a := range mine {
		k := placeKey{a.root, a.path}
		if a.born || done[k] || x.insideTask(a, who) || !x.contested(i, a) {
			continue
		}
		if r, other := x.race(i, a); r != nil && !x.unheard(a) {
			done[k] = true
			x.e.pin(a)
			x.e.pin(other)
			r.First, r.Other = &a.Access, &other.Access
			r.Locked = len(x.o.LocksAt(who, a.site())) > 0 || len(x.o.LocksAt(x.actorOf(r.With), other.site())) > 0
			if a.At.Pos.IsValid() && r.Other.At.Pos.IsValid() {
				x.found = append(x.found, ownedRace{r, who.Chain[0], k})
			}
		}
	}
}

// inOtherRun is what another run of the task does to the place of a write: the same, or if a
// run calls one function of a list, what another one of these does.
func (x *racer) inOtherRun(who *order.Actor, a *access, held order.LockSet) *access {
	if a.member == nil {
		return a
	}
	var found *access
	for _, u := range x.places.of(a.memory).list {
		b := u.a
		other := x.o.Actors[u.who] == who && b.member != nil && b.member != a.member
		if other && (found == nil || b.Write && !found.Write) && !b.atomic && !held.Excludes(x.o.LocksAt(who, b.site())) {
			found = b
		}
	}
	return found
}

// actorOf is the goroutine of a task, or the spawner if there is none.
func (x *racer) actorOf(t *model.Task) *order.Actor {
	i := slices.IndexFunc(x.o.Actors, func(a *order.Actor) bool { return a.Task == t })
	return x.o.Actors[max(0, i)]
}

// contested reports whether there is another access at all that could race with a.
func (x *racer) contested(who int, a *access) bool {
	if a.Write && !a.atomic && !a.slot() {
		for _, t := range x.o.Actors[who].Chain {
			if t.InLoop {
				return true
			}
		}
	}
	us := x.places.of(a.memory)
	return a.Write && besides(us.any, who) || besides(us.writers, who)
}

func rank(a *access) int {
	if a.Write {
		return 0
	}
	return 1
}

// insideTask reports whether the place is made by the task.
func (x *racer) insideTask(a *access, who *order.Actor) bool {
	for fr := a.fr; fr != nil; fr = fr.Caller {
		if fr == x.e.FrameOf[who.Body] {
			return true
		}
	}
	return false
}

// race is a race of one access of a task: with itself, with the spawner, or with
// another task.
func (x *racer) race(mine int, a *access) (r *model.Race, with *access) {
	who := x.o.Actors[mine]
	start := x.started[who.Chain[0].Spawn]
	if start == nil {
		return nil, nil
	}
	released, toSpawner := x.o.TokensAfter(who, a.site(), order.ToAny), x.o.TokensAfter(who, a.site(), order.ToSpawner)
	held := x.o.LocksAt(who, a.site())
	r = &model.Race{Name: a.Name, Task: who.Task, Started: start}
	if a.Write && !a.slot() && !a.atomic {
		if b := x.inOtherRun(who, a, held); b != nil && x.races(who, a, toSpawner, held) {
			r.With = who.Task
			return r, b
		}
	}
	if b, waited := x.spawner(who, a, toSpawner, held, start); b != nil {
		r.Waited, r.Late = waited, x.late(who, a)
		if !x.result(b) || len(who.Chain) > 1 || r.Waited || r.Late || who.Task.Spawn.Group == nil || who.Task.Spawn.Group.Kind == model.Bare {
			return r, b
		}
		// A return without Wait: another check.
	}
	if a.slot() || !a.Write || a.atomic || len(who.Chain) > 1 {
		return nil, nil
	}
	list := x.places.of(a.memory).list
	for len(list) > 0 {
		i := list[0].who
		n := slices.IndexFunc(list, func(u user) bool { return u.who != i })
		if n < 0 {
			n = len(list)
		}
		other, theirs := x.o.Actors[i], slices.Clone(list[:n])
		slices.SortStableFunc(theirs, func(u, v user) int { return cmp.Compare(rank(u.a), rank(v.a)) })
		list = list[n:]
		if i == 0 || other == who || len(other.Chain) > 1 {
			continue
		}
		if i < mine && !slices.ContainsFunc(theirs, func(u user) bool { return !u.a.Write }) {
			continue // told there
		}
		if b := x.between(who, other, a, theirs, released, held); b != nil && !(b.Write && i < mine) {
			r.With = other.Task
			return r, b
		}
	}
	return nil, nil
}

// late reports whether the task counts itself out of its group before the access.
func (x *racer) late(who *order.Actor, a *access) bool {
	dones, ok := x.dones[who]
	if !ok {
		for _, op := range order.OpsOf(who.Body) {
			if op.Kind == model.OpDone && op.Group != nil {
				dones = append(dones, op)
			}
		}
		x.dones[who] = dones
	}
	return slices.ContainsFunc(dones, func(op *model.Op) bool { return !x.o.Tells(x.o.TokensAfter(who, a.site(), order.ToAny), op.Group) })
}

// races reports whether the task can run twice at the same time, and nothing
// orders the access of one and the other.
func (x *racer) races(who *order.Actor, a *access, released *order.TokenSet, held order.LockSet) bool {
	if who.Once {
		return false
	}
	if mine := x.o.Common(held, who); mine.Excludes(mine) || x.chosen(a.in) || x.limited(who) {
		return false
	}
	for _, call := range calls(a.where, x.e.FrameOf[who.Body]) {
		if x.chosen(call) {
			return false
		}
	}
	if x.o.InTurn(who, a.site()) {
		return false
	}
	for i, t := range who.Chain {
		if gathered(t) || x.again(who, t, i, order.Trail{TokenSet: released}, a) {
			return true
		}
	}
	return false
}

// gathered reports whether the function that starts the task runs it several times
// at once by itself.
func gathered(t *model.Task) bool {
	g := t.Spawn.Group
	return t.InLoop && g != nil && g.Contract != nil && len(g.Contract.ByName) == 0
}

// calls lists the call sites between two frames.
func calls(from, to *flow.Frame) []ssa.Instruction {
	var out []ssa.Instruction
	for fr := from; fr != nil && fr != to; fr = fr.Caller {
		if fr.Site != nil {
			out = append(out, fr.Site)
		}
	}
	return out
}

// limited reports whether the task's group runs one task at a time.
func (x *racer) limited(who *order.Actor) bool {
	for _, t := range who.Chain {
		g := t.Spawn.Group
		if g == nil || !g.Limit {
			continue
		}
		for _, op := range x.limits {
			if op.Group == g && (op.N == nil || len(op.N.Terms) == 0 && op.N.Const <= 1) {
				return true
			}
		}
	}
	return false
}
