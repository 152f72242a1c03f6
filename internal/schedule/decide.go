package schedule

import (
	"go/token"

	"github.com/gatherlint/gatherlint/internal/model"
)

// decide takes a branch. What is known settles it; otherwise both ways are
// possible. Errors may be nil or not without further question: any call can
// fail. Of other conditions the model knows nothing; as long as one routine
// alone decides about such, its path is one that its author wrote down. If two
// do, their conditions may belong together: see isSpeculative.
func (r *run) decide(s *state, i int, n *node) []*state {
	if l := n.block.Heads; l != nil && l.Count != nil {
		return r.count(s, i, n, l)
	}
	if k, known := r.settled(s, i, n); known {
		return []*state{r.goes(s, i, n, k)}
	}
	return r.both(s, i, n, n.block.Cond)
}

// settled is the way that a branch goes, if that is known.
func (r *run) settled(s *state, i int, n *node) (k int, known bool) {
	c := n.block.Cond
	if c == nil {
		return 0, n.block.Heads != nil && n.block.Heads.Count != nil
	}
	if c.Taken != nil {
		return side(s.procs[i].chosen == r.world.chosen[c.Taken]), true
	}
	if o := r.world.index[c.Filled]; o != nil && o.known {
		return side(r.compare(c.Rel, int64(s.slots[r.slotOf(s, i, o)].n), c.Than) != c.Negated), true
	}
	if r.played(c.Left) && r.played(c.Right) {
		return side(r.compare(c.Rel, r.value(c.Left), r.value(c.Right)) != c.StableNeg), true
	}
	if c.Stable != "" {
		if v := s.stable[r.mem.stable[c.Stable]]; v != unknown {
			return side((v == isTrue) != c.StableNeg), true
		}
	}
	if eq, known := equal(r.eval(s, i, c.X), r.eval(s, i, c.Y), r.mem.constant("0")); known {
		return side(eq != c.Neg), true
	}
	if c.Part != nil {
		switch v := r.part(s, i, c.Part); {
		case c.Implies && v == isNil:
			return side(c.Neg), true
		case c.Implies:
		default:
			if eq, known := equal(v, r.eval(s, i, c.Y), r.mem.constant("0")); known {
				return side(eq != c.Neg), true
			}
		}
	}
	if k, ok := r.mem.keys[c.Key]; ok {
		if v := s.procs[i].facts[k]; v != unknown {
			return side((v == isTrue) != c.Neg), true
		}
	}
	return 0, n.block.Heads != nil && n.block.Heads.Count != nil
}

// played reports whether a number is known in this run: a condition about sizes
// that nothing else depends on is a condition like any other.
func (r *run) played(s *model.Size) bool {
	if s == nil {
		return false
	}
	known := true
	s.Symbols(func(t model.SizeTerm) {
		_, ok := r.sizes[t.Sym]
		known = known && ok
	})
	return known
}

// compare evaluates a comparison of numbers.
func (r *run) compare(rel token.Token, x, y int64) bool {
	switch rel {
	case token.EQL:
		return x == y
	case token.NEQ:
		return x != y
	case token.LSS:
		return x < y
	case token.LEQ:
		return x <= y
	case token.GTR:
		return x > y
	}
	return x >= y
}

// side is the successor taken when the branch holds.
func side(holds bool) int {
	if holds {
		return 0
	}
	return 1
}

func (r *run) goes(s *state, i int, n *node, k int) *state {
	c := s.clone(happening{i, n.id, nil, k + settledWay})
	p := c.own(i)
	r.moveTo(p, n.next[k])
	return c
}

// byHand reports whether the branch at n goes by a number that its process counts.
func byHand(n *node) bool { return n.block.Cond != nil && n.block.Cond.ByHand }

// count is the header of a counted loop.
func (r *run) count(s *state, i int, n *node, l *model.Loop) []*state {
	x := r.mem.inside[l]
	times := r.value(l.Count)
	if len(l.Count.Terms) == 0 {
		times = r.roundsOf(l)
	}
	done := int64(s.procs[i].loops[x])
	enter := done < times
	k := side(enter == l.CountTrue)
	guessed := byHand(n) && (done > 0 || !enter) // that there is a first round is no guess
	way := k + settledWay
	if guessed {
		way = k
	}
	c := s.clone(happening{i, n.id, nil, way})
	p := c.own(i)
	if guessed && r.branchScope[n.id].Intersects(r.sure) {
		c.decider = manyRoutines
	}
	if enter {
		p.loops[x]++
	}
	r.moveTo(p, n.next[k])
	return []*state{c}
}

// both goes both ways and remembers which.
func (r *run) both(s *state, i int, n *node, c *model.Cond) []*state {
	var out []*state
	for k := range n.next {
		fails := c != nil && r.asksFailure(c) && (k == 0) == c.Neg
		failed, ok := s.failed, true
		if fails {
			failed, ok = s.failed.with(r.number.kinds[c.At])
		}
		if !ok {
			r.crowded = true
			continue
		}
		t := s.clone(happening{i, n.id, nil, k})
		p := t.own(i)
		if (c == nil || c.State || !c.Fails && !n.inner) && r.branchScope[n.id].Intersects(r.sure) {
			t.doubts(n.routine.owner)
			if c != nil && (c.Atomic || c.ByHand || c.State) {
				t.decider = manyRoutines
			}
		}
		t.failed = failed
		if c != nil {
			r.learn(t, p, c, k == 0)
		}
		r.moveTo(p, n.next[k])
		out = append(out, t)
	}
	return out
}

