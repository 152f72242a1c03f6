package schedule

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// A Result is what playing a scene has shown.
type Result struct {
	Scene   *model.Scene
	Stuck   []*Stuck
	Crashes []*Crash
	// Sized is what happens with certain sizes only: with few, or if one unknown
	// size is larger than another. Nobody claims that there are such sizes.
	Sized []*Stuck
	// Unknown says what the verdict on the scene does not cover.
	Unknown []string
	// Limits are the kinds of schedules that were not played, though the budget
	// was not spent.
	Limits  []string
	States  int  // visited
	Spent   bool // the budget ran out
	Skipped bool // it was not played: the budget of the package was spent before
	effort  int  // see effortOf
	again   int  // likewise, of Otherwise
}

// A Stuck is a schedule after which goroutines are blocked for ever.
type Stuck struct {
	Blocked []*Blocked
	// Returned: the spawner has returned by then.
	Returned bool
	Events   []Event
	id       string
	rank     int
	doubts   int // see doubted
}

// Play plays a scene. A thorough play also tries sizes that differ, for the sake
// of Sized.
func Play(s *model.Scene, thorough bool) *Result { return play(s, thorough, nil) }

// Otherwise plays the scene once more, in which nobody leaves by some of its returns, and
// gives a schedule that ends as x does all the same; nil if there is none. All such plays of
// a scene have one budget, after which there is none.
func (r *Result) Otherwise(x *Stuck, without map[*model.Op]bool) *Stuck {
	if r.again >= maxAgain {
		return nil
	}
	again := play(r.Scene, false, without)
	r.again += again.effort
	for _, y := range again.Stuck {
		if y.Returned == x.Returned && y.key() == x.key() {
			return y
		}
	}
	return nil
}

// play is Play without the schedules in which one of the returns is come to.
func play(s *model.Scene, thorough bool, without map[*model.Op]bool) *Result {
	res := &Result{Scene: s}
	if !thorough && !hasKnown(s) {
		return res
	}
	p := program.Compile(s)
	for _, why := range p.Gaps() {
		res.unknown(why)
	}
	if !p.Worthwhile() {
		return res
	}
	p.Prepare()
	if !p.FindLarge() {
		res.unknown("several numbers above 3 are compared or counted, and the small ones that are explored do not keep their order")
		return res
	}
	player := newPlayer(p)
	player.without = without
	stuck, crashes := map[string]bool{}, map[*model.Op]bool{}
	for _, scales := range p.Rounds(thorough) {
		found := player.playRound(scales.Sizes, res)
		for _, x := range found.stuck {
			key := x.key()
			if !stuck[key] && scales.Speculative {
				res.Sized = append(res.Sized, x)
			} else if !stuck[key] {
				stuck[key] = true
				res.Stuck = append(res.Stuck, x)
			}
		}
		for _, c := range found.crashes {
			if !crashes[c.Op] && !scales.Speculative {
				crashes[c.Op] = true
				res.Crashes = append(res.Crashes, c)
			}
		}
	}
	if res.Spent {
		res.unknown("there are too many schedules")
	}
	return res
}

// hasKnown reports whether the scene has an object of which every operation, or every one
// before it leaks, is part of it: nobody can be said to be blocked on another.
func hasKnown(s *model.Scene) bool {
	return len(s.Leaks) > 0 || slices.ContainsFunc(s.Chans, func(c *model.Chan) bool { return c.Inside && c.Escapes == "" }) ||
		slices.ContainsFunc(s.Groups, func(g *model.Group) bool { return g.Escapes == "" }) ||
		slices.ContainsFunc(s.Locks, func(l *model.Lock) bool { return l.Escapes == "" }) ||
		slices.ContainsFunc(s.Sems, func(m *model.Sem) bool { return m.Escapes == "" && m.Size != nil }) ||
		slices.ContainsFunc(s.Ctxs, func(c *model.Ctx) bool { return c.CancelLocal })
}

// findings are what a round has shown, in a fixed order.
type findings struct {
	stuck   []*Stuck
	crashes []*Crash
}

