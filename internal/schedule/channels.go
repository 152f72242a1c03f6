package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// communicate performs one channel operation of process i: at once, or together
// with a process that does the opposite.
func (r *run) communicate(s *state, i int, n *program.Node, op *model.Op) []*state {
	if r.isOff(s, i, op) {
		return nil
	}
	if o, isDone := r.World.Done(op); isDone {
		switch r.phase(s, i, o) {
		case ended:
			return []*state{r.passes(s, i, n, op, program.IsFalse)}
		case ending:
			c := r.passes(s, i, n, op, program.IsFalse)
			r.expire(c, i, o)
			return []*state{c}
		}
		return nil
	}
	x := r.at(s, i, op)
	if x == nil {
		return []*state{r.passes(s, i, n, op, program.Unknown)}
	}
	if op.Kind == model.OpSend {
		return r.send(s, i, n, op, x)
	}
	var next []*state
	switch {
	case x.n > 0:
		val := program.Unknown
		if len(x.queue) > 0 {
			val = x.queue[0]
		}
		c := s.clone(happens(i, n.ID, op, -1))
		y := r.alter(c, i, op)
		y.n--
		y.queue = y.queue[min(1, len(y.queue)):]
		r.pass(c, i, n, op, program.IsTrue, val)
		next = append(next, c)
	case x.closed:
		next = append(next, r.passes(s, i, n, op, program.IsFalse))
	case op.Chan.Fills && !x.dead:
		c := r.passes(s, i, n, op, program.IsTrue)
		if op.Chan.Once {
			r.alter(c, i, op).dead = true
		}
		next = append(next, c)
	}
	// A sender that meets this receive is played from its side.
	return next
}

// expire ends the nearest context with a time limit.
func (r *run) expire(s *state, i int, o *program.Object) {
	for x := o; x != nil; x = x.Up {
		if x.Life == model.LifeTimed {
			s.slot(r.slotOf(s, i, x)).dead = true
			return
		}
	}
}

func (r *run) send(s *state, i int, n *program.Node, op *model.Op, x *slot) []*state {
	if x.closed {
		r.crashClosed(s.clone(happens(i, n.ID, op, -1)), i, op)
		return nil
	}
	var next []*state
	if int64(x.n) < r.capacity(op) {
		val := r.message(s, i, op)
		c := s.clone(happens(i, n.ID, op, -1))
		y := r.alter(c, i, op)
		y.n++
		if r.World.Of(op).Valued {
			y.queue += string([]byte{val})
		}
		r.pass(c, i, n, op, program.Unknown, program.Unknown)
		next = append(next, c)
	}
	if x.n > 0 {
		return next // receivers take what is buffered first
	}
	for j := range s.procs {
		if j == i || s.procs[j].done {
			continue
		}
		m := r.Nodes[s.procs[j].pc]
		for _, other := range r.offers(m) {
			if other.Kind == model.OpSend || r.isOff(s, j, other) {
				continue
			}
			if y := r.at(s, j, other); y != nil && y == x {
				val := r.message(s, i, op)
				c := r.passes(s, i, n, op, program.Unknown)
				c.did[0].with = int16(j)
				r.pass(c, j, m, other, program.IsTrue, val)
				next = append(next, c)
			}
		}
	}
	return next
}

// capacity is the room of the channel of an op.
func (r *run) capacity(op *model.Op) int64 { return r.roomOf(op, op.Chan.Size) }

// roomOf is the size of what an op works on.
func (r *run) roomOf(op *model.Op, size *model.Size) int64 {
	if len(size.Terms) == 0 {
		return r.Room(r.World.Of(op), size.Const)
	}
	return r.value(size)
}

// offers lists the channel operations that a process at node n is ready for.
func (r *run) offers(n *program.Node) []*model.Op {
	if n.Kind != program.Event {
		return nil
	}
	switch n.Op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange:
		return []*model.Op{n.Op}
	case model.OpSelect:
		return n.Op.Cases
	}
	return nil
}

// passes is the state after process i has performed op, a channel operation or
// the case of a select; ok is what a receive reports.
func (r *run) passes(s *state, i int, n *program.Node, op *model.Op, ok program.Value) *state {
	c := s.clone(happens(i, n.ID, op, -1))
	r.pass(c, i, n, op, ok, program.Unknown)
	return c
}

func (r *run) pass(s *state, i int, n *program.Node, op *model.Op, ok, val program.Value) {
	p := s.own(i)
	p.chosen = 0
	if n.Op.Kind == model.OpSelect {
		p.chosen = r.World.Chosen[op]
	}
	r.received(p, n, op, ok, val)
	r.moveTo(p, n.Next[0])
}

// received records what a receive gives: the value, and whether there was one. A
// select gives the values of its receives from result 2 on.
func (r *run) received(p *proc, n *program.Node, op *model.Op, ok, val program.Value) {
	if o := r.World.Of(op); o != nil && o.Chan != nil && op.Kind != model.OpSend && ok == program.IsFalse {
		if z := o.Chan.Zero; z != nil {
			val = r.constant(z.Const)
		}
	}
	if n.Op.Kind != model.OpSelect {
		p.give(n.Op, val, ok)
		return
	}
	vals := []program.Value{program.Unknown, ok}
	for _, c := range n.Op.Cases {
		if c.Kind == model.OpSend {
			continue
		}
		if c == op {
			vals = append(vals, val)
			break
		}
		vals = append(vals, program.Unknown)
	}
	p.give(n.Op, vals...)
}

// selects is a select statement: any case that is ready, or its default if none
// is.
func (r *run) selects(s *state, i int, n *program.Node) []*state {
	var next []*state
	ready := false
	for _, c := range n.Op.Cases {
		ready = ready || r.ready(s, i, c)
	}
	for _, c := range n.Op.Cases {
		if c.Chan != nil && c.Chan.Later && ready {
			continue // its time is not over yet
		}
		next = append(next, r.communicate(s, i, n, c)...)
	}
	if n.Op.Default && !ready {
		c := s.clone(happens(i, n.ID, nil, -1))
		p := c.own(i)
		p.chosen = 0
		r.moveTo(p, n.Next[0])
		next = append(next, c)
	}
	return next
}

// ready reports whether a case can certainly be taken, so that the default is
// not. That another process stands ready to meet it does not make it so: it may
// just as well come a moment later.
func (r *run) ready(s *state, i int, op *model.Op) bool {
	if r.isOff(s, i, op) {
		return false
	}
	if o, isDone := r.World.Done(op); isDone {
		return r.phase(s, i, o) == ended
	}
	x := r.at(s, i, op)
	if x == nil {
		return false
	}
	if op.Kind == model.OpSend {
		return x.closed || int64(x.n) < r.capacity(op)
	}
	return x.n > 0 || x.closed
}

// isOff reports whether a case is switched off: the variable that holds its channel is nil.
func (r *run) isOff(s *state, i int, op *model.Op) bool {
	x, ok := r.Memory.Vars[op.Var]
	return ok && s.procs[i].facts[x] == program.IsNil
}

// offered reports whether a process is ready to send what the receive waits for.
func (r *run) offered(s *state, i int, op *model.Op) bool {
	if op.Kind == model.OpSend || r.isOff(s, i, op) {
		return false
	}
	x := r.at(s, i, op)
	if x == nil {
		return false
	}
	for j := range s.procs {
		if j == i || s.procs[j].done {
			continue
		}
		for _, other := range r.offers(r.Nodes[s.procs[j].pc]) {
			if other.Kind == model.OpSend && !r.isOff(s, j, other) && r.at(s, j, other) == x {
				return true
			}
		}
	}
	return false
}
