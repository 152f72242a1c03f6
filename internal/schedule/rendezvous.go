package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// shared lists what the processes can do where they meet, and notes which of them
// can do nothing but go round. A process that has nothing to do here, and no
// business of its own, is blocked.
func (r *run) shared(s *state) []*state {
	var next []*state
	r.stays = r.stays[:0]
	for i := range s.procs {
		var out []*state
		if !s.procs[i].done {
			out = r.rendezvous(s, i)
		}
		r.stays = append(r.stays, r.goesOnly(out))
		next = append(next, out...)
	}
	return append(next, r.outside(s)...)
}

// outside lets the contexts of the caller end, which can happen at any time and
// never has to.
func (r *run) outside(s *state) []*state {
	var next []*state
	if len(r.Outer) == 0 {
		return nil
	}
	r.matter(s)
	for _, o := range r.Outer {
		if r.touch.Has(o.Index) && !s.slots[o.Slot].dead {
			c := s.clone(happens(-1, o.Index, nil, -1))
			c.slot(o.Slot).dead = true
			next = append(next, c)
		}
	}
	return next
}

// rendezvous lists what process i can do with the others.
func (r *run) rendezvous(s *state, i int) []*state {
	n := r.Nodes[s.procs[i].pc]
	if n.Kind == program.Leave {
		return r.finish(s, i, n)
	}
	if n.Kind != program.Event || r.isLocal(s, i, n) {
		return nil
	}
	op := n.Op
	switch op.Kind {
	case model.OpSelect:
		return r.selects(s, i, n)
	case model.OpSend, model.OpReceive, model.OpRange:
		return r.communicate(s, i, n, op)
	case model.OpClose:
		x := r.at(s, i, op)
		c := s.clone(happens(i, n.ID, op, -1))
		if x != nil {
			if x.closed {
				r.crashClosed(c, i, op)
				return nil
			}
			r.alter(c, i, op).closed = true
		}
		r.advance(c, i, n)
		return []*state{c}
	case model.OpStop:
		c := s.clone(happens(i, n.ID, op, -1))
		if x := r.alter(c, i, op); x != nil {
			x.dead = true
		}
		r.advance(c, i, n)
		return []*state{c}
	case model.OpCancel, model.OpCall:
		return r.cancel(s, i, n)
	case model.OpWait:
		return r.wait(s, i, n)
	case model.OpAdd:
		return r.lets(s, i, n)
	case model.OpSpawn:
		return r.startLimited(s, i, n)
	case model.OpLock:
		return r.lock(s, i, n)
	case model.OpAcquire:
		return r.acquire(s, i, n)
	}
	return nil
}

// cancel ends contexts: the one that is known to be meant. A function that gets
// a CancelFunc may call it or not.
func (r *run) cancel(s *state, i int, n *program.Node) []*state {
	c := s.clone(happens(i, n.ID, n.Op, -1))
	if o := r.World.Ctx(n.Op.Ctx); o != nil {
		c.slot(r.slotOf(c, i, o)).dead = true
	}
	r.advance(c, i, n)
	if n.Op.Kind == model.OpCancel {
		return []*state{c}
	}
	d := s.clone()
	r.advance(d, i, n)
	return []*state{c, d}
}

// wait is Wait of a group. For a group that is not known in whole it returns
// when the tasks that are known have ended.
func (r *run) wait(s *state, i int, n *program.Node) []*state {
	o := r.World.Of(n.Op)
	if o != nil && o.Local {
		x := r.slotOf(s, i, o)
		if s.slots[x].n > 0 {
			return nil
		}
		c := s.clone(happens(i, n.ID, n.Op, -1))
		c.slot(x).dead = true // its context ends with Wait
		r.advance(c, i, n)
		if o.Known && !s.slots[x].leaked && o.Group.Errors() {
			c.own(i).give(n.Op, nilness(s.slots[x].failed))
		}
		return []*state{c}
	}
	if o != nil && r.busy(s, o) {
		return nil
	}
	c := s.clone(happens(i, n.ID, n.Op, -1))
	r.advance(c, i, n)
	return []*state{c}
}

// busy reports whether a task of a group that cannot be counted is running.
func (r *run) busy(s *state, g *program.Object) bool {
	for i := range s.procs {
		if t := r.Roots[s.procs[i].routine].Task; t != nil && !s.procs[i].done && t.Spawn.Group == g.Group {
			return true
		}
	}
	return false
}

