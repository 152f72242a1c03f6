package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// localSteps lists what process i does next if that concerns no other process: it
// neither depends on what they do meanwhile, nor takes anything away from them.
func (r *run) localSteps(s *state, i int) (next []*state, local bool) {
	n := r.Nodes[s.procs[i].pc]
	switch n.Kind {
	case program.Pass:
		c := s.clone()
		r.advance(c, i, n)
		return []*state{c}, true
	case program.Leak:
		return []*state{r.leak(s, i, n)}, true
	case program.Register:
		if len(s.procs[i].defers) >= maxDefers {
			r.cut, r.piled = true, true
			return nil, true
		}
		c := s.clone()
		p := c.own(i)
		p.defers = append(p.defers, r.DeferredAt(n))
		r.moveTo(p, n.Next[0])
		return []*state{c}, true
	case program.Branch:
		return r.decide(s, i, n), true
	case program.Leave:
		return r.leave(s, i, n)
	case program.Endless:
		return nil, false
	case program.Event:
		if x, op := r.undecided(s, i, n); op != nil {
			return r.outcomesOfSent(s, i, x, op), true
		}
	}
	return r.localOp(s, i, n)
}

// leak gives an object to code that is not seen: the one that process i has, or each that
// was made at its place where that is not known.
func (r *run) leak(s *state, i int, n *program.Node) *state {
	c := s.clone()
	c.ownSlots()
	at := r.slotOf(c, i, n.Leaks)
	for x := range c.slots {
		if x == at || at == n.Leaks.Slot && c.slots[x].object == n.Leaks.Index {
			c.slots[x].leaked = true
		}
	}
	r.advance(c, i, n)
	return c
}

// advance moves process i past node n.
func (r *run) advance(s *state, i int, n *program.Node) {
	r.moveTo(s.own(i), n.Next[0])
}

// localOp performs an op that nobody else can tell from its absence, or that only
// ever helps others.
func (r *run) localOp(s *state, i int, n *program.Node) ([]*state, bool) {
	if !r.isLocal(s, i, n) {
		return nil, false
	}
	op := n.Op
	happens := happens(i, n.ID, op, -1)
	switch op.Kind {
	case model.OpSet:
		c := s.clone()
		r.assign(c, i, op)
		r.advance(c, i, n)
		return []*state{c}, true
	case model.OpReturn, model.OpPanic, model.OpGoexit:
		if r.without[op] || op.EndsTest && i == 0 {
			return nil, true // of a test: it has failed, and what it leaves behind is of no interest
		}
		c := s.clone(happens)
		p := c.own(i)
		if !n.Routine.Late {
			p.ret = nil
			for k, t := range op.Rets {
				switch {
				case !n.Routine.Wants.Has(k):
					p.ret = append(p.ret, program.Unknown)
				case n.Gives[k] != program.Unknown:
					p.ret = append(p.ret, n.Gives[k])
				default:
					p.ret = append(p.ret, r.eval(s, i, t))
				}
			}
		}
		switch op.Kind {
		case model.OpPanic:
			p.unwind = panics
		case model.OpGoexit:
			p.unwind = exiting
		}
		r.moveTo(p, n.Next[0])
		return []*state{c}, true
	case model.OpExit:
		return nil, true // the process ends, nothing is left to see
	case model.OpRecover:
		c := s.clone(happens)
		p := c.own(i)
		p.give(op, nilness(p.unwind == panics)) // calls that are not seen do not panic
		if p.unwind == panics {
			p.unwind, p.ret = running, nil
		}
		r.advance(c, i, n)
		return []*state{c}, true
	case model.OpNew, model.OpMakeGroup, model.OpDerive:
		c := s.clone()
		r.advance(c, i, n)
		r.create(c, i, op)
		return []*state{c}, true
	case model.OpSpawn:
		return r.spawn(s, i, n), true
	case model.OpUnlock, model.OpRelease, model.OpDone, model.OpLimit, model.OpAdd:
		return r.lets(s, i, n), true
	case model.OpCall:
		if n.Outcome != nil {
			return r.outcomes(s, i, n), true
		}
		if n.Calls != nil {
			c := s.clone()
			p := c.own(i)
			r.moveTo(p, n.Calls.Entry)
			return []*state{c}, true
		}
	}
	c := s.clone()
	for _, o := range r.World.Handed(op) {
		if x := r.slotOf(c, i, o); x >= 0 { // else nothing that is played is about it
			c.ownSlots()
			c.slots[x].handed = true
		}
	}
	r.advance(c, i, n)
	return []*state{c}, true
}

// isLocal reports whether the op at n is one that localOp performs.
func (r *run) isLocal(s *state, i int, n *program.Node) bool {
	switch n.Op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpClose, model.OpStop, model.OpWait, model.OpCancel, model.OpLock, model.OpAcquire:
		return false
	case model.OpSpawn:
		return !r.limited(s, i, n.Op)
	case model.OpAdd:
		return n.Routine.Owner.Index == 0 // else it is beside Wait
	case model.OpCall:
		return n.Calls != nil || n.Outcome != nil || len(n.Op.Ctx) == 0
	}
	return true
}

// assign sets a variable.
func (r *run) assign(s *state, i int, op *model.Op) {
	v := r.eval(s, i, op.Val)
	p := s.own(i)
	for _, k := range r.Memory.About[op.Var] {
		p.facts[k] = program.Unknown
	}
	if x, ok := r.Memory.Vars[op.Var]; ok {
		p.facts[x] = v
	}
}

// create gives process i a new object.
func (r *run) create(s *state, i int, op *model.Op) {
	for _, o := range r.Creates(op) {
		if o.Slot >= 0 {
			r.place(s, i, o)
		}
	}
}