// playRound plays with each of the sizes, which grow. What is found is told as
// it happens with the smallest, or the smallest that needs fewer assumptions, but only if it happens with the largest too: what
// needs few only may be excluded by a contract that the code does not state.
func (p *player) playRound(sizes []program.Scale, res *Result) findings {
	var last *run
	var f findings
	seen := map[string]int{}
	for i, sc := range sizes {
		r := &run{player: p, sizes: sc, ids: map[string]uint32{}, found: map[string]*Stuck{}, crashes: map[*model.Op]*Crash{}}
		r.explore()
		res.States += r.states
		res.effort += r.effort
		res.Spent = res.Spent || r.spent
		r.limits(res)
		if r.spent && i == 0 {
			return findings{} // there is nothing to hold it against
		}
		for _, key := range slices.Sorted(maps.Keys(r.found)) {
			x := r.found[key]
			x.id = key
			if at, before := seen[key]; !before {
				seen[key] = len(f.stuck)
				f.stuck = append(f.stuck, x)
			} else if x.doubts < f.stuck[at].doubts {
				f.stuck[at] = x
			}
		}
		for _, op := range r.crashed {
			if !slices.ContainsFunc(f.crashes, func(x *Crash) bool { return x.Op == op }) {
				f.crashes = append(f.crashes, r.crashes[op])
			}
		}
		if last == nil || !r.spent && !r.cut {
			last = r
		}
		if r.spent {
			break // larger sizes have more schedules still
		}
	}
	f.stuck = slices.DeleteFunc(f.stuck, func(x *Stuck) bool {
		if last.found[x.id] == nil {
			res.Sized = append(res.Sized, x)
			return true
		}
		return false
	})
	f.crashes = slices.DeleteFunc(f.crashes, func(c *Crash) bool { return last.crashes[c.Op] == nil })
	slices.SortStableFunc(f.stuck, func(a, b *Stuck) int {
		return cmp.Or(cmp.Compare(a.key(), b.key()), cmp.Compare(len(a.Events), len(b.Events)))
	})
	slices.SortStableFunc(f.crashes, func(a, b *Crash) int { return cmp.Compare(a.Op.At.Pos, b.Op.At.Pos) })
	return f
}

// limits notes which limits the run has met.
func (r *run) limits(res *Result) {
	if r.uncorrelated {
		res.unknown("some need two conditions at once, of different goroutines, and nothing says whether both can hold")
	}
	if r.crowd {
		res.Limits = appendNew(res.Limits, "more goroutines at a time than are tried")
	}
	if r.piled {
		res.Limits = appendNew(res.Limits, "more deferred calls at a time than are tried")
	}
	if r.crowded {
		res.Limits = appendNew(res.Limits, "failures of more than two different calls")
	}
	for _, name := range r.World.Leaky() {
		res.Limits = appendNew(res.Limits, "what others do with "+name+" once they have it")
	}
	if r.scaled {
		res.Limits = appendNew(res.Limits, fmt.Sprintf("numbers above %d (smaller ones stand for them)", program.MaxCount))
	}
	if len(r.sizes) > 0 {
		res.Limits = appendNew(res.Limits, fmt.Sprintf("unknown lengths and counts above %d", program.MaxCount))
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// Told adds the places at which goroutines are blocked.
func (r *Result) Told(places map[model.Span]bool) {
	for _, x := range r.Stuck {
		for _, b := range x.Blocked {
			for _, at := range r.places(b) {
				places[at] = true
			}
		}
	}
}

// Forget leaves out what ends with a goroutine blocked at one of the places: another
// scene has shown that.
func (r *Result) Forget(told map[model.Span]bool) {
	r.Stuck = slices.DeleteFunc(r.Stuck, func(x *Stuck) bool {
		return slices.ContainsFunc(x.Blocked, func(b *Blocked) bool {
			return slices.ContainsFunc(r.places(b), func(at model.Span) bool { return told[at] })
		})
	})
}

// places are where a goroutine is blocked, and where the channel is made if its client goes
// on: that nobody is left at it is told once, however many methods work on it.
func (r *Result) places(b *Blocked) []model.Span {
	out := []model.Span{b.Op.At}
	if r.Scene.Goes && b.Op.Chan != nil {
		out = append(out, b.Op.Chan.At)
	}
	return out
}

func (r *Result) unknown(why string) {
	if !slices.Contains(r.Unknown, why) {
		r.Unknown = append(r.Unknown, why)
	}
}

// key orders stuck states by where they block.
func (x *Stuck) key() string {
	s := ""
	for _, b := range x.Blocked {
		s += fmt.Sprintf("%09d ", b.Op.At.Pos)
	}
	return s
}

// maxSteps bounds what a process does by itself between two states.
const maxSteps = 200

// runLocal plays on as long as a process has only its own business and only one
// way to go; nil if that ends the process or the program.
func (r *run) runLocal(s *state) *state {
	for range maxSteps {
		i := r.goesOn(s)
		r.effort++
		if i < 0 {
			next := r.aparts(s, true)
			if len(next) == 0 {
				return s
			}
			s = next[0]
			continue
		}
		s.inPlace = true
		next, _ := r.localSteps(s, i)
		s.inPlace = false
		if len(next) == 0 {
			return nil
		}
	}
	return s
}

// goesOn is a process that can go on by itself in one way, or -1.
func (r *run) goesOn(s *state) int {
	for i := range s.procs {
		if s.procs[i].done || r.looks(s, i) {
			continue
		}
		n := r.Nodes[s.procs[i].pc]
		switch n.Kind {
		case program.Pass, program.Register, program.Leak:
			return i
		case program.Branch:
			if _, known := r.settled(s, i, n); known {
				return i
			}
			continue // first what needs no decision
		case program.Leave:
			if r.leavesAlone(s, i, n) {
				return i
			}
		case program.Event:
			if n.Outcome == nil && r.isLocal(s, i, n) {
				return i
			}
		}
	}
	return -1
}