// startLimited is Go and TryGo of a group with a limit.
func (r *run) startLimited(s *state, i int, n *program.Node) []*state {
	x := r.at(s, i, n.Op)
	if x == nil || x.limit == 0 || x.active < x.limit-1 {
		return r.spawn(s, i, n)
	}
	if !n.Op.Try {
		return nil
	}
	c := s.clone(happens(i, n.ID, n.Op, -1))
	r.advance(c, i, n)
	c.own(i).give(n.Op, program.IsFalse)
	return []*state{c}
}

// lock takes a lock. Who is to write waits for those who read, and from then on keeps
// others from beginning to.
func (r *run) lock(s *state, i int, n *program.Node) []*state {
	switch x := r.at(s, i, n.Op); {
	case x == nil:
	case x.held, n.Op.Read && x.wanted, !n.Op.Read && x.n > 0 && x.wanted:
		return nil
	case !n.Op.Read && x.n > 0:
		c := s.clone()
		r.alter(c, i, n.Op).wanted = true
		return []*state{c}
	}
	c := s.clone(happens(i, n.ID, n.Op, -1))
	if x := r.alter(c, i, n.Op); x != nil {
		if n.Op.Read {
			x.n++
		} else {
			x.held, x.wanted = true, false
		}
	}
	r.advance(c, i, n)
	return []*state{c}
}

// acquire takes units of a semaphore, or fails because its context has ended.
func (r *run) acquire(s *state, i int, n *program.Node) []*state {
	var next []*state
	op := n.Op
	life := unclear
	if len(op.Uses) > 0 {
		life = r.phase(s, i, r.World.Ctx(op.Uses[0].Ctx))
	}
	if life == ended || life == ending {
		c := s.clone(happens(i, n.ID, op, -1))
		r.advance(c, i, n)
		c.own(i).give(op, program.NotNil)
		next = append(next, c)
	}
	c := s.clone(happens(i, n.ID, op, -1))
	if x := r.alter(c, i, op); x != nil {
		units := 1
		if op.N != nil {
			units = int(r.value(op.N))
		}
		if life == ended || x.n+units > int(r.roomOf(op, op.Sem.Size)) {
			return next
		}
		x.n += units
	}
	r.advance(c, i, n)
	c.own(i).give(op, program.IsNil)
	return append(next, c)
}

// late reports whether a task cannot end: it gives back a place under the limit
// of its group, and it has never taken one, because the limit was set after it
// had started (golang.org/x/sync/errgroup, SetLimit and done).
func (r *run) late(s *state, i int) bool {
	g := s.procs[i].group
	return g != 0 && s.slots[g-1].limit > 0 && s.slots[g-1].active == 0 && r.World.Objects[s.slots[g-1].object].Local
}

// finish ends a task that a group counts.
func (r *run) finish(s *state, i int, n *program.Node) []*state {
	if n.Routine.Up != nil || s.procs[i].unwind == panics || s.procs[i].group == 0 {
		return nil
	}
	p := s.procs[i]
	if len(p.defers) > 0 && r.Nodes[p.defers[len(p.defers)-1]].Routine == n.Routine || r.late(s, i) {
		return nil
	}
	ends := func(failed bool, settled int) *state {
		c := s.clone(happens(i, n.ID, nil, endWay(failed)+settled))
		c.own(i).done = true
		x := c.slot(p.group - 1)
		x.n--
		if x.limit > 0 {
			x.active--
		}
		if failed {
			x.failed = true
			x.dead = true
		}
		return c
	}
	fails := program.Unknown
	if len(p.ret) > 0 {
		fails = p.ret[len(p.ret)-1]
	}
	if p.unwind == exiting || fails == program.Unknown && n.Routine.Task.Fails == model.No {
		fails = program.IsNil // what only reports that a context has ended is no failure of its own
	}
	switch fails {
	case program.IsNil:
		return []*state{ends(false, settledWay)}
	case program.NotNil:
		return []*state{ends(true, settledWay)}
	}
	fine := ends(false, 0)
	if r.World.Objects[fine.slots[p.group-1].object].Group.HasCtx {
		fine.decider = manyRoutines // see isSpeculative
	}
	return []*state{fine, ends(true, 0)}
}

// endWay is the way that the end of a task takes, in a happening.
func endWay(failed bool) int {
	if failed {
		return 1
	}
	return 0
}

// goesOnly reports whether all that process i can do now is to go round.
func (r *run) goesOnly(next []*state) bool {
	for _, s := range next {
		if len(s.did) == 0 || !r.Idle[s.did[0].op] {
			return false
		}
	}
	return true
}
