package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/program"
)

// crash keeps the schedule that leads to s, if it is the first that ends in a panic
// at op, which process i has come to.
func (r *run) crash(s *state, i int, op *model.Op) {
	if r.crashes[op] != nil {
		return
	}
	events, _ := r.events(s)
	r.crashed = append(r.crashed, op)
	c := &Crash{Op: op, Task: r.Roots[s.procs[i].routine].Task, Proc: i, Events: events}
	if n := len(events); n > 0 {
		c.In = events[n-1].In
	}
	r.crashes[op] = c
}

// crashBelow is crash where process i counts below zero: not by conditions whose outcomes
// may belong together, as only one of many goroutines may come to the op.
func (r *run) crashBelow(s *state, i int, op *model.Op) {
	var about bits
	about.Add(r.World.Of(op).Index)
	if !r.isSpeculative(s, about) {
		r.crash(s, i, op)
	}
}

// crashClosed is crash where process i sends on a closed channel, or closes one.
//
// A panic ends the whole program, so most authors have seen to it that it cannot be:
// by a flag that the one asks and the other sets, under a lock, or by an order that the
// scene does not show. So nothing is said where the process that panics goes by a condition
// of which nothing is known, or either takes part in something that is not known in whole.
// Of two processes of one task that both close it, neither has waited for the other where
// each has seen the end of a range: a channel that is closed has ended for all.
func (r *run) crashClosed(s *state, i int, op *model.Op) {
	o := r.World.Of(op)
	if o == nil || !o.Known || o.Fresh || r.crashes[op] != nil || r.leaked(s, i, op) {
		return
	}
	var about bits
	about.Add(o.Index)
	closer := r.closer(s, o)
	if r.inOnce(s.procs[i].pc) {
		return // by then it has run
	}
	if closer < 0 || closer == i || r.isSpeculative(s, about) || r.choosesBlindly(s, i, about) {
		return
	}
	a, b := r.Roots[s.procs[i].routine], r.Roots[s.procs[closer].routine]
	orders := func(wait *model.Op) bool {
		return r.isUnseenWait(wait) && !(a == b && op.Kind == model.OpClose && wait.Kind == model.OpRange)
	}
	if r.recovers(a) || r.waitsUnseen(b, a.Task, orders) || r.locksUnplayed(a) && r.locksUnplayed(b) {
		return
	}
	r.crash(s, i, op)
}

// inOnce reports whether a sync.Once runs the node.
func (r *run) inOnce(node int) bool {
	for f := r.frameOf(r.Nodes[node]); f != nil; f = f.Up {
		if f.Call != nil && f.Call.Once {
			return true
		}
	}
	return false
}

// closer is the process that has closed the channel, -1 if it is not known.
func (r *run) closer(s *state, o *program.Object) int {
	for t := s; t != nil; t = t.from {
		for k, h := range slices.Backward(t.did) {
			if t == s && k == len(t.did)-1 {
				continue // what panics
			}
			if h.proc >= 0 && h.op != nil && h.op.Kind == model.OpClose && r.World.Of(h.op) == o {
				return int(h.proc)
			}
		}
	}
	return -1
}

// choosesBlindly reports whether process i has come this way by a condition about the
// objects of which nothing is known, or that another process has a part in. That a call
// fails is none.
func (r *run) choosesBlindly(s *state, i int, about bits) bool {
	for t := s; t != nil; t = t.from {
		for _, h := range t.did {
			if int(h.proc) != i {
				continue
			}
			n := r.Nodes[h.node]
			if n.Kind != program.Branch || !r.BranchScope[n.ID].Intersects(about) {
				continue
			}
			c := n.Block.Cond
			if h.with < settledWay && !n.Inner && (c == nil || !c.Fails || c.State) || r.setBeside(c, n.Routine.Owner) {
				return true
			}
		}
	}
	return false
}

// setBeside reports whether a condition is about a variable that another process sets.
func (r *run) setBeside(c *model.Cond, owner *program.Routine) bool {
	if c == nil {
		return false
	}
	about := slices.Clone(c.Vars)
	for _, t := range []*model.Term{c.X, c.Y, c.Part} {
		if t != nil && t.Var != nil {
			about = append(about, t.Var)
		}
	}
	return slices.ContainsFunc(r.Nodes, func(n *program.Node) bool {
		return n.Op != nil && n.Op.Kind == model.OpSet && n.Routine.Owner != owner && slices.Contains(about, n.Op.Var)
	})
}

// recovers reports whether something of a process asks for a panic.
func (r *run) recovers(owner *program.Routine) bool {
	return r.has(owner, func(op *model.Op) bool { return op.Kind == model.OpRecover })
}

// waitsUnseen reports whether a process waits for something that is not played, which
// may be the end of a task. What it waits for before it has started the task is not.
func (r *run) waitsUnseen(owner *program.Routine, task *model.Task, orders func(*model.Op) bool) bool {
	starts := r.startsOf(owner, task)
	return slices.ContainsFunc(r.Nodes, func(n *program.Node) bool {
		if n.Op == nil || n.Routine.Owner != owner || !slices.ContainsFunc(append([]*model.Op{n.Op}, n.Op.Cases...), orders) {
			return false
		}
		return len(starts) == 0 || !isPassed(n, starts)
	})
}

// isUnseenWait reports whether an op waits for something that is not played: others may
// count a group down that they can reach.
func (r *run) isUnseenWait(op *model.Op) bool {
	switch op.Kind {
	case model.OpWait, model.OpRange, model.OpReceive:
		_, isDone := r.World.Done(op)
		o := r.World.Of(op)
		timer := op.Chan != nil && op.Chan.Fills
		seen := o != nil && o.Local && (op.Kind != model.OpWait || o.Known && !o.Leaks)
		return !isDone && !timer && !seen
	}
	return false
}

// startsOf are the nodes at which a process starts a task.
func (r *run) startsOf(owner *program.Routine, task *model.Task) (starts []*program.Node) {
	for _, n := range r.Nodes {
		if task != nil && n.Op != nil && n.Op.Kind == model.OpSpawn && n.Op.Task == task && n.Routine.Owner == owner {
			starts = append(starts, n)
		}
	}
	return starts
}

// isPassed reports whether what a node does is over when one of others comes, of the same
// body that a process starts in, and is not done again.
func isPassed(n *program.Node, others []*program.Node) bool {
	return n.Routine.Up == nil && !n.Op.Deferred && !slices.ContainsFunc(others, func(x *program.Node) bool {
		if x.Routine != n.Routine || x.Block.Reaches(n.Block) {
			return true
		}
		return x.Block == n.Block && slices.Index(n.Block.Ops, n.Op) > slices.Index(n.Block.Ops, x.Op)
	})
}

// locksUnplayed reports whether a process takes a lock that is not played.
func (r *run) locksUnplayed(owner *program.Routine) bool {
	return r.has(owner, func(op *model.Op) bool {
		o := r.World.Of(op)
		return (op.Kind == model.OpLock || op.Kind == model.OpAcquire) && (o == nil || !o.Known || r.Harmless[o])
	})
}

// has reports whether an op of a process, or a case of one, is such.
func (r *run) has(owner *program.Routine, such func(*model.Op) bool) bool {
	return slices.ContainsFunc(r.Nodes, func(n *program.Node) bool {
		return n.Op != nil && n.Routine.Owner == owner && slices.ContainsFunc(append([]*model.Op{n.Op}, n.Op.Cases...), such)
	})
}