func (r *run) place(s *state, i int, o *program.Object) {
	x := r.fresh(o)
	r.bind(&x, func(o *program.Object) int { return r.slotOf(s, i, o) + 1 })
	x.leaked = !o.Fresh && s.slots[o.Slot].leaked // what leads to it did, before it was made
	switch {
	case o.Fresh:
		s.ownSlots()
		s.slots = append(s.slots, x)
		s.own(i).env[o.Nth] = uint16(len(s.slots))
	case s.slots[o.Slot] != x:
		*s.slot(o.Slot) = x
	}
}

// limited reports whether starting the task can block.
func (r *run) limited(s *state, i int, op *model.Op) bool {
	if program.PlainGo(op) {
		return false
	}
	g := r.at(s, i, op)
	return g != nil && g.limit > 0
}

// spawn starts a task.
func (r *run) spawn(s *state, i int, n *program.Node) []*state {
	op := n.Op
	t := r.Tasks[op.Task]
	alive := 0
	for j := range s.procs {
		if !s.procs[j].done {
			alive++
		}
	}
	if t == nil || alive >= maxProcs || len(s.procs) > 3*maxProcs || r.size(s) > maxSlots {
		r.cut, r.crowd = true, true
		return nil
	}
	c := s.clone(happens(i, n.ID, op, len(s.procs)))
	child := r.process(t)
	parent := c.procs[i]
	copy(child.env, parent.env)
	live := r.Live[t.Entry]
	for k, v := range parent.facts[:r.Memory.Size] {
		if live.Has(k) && r.Memory.Inherits.Has(k) {
			child.facts[k] = v
		}
	}
	if !program.PlainGo(op) {
		if o := r.World.Of(op); o != nil {
			x := r.slotOf(c, i, o)
			child.group = x + 1
			y := c.slot(x)
			y.n++
			if y.limit > 0 {
				y.active++
			}
		}
	}
	c.procs = append(c.procs, child)
	r.advance(c, i, n)
	if op.Try {
		c.own(i).give(op, program.IsTrue)
	}
	return []*state{c}
}

// lets performs an op that lets others go on.
func (r *run) lets(s *state, i int, n *program.Node) []*state {
	op := n.Op
	c := s.clone(happens(i, n.ID, op, -1))
	x := r.alter(c, i, op)
	if x == nil {
		r.advance(c, i, n)
		return []*state{c}
	}
	count := 1
	if op.N != nil {
		count = int(r.value(op.N))
		if op.Kind == model.OpLimit {
			count = int(r.roomOf(op, op.N))
		}
	}
	switch op.Kind {
	case model.OpUnlock:
		if op.Read {
			x.n = max(0, x.n-1)
		} else {
			x.held = false
		}
	case model.OpRelease:
		x.n = max(0, x.n-count)
	case model.OpDone:
		x.n--
	case model.OpAdd:
		x.n += count
	case model.OpLimit:
		x.limit = max(0, count+1)
	}
	if x.n < 0 {
		r.crashBelow(c, i, op)
		return nil
	}
	r.advance(c, i, n)
	return []*state{c}
}

// value is a size as a number. What has no number of its own has the size of
// this run.
func (r *run) value(s *model.Size) int64 {
	n, scaled := r.Number(s, r.sizes)
	r.scaled = r.scaled || scaled
	return n
}

// leave is the end of a routine: first its deferred ops, last registered first,
// then what follows the call.
func (r *run) leave(s *state, i int, n *program.Node) ([]*state, bool) {
	p := s.procs[i]
	if d := len(p.defers); d > 0 && r.Nodes[p.defers[d-1]].Routine == n.Routine {
		c := s.clone()
		q := c.own(i)
		at := q.defers[d-1]
		q.defers = q.defers[:d-1]
		r.moveTo(q, at)
		return []*state{c}, true
	}
	if up := n.Routine.Up; up != nil {
		c := s.clone()
		q := c.own(i)
		site := r.Nodes[n.Routine.Site]
		if !n.Routine.Late {
			q.give(site.Op, q.ret...)
			q.ret = nil
		}
		to := site.Next[0]
		if q.unwind != running {
			to = up.Exit
		}
		r.moveTo(q, to)
		return []*state{c}, true
	}
	if !r.leavesAlone(s, i, n) {
		return nil, false
	}
	if p.unwind == panics {
		return nil, true // the process dies
	}
	if p.group == 0 {
		c := s.clone(happens(i, n.ID, nil, -1))
		c.own(i).done = true
		return []*state{c}, true
	}
	return nil, false
}

// leavesAlone reports whether nobody counts the process that leaves at n, or it
// is not at its end yet.
func (r *run) leavesAlone(s *state, i int, n *program.Node) bool {
	p := s.procs[i]
	if d := len(p.defers); d > 0 && r.Nodes[p.defers[d-1]].Routine == n.Routine {
		return true
	}
	return n.Routine.Up != nil || p.unwind == panics || p.group == 0
}

// outcomes lets a call that is one step end: in the ways that it can.
func (r *run) outcomes(s *state, i int, n *program.Node) []*state {
	var out []*state
	ends := func(c *state, v program.Value) {
		vals := make([]program.Value, n.Outcome.Results)
		vals[len(vals)-1] = v
		c.own(i).give(n.Op, vals...)
		r.advance(c, i, n)
		out = append(out, c)
	}
	if n.Outcome.Fine {
		ends(s.clone(), program.IsNil)
	}
	if n.Outcome.Fails {
		if failed, ok := s.failed.with(r.Numbering.Kinds[n.Op.At.Pos]); ok {
			c := s.clone(happens(i, n.ID, n.Op, -1))
			c.failed = failed
			ends(c, program.NotNil)
		} else {
			r.crowded = true
		}
	}
	return out
}