// doubts notes that a routine decides about something not known.
func (s *state) doubts(r *routine) {
	switch d := r.index + 1; s.decider {
	case 0, d:
		s.decider = d
	default:
		s.decider = manyRoutines
	}
}

// isSpeculative reports whether the schedule that leads to s needs unknown conditions
// of several routines that matter to the blocked goroutines. A condition matters
// to an object if one of its ways works on the object, or leaves, before the ways
// meet again.
func (r *run) isSpeculative(s *state, objects bits) bool {
	if s.decider != manyRoutines && len(r.guesses) == 0 {
		return false
	}
	by := map[*routine]bool{}
	for t := s; t != nil; t = t.from {
		for _, h := range t.did {
			if h.proc < 0 {
				continue
			}
			n := r.nodes[h.node]
			if h.op != nil && r.guesses[h.op].Intersects(objects) {
				return true
			}
			if n.kind != branch || h.with >= settledWay || n.inner || n.block.Cond != nil && n.block.Cond.Fails && !n.block.Cond.State {
				continue
			}
			if !r.branchScope[n.id].Intersects(objects) {
				continue
			}
			if c := n.block.Cond; c != nil && (c.Atomic || c.ByHand || c.State) {
				return true
			}
			by[n.routine.owner] = true
		}
	}
	return len(by) > 1
}

// guess lists the cases of selects that are on a channel of which it is not known
// which one it is, with the objects that the select decides about: nothing says that it is ready.
func (p *program) guess() {
	p.guesses = map[*model.Op]bits{}
	chosen := map[*model.Op]bits{}
	for _, n := range p.left {
		if n.kind == branch && n.block.Cond != nil && n.block.Cond.Taken != nil {
			chosen[n.block.Cond.Taken] = p.branchScope[n.id]
		}
	}
	for _, n := range p.left {
		if n.kind != event || n.op.Kind != model.OpSelect {
			continue
		}
		var about bits
		for _, op := range n.op.Cases {
			about.Join(chosen[op])
		}
		for _, op := range n.op.Cases {
			if _, isDone := p.world.done(op); isDone || op.Chan != nil && (!op.Chan.Held || op.Chan.Fills) {
				continue
			}
			p.guesses[op] = about
		}
	}
}

// learn records the outcome of a condition.
func (r *run) learn(s *state, p *proc, c *model.Cond, first bool) {
	if c.Stable != "" {
		s.stable = append([]value(nil), s.stable...)
		s.stable[r.mem.stable[c.Stable]] = truth(first != c.StableNeg)
	} else if k, ok := r.mem.keys[c.Key]; ok {
		p.facts[k] = truth(first != c.Neg)
	}
	if c.X == nil || c.Y == nil || c.X.Var == nil {
		return
	}
	x, ok := r.mem.vars[c.X.Var]
	if !ok {
		return
	}
	holds := first != c.Neg
	switch y := r.constantOf(c.Y); {
	case y == unknown:
	case holds:
		p.facts[x] = y
	case y == isNil:
		p.facts[x] = notNil
	case y == isTrue:
		p.facts[x] = isFalse
	case y == isFalse:
		p.facts[x] = isTrue
	}
}

func (r *run) constantOf(t *model.Term) value {
	if t == nil || t.Const == "" {
		return unknown
	}
	return r.mem.constant(t.Const)
}

// markInner finds the branches that only decide whether something fails: those of
// called functions that decide about nothing but an error to return, and those
// where one way does nothing but return an error. They are like a call that
// fails or not.
func (p *program) markInner() {
	for _, n := range p.left {
		if n.kind != branch || n.block.Cond != nil && (n.block.Cond.Taken != nil || n.block.Cond.State || n.block.Cond.ByHand) {
			continue
		}
		if n.routine.up != nil && returnsError(n.routine.body) {
			n.inner = p.onlyReturns(n.next, func(*model.Op) bool { return true })
		}
		for _, t := range n.next {
			n.inner = n.inner || p.onlyReturns([]int{t}, p.fails)
		}
	}
}

// fails reports whether a return certainly gives an error.
func (p *program) fails(op *model.Op) bool {
	if len(op.Rets) == 0 {
		return false
	}
	t := op.Rets[len(op.Rets)-1]
	return t != nil && (t.NonNil || len(t.Wraps) > 0) && len(op.Errs) > 0
}

// onlyReturns reports whether all that follows the nodes, up to the end of their
// routine, is returns that ok holds for.
func (p *program) onlyReturns(from []int, ok func(*model.Op) bool) bool {
	return p.every(from, func(x *node) (onward, fine bool) {
		switch {
		case x.kind == leave:
			return false, true
		case x.kind == register:
			return false, false
		case x.kind == event && x.op.Kind == model.OpReturn:
			return true, ok(x.op)
		}
		return true, x.kind != event || x.op.Kind == model.OpSet
	})
}

// returnsError reports whether the function has an error as its last result.
func returnsError(b *model.Body) bool {
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind == model.OpReturn {
				return len(op.Errs) > 0
			}
		}
	}
	return false
}
