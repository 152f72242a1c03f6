package schedule

import "slices"

// Which states are visited.
//
// Two states that are the same but for the kinds of calls that have failed and for who
// has decided something without a reason: the one with fewer of them can do all that the
// other can. Each step of the other is possible in it too, with the same effect, because
// a failure is refused only when too many kinds have failed, and no step is refused for
// what was decided; and what the two come to differs in the same way again. A schedule is
// dropped as speculative only where several routines have decided, so what is told of
// the other is told of the one. So the other needs no visit.
//
// Where a process does what is its own business, or is apart from the others, their steps
// wait. They must not wait for ever, while it goes round: from each state one can be come
// to in which all steps are played. That is made sure of when all else is visited, as only
// then it is known where the steps lead.

// An excuse is what a state has used up of what may be assumed in a schedule.
type excuse struct {
	failed  failures
	decider int
	at      int // the visit
	before  int // the one before of a state that is the same otherwise, plus one
}

// A visit is one state that is explored.
type visit struct {
	s *state
	// from is the last of the steps that lead to it, plus one.
	from int
	// whole: all that can happen is played.
	whole bool
}

// A step leads from one visit to another.
type step struct {
	from   int
	before int // the one before that leads there, plus one
}

// visits are the states that are explored, in order.
type visits struct {
	list    []visit
	steps   []step
	excuses []excuse
	seen    map[string]int // by state the last of its excuses, plus one
}

// arrive notes that s is come to from a visit, -1 for none, and reports whether it is worth
// a visit of its own.
func (r *run) arrive(v *visits, s *state, from int) bool {
	key := r.key(s)
	x := excuse{s.failed, s.decider, len(v.list), v.seen[string(key)]}
	covered := false
	for i := x.before; i > 0 && !covered; i = v.excuses[i-1].before {
		if y := v.excuses[i-1]; r.covers(y, x) {
			x.at, covered = y.at, true
		}
	}
	if !covered {
		v.excuses = append(v.excuses, x)
		v.seen[string(key)] = len(v.excuses)
		v.list = append(v.list, visit{s: s})
		r.effort += r.effortOf(s)
	}
	if from >= 0 {
		v.steps = append(v.steps, step{from, v.list[x.at].from})
		v.list[x.at].from = len(v.steps)
	}
	return !covered
}

// explore visits the states breadth first.
func (r *run) explore() {
	s := r.runLocal(r.begin())
	if s == nil {
		return
	}
	v := &visits{seen: map[string]int{}}
	r.arrive(v, s, -1)
	for at := 0; ; at++ {
		if at == len(v.list) {
			for _, i := range v.heldUp() {
				r.playWhole(v, i)
			}
			if at == len(v.list) {
				return
			}
		}
		if r.states++; r.states > maxStates || r.effort > maxEffort {
			r.spent = true
			return
		}
		s := v.list[at].s
		if s.procs[0].done && r.Scene.EndsProcess || !r.judges(s) {
			v.list[at].whole = true
			continue
		}
		next, local := r.business(s)
		if !local {
			next = r.aparts(s, false)
		}
		if local || len(next) > 0 {
			r.push(v, next, at)
		} else {
			r.playWhole(v, at)
		}
	}
}

// judges reports whether something can be said of what may follow a state.
func (r *run) judges(s *state) bool {
	return slices.ContainsFunc(s.procs, func(p *proc) bool { return !p.done && r.Judged[p.pc] })
}

// push goes on to the states that follow a visit. If there is none, the program has ended,
// or nothing more is of interest.
func (r *run) push(v *visits, next []*state, from int) {
	v.list[from].whole = true
	for _, t := range next {
		if t = r.runLocal(t); t != nil {
			v.list[from].whole = false
			if !r.arrive(v, t, from) {
				t.pool.drop(t)
			}
		}
	}
}

// playWhole plays all that can happen at a visit.
func (r *run) playWhole(v *visits, at int) {
	s := v.list[at].s
	r.push(v, r.all(s), at)
	v.list[at].whole = true
	if _, local := r.business(s); !local && !r.looksAny(s) {
		r.stuck(s)
	}
}

// heldUp lists visits to be played as a whole, so that from each one such a visit can be
// come to.
func (v *visits) heldUp() []int {
	fine := make([]bool, len(v.list))
	mark := func(i int) {
		for todo := []int{i}; len(todo) > 0; {
			j := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !fine[j] {
				fine[j] = true
				for k := v.list[j].from; k > 0; k = v.steps[k-1].before {
					todo = append(todo, v.steps[k-1].from)
				}
			}
		}
	}
	for i := range v.list {
		if v.list[i].whole {
			mark(i)
		}
	}
	var out []int
	for i := len(v.list) - 1; i >= 0; i-- { // the last ones first, as the others lead to them
		if !fine[i] {
			mark(i)
			out = append(out, i)
		}
	}
	return out
}

// covers reports whether all that can be done with y can be done with x.
func (r *run) covers(x, y excuse) bool {
	if x.decider != 0 && x.decider != y.decider && y.decider != manyRoutines {
		return false
	}
	n, m := 0, 0
	for _, k := range x.failed {
		if k > 0 {
			n++
		}
	}
	for _, k := range y.failed {
		if k > 0 {
			m++
			if r.kinds.Has(int(k)-1) && !slices.Contains(x.failed[:], k) {
				n++
			}
		}
	}
	return n <= m
}
