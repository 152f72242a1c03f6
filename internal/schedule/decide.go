package schedule

import (
	"go/token"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// decide takes a branch. What is known settles it; otherwise both ways are
// possible. Errors may be nil or not without further question: any call can
// fail. Of other conditions the model knows nothing; as long as one routine
// alone decides about such, its path is one that its author wrote down. If two
// do, their conditions may belong together: see isSpeculative.
func (r *run) decide(s *state, i int, n *program.Node) []*state {
	if l := n.Block.Heads; l != nil && l.Count != nil {
		if k, told := r.toldBy(s, i, n.Block.Cond); told {
			return []*state{r.goes(s, i, n, k)} // what was received says when the loop ends
		}
		return r.count(s, i, n, l)
	}
	if k, known := r.settled(s, i, n); known {
		return []*state{r.goes(s, i, n, k)}
	}
	return r.both(s, i, n, n.Block.Cond)
}

// settled is the way that a branch goes, if that is known.
func (r *run) settled(s *state, i int, n *program.Node) (k int, known bool) {
	c := n.Block.Cond
	if c == nil {
		return 0, n.Block.Heads != nil && n.Block.Heads.Count != nil
	}
	if c.Taken != nil {
		return side(s.procs[i].chosen == r.World.Chosen[c.Taken]), true
	}
	if o := r.World.Index[c.Filled]; o != nil && o.Known && !s.slots[r.slotOf(s, i, o)].leaked {
		return side(r.compare(c.Rel, int64(s.slots[r.slotOf(s, i, o)].n), c.Than) != c.Negated), true
	}
	if r.played(c.Left) && r.played(c.Right) {
		return side(r.compare(c.Rel, r.value(c.Left), r.value(c.Right)) != c.StableNeg), true
	}
	if c.Stable != "" {
		if v := s.stable[r.Memory.Stable[c.Stable]]; v != program.Unknown {
			return side((v == program.IsTrue) != c.StableNeg), true
		}
	}
	if eq, known := equal(r.eval(s, i, c.X), r.eval(s, i, c.Y), r.constant("0")); known {
		return side(eq != c.Neg), true
	}
	if k, told := r.toldBy(s, i, c); told {
		return k, true
	}
	if k, ok := r.Memory.Keys[c.Key]; ok {
		if v := s.procs[i].facts[k]; v != program.Unknown {
			return side((v == program.IsTrue) != c.Neg), true
		}
	}
	return 0, n.Block.Heads != nil && n.Block.Heads.Count != nil
}

// toldBy is the way of a branch that asks for a field of a message, if that is known.
func (r *run) toldBy(s *state, i int, c *model.Cond) (k int, told bool) {
	if c == nil || c.Part == nil {
		return 0, false
	}
	v := r.part(s, i, c.Part)
	if c.Implies {
		return side(c.Neg), v == program.IsNil
	}
	eq, known := equal(v, r.eval(s, i, c.Y), r.constant("0"))
	return side(eq != c.Neg), known
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

func (r *run) goes(s *state, i int, n *program.Node, k int) *state {
	c := s.clone(happens(i, n.ID, nil, k+settledWay))
	p := c.own(i)
	r.moveTo(p, n.Next[k])
	return c
}

// count is the header of a counted loop.
func (r *run) count(s *state, i int, n *program.Node, l *model.Loop) []*state {
	rounds := r.Memory.Size + r.Memory.Inside[l]
	times := r.value(l.Count)
	if len(l.Count.Terms) == 0 {
		times = r.RoundsOf(l)
	}
	done := int64(s.procs[i].facts[rounds])
	enter := done < times
	k := side(enter == l.CountTrue)
	guessed := n.ByHand() && (done > 0 || !enter || n.Block.Cond.Elsewhere) // that there is a first round is no guess as a rule
	way := k + settledWay
	if guessed {
		way = k
	}
	c := s.clone(happens(i, n.ID, nil, way))
	p := c.own(i)
	if guessed && r.BranchScope[n.ID].Intersects(r.Sure) {
		c.decider = manyRoutines
	}
	if enter {
		p.facts[rounds]++
	}
	r.moveTo(p, n.Next[k])
	return []*state{c}
}

// both goes both ways and remembers which.
func (r *run) both(s *state, i int, n *program.Node, c *model.Cond) []*state {
	var out []*state
	for k := range n.Next {
		fails := c != nil && program.AsksFailure(c) && (k == 0) == c.Neg
		failed, ok := s.failed, true
		if fails {
			failed, ok = s.failed.with(r.Numbering.Kinds[c.At])
		}
		if !ok {
			r.crowded = true
			continue
		}
		t := s.clone(happens(i, n.ID, nil, k))
		p := t.own(i)
		if (c == nil || c.State || !c.Fails && !n.Inner) && r.BranchScope[n.ID].Intersects(r.Sure) {
			t.doubts(n.Routine.Owner)
			if c != nil && (c.Atomic || c.ByHand || c.State) {
				t.decider = manyRoutines
			}
		}
		t.failed = failed
		if c != nil {
			r.learn(t, p, c, k == 0)
		}
		r.moveTo(p, n.Next[k])
		out = append(out, t)
	}
	return out
}

// doubts notes that a routine decides about something not known.
func (s *state) doubts(r *program.Routine) {
	switch d := r.Index + 1; s.decider {
	case 0, d:
		s.decider = d
	default:
		s.decider = manyRoutines
	}
}

// isSpeculative reports whether the schedule that leads to s guesses, or has a client that goes
// on hang although nothing has failed.
func (r *run) isSpeculative(s *state, objects bits) bool {
	return r.Scene.Goes && !r.failsInside(s) || r.guesses(s, objects)
}

// guesses reports whether the schedule that leads to s needs unknown conditions
// of several routines that matter to the blocked goroutines. A condition matters
// to an object if one of its ways works on the object, or leaves, before the ways
// meet again.
func (r *run) guesses(s *state, objects bits) bool {
	if s.decider != manyRoutines && len(r.Guesses) == 0 {
		return false
	}
	by := map[*program.Routine]bool{}
	for t := s; t != nil; t = t.from {
		for _, h := range t.did {
			if h.proc < 0 {
				continue
			}
			n := r.Nodes[h.node]
			if h.op != nil && r.Guesses[h.op].Intersects(objects) || r.guessedFine(t, h) {
				return true
			}
			if n.Kind != program.Branch || h.with >= settledWay || n.Inner || n.Block.Cond != nil && n.Block.Cond.Fails && !n.Block.Cond.State {
				continue
			}
			if !r.BranchScope[n.ID].Intersects(objects) {
				continue
			}
			if c := n.Block.Cond; c != nil && (c.Atomic || c.ByHand || c.State) {
				return true
			}
			by[n.Routine.Owner] = true
		}
	}
	return len(by) > 1
}

// failsInside reports whether a call has failed on the way to s, and nobody has left because
// of something that the client has ended.
func (r *run) failsInside(s *state) bool {
	if s.failed == (failures{}) {
		return false
	}
	for t := s; t != nil; t = t.from {
		for _, h := range t.did {
			if h.proc < 0 || h.op != nil && h.with < 0 && r.fromOutside(h.op) {
				return false
			}
		}
	}
	return true
}

// fromOutside reports whether an op takes something from a channel that is not played, or
// the end of a context.
func (r *run) fromOutside(op *model.Op) bool {
	if done, isDone := r.World.Done(op); isDone {
		return done == nil || !done.Known || done.Life == model.LifeOutside
	}
	o := r.World.Of(op)
	takes := op.Kind == model.OpReceive || op.Kind == model.OpRange
	return takes && (o == nil || !o.Known) && (op.Chan == nil || !op.Chan.Fills)
}

// guessedFine reports whether a task of a group with a context ended well only because
// nothing is known of the error that it returned. What it did before may exclude that: it
// came to that return because a call failed, and then the others are told to end.
func (r *run) guessedFine(s *state, h happening) bool {
	if h.op != nil || r.Nodes[h.node].Kind != program.Leave || int(h.with) != endWay(false) {
		return false
	}
	g := s.procs[h.proc].group
	return g != 0 && r.World.Objects[s.slots[g-1].object].Group.HasCtx
}

// learn records the outcome of a condition.
func (r *run) learn(s *state, p *proc, c *model.Cond, first bool) {
	if c.Stable != "" {
		s.stable = append([]program.Value(nil), s.stable...)
		s.stable[r.Memory.Stable[c.Stable]] = truth(first != c.StableNeg)
	} else if k, ok := r.Memory.Keys[c.Key]; ok {
		p.facts[k] = truth(first != c.Neg)
	}
	if c.X == nil || c.Y == nil || c.X.Var == nil {
		return
	}
	x, ok := r.Memory.Vars[c.X.Var]
	if !ok {
		return
	}
	holds := first != c.Neg
	switch y := r.constantOf(c.Y); {
	case y == program.Unknown:
	case holds:
		p.facts[x] = y
	case y == program.IsNil:
		p.facts[x] = program.NotNil
	case y == program.IsTrue:
		p.facts[x] = program.IsFalse
	case y == program.IsFalse:
		p.facts[x] = program.IsTrue
	}
}

func (r *run) constantOf(t *model.Term) program.Value {
	if t == nil || t.Const == "" {
		return program.Unknown
	}
	return r.constant(t.Const)
}

// equal compares two values; known is false when they do not tell.
func equal(x, y program.Value, zero program.Value) (eq, known bool) {
	switch {
	case x == program.Unknown || y == program.Unknown:
		return false, false
	case x == program.Counted || y == program.Counted:
		return false, x != y && (x == zero || y == zero)
	case x == program.NotNil || y == program.NotNil:
		return false, x == program.IsNil || y == program.IsNil
	}
	return x == y, true
}
