package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// The cone of influence.
//
// Nobody can be said to be blocked at a channel of which not every operation is known. So it
// matters only where it holds up a process that comes to something known later: then it is
// played as well as can be. Other channels of the kind are left out, and with them the tasks
// that come to nothing known at all.

// A cone is what can matter to something known.
type cone struct {
	*Program
	channels bits   // those that are not known, but hold up who comes to what is
	within   []bool // by node: whether its process, or one that it starts, can come to what is played
}

func newCone(p *Program) *cone {
	c := &cone{Program: p, within: make([]bool, len(p.Nodes))}
	before := make([][]int, len(p.Nodes))
	for _, n := range p.Nodes {
		for _, t := range p.follow(n) {
			before[t] = append(before[t], n.ID)
		}
	}
	var todo []int
	for grown := true; grown; {
		grown = false
		for _, n := range p.Nodes {
			if !c.within[n.ID] && c.isAbout(n) {
				todo = append(todo, n.ID)
			}
		}
		for len(todo) > 0 {
			id := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !c.within[id] {
				c.within[id] = true
				todo = append(todo, before[id]...)
			}
		}
		for _, n := range p.Nodes {
			if n.Kind != Event || !c.within[n.ID] {
				continue
			}
			for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
				o := p.World.Of(op)
				waits := op.Kind == model.OpSend || op.Kind == model.OpReceive || op.Kind == model.OpRange
				if waits && o != nil && o.Local && !c.plays(o) {
					c.channels.Add(o.Index)
					grown = true
				}
			}
		}
	}
	return c
}

// plays reports whether what is done to an object is played.
func (c *cone) plays(o *Object) bool {
	return o != nil && o.Local && (o.Chan == nil || o.Known || c.channels.Has(o.Index))
}

// starts reports whether a task that an op starts can come to anything that is played, or a
// group waits for it.
func (c *cone) starts(op *model.Op) bool {
	t := c.Tasks[op.Task]
	return t == nil || op.Group != nil && op.Group.Kind != model.Bare || c.within[t.Entry]
}

// isAbout reports whether what a process does at n itself is played.
func (c *cone) isAbout(n *Node) bool {
	switch n.Kind {
	case Leak:
		return n.Leaks.Known
	case Leave:
		return n.Routine.Up == nil && n.Routine.Task != nil && c.counter(n.Routine.Task) != nil
	case Event:
		return slices.ContainsFunc(append([]*model.Op{n.Op}, n.Op.Cases...), func(op *model.Op) bool {
			_, isDone := c.World.Done(op)
			return isDone || c.plays(c.World.Of(op)) || c.World.watched(op.Ctx)
		})
	}
	return false
}
