package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// A deed is one thing that can happen to an object, and that somebody else may
// be waiting for.
type deed int

const (
	sends deed = iota
	receives
	closes
	counts // a counter goes down, a slot of a limit becomes free
	waits  // Wait returns
	cancels
	starts // a task is started
	unlocks
	releases
	leaks // code that is not seen gets hold of it, and may do all this
	deeds // how many there are
)

func (o *Object) does(d deed) int { return o.Index*int(deeds) + int(d) }

// effects computes for each node what its process, and those that it can still
// start, can do from there on.
func (p *Program) effects() {
	p.Reach = make([]bits, len(p.Nodes))
	for _, n := range p.left {
		if n.Op != nil && n.Kind == Event {
			p.opEffects(n.Op, &p.Reach[n.ID])
			for _, c := range n.Op.Cases {
				p.opEffects(c, &p.Reach[n.ID])
			}
		}
		if n.Kind == Leak {
			p.Reach[n.ID].Add(n.Leaks.does(leaks))
		}
		if n.Kind == Leave && n.Routine.Up == nil && n.Routine.Task != nil {
			if g := p.counter(n.Routine.Task); g != nil {
				p.Reach[n.ID].Add(g.does(counts))
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			for _, t := range p.flow[n.ID] {
				changed = p.Reach[n.ID].Join(p.Reach[t]) || changed
			}
		}
	}
}

// counter is the group that counts a task by itself: Go does, a go statement
// does not.
func (p *Program) counter(t *model.Task) *Object {
	if t.Spawn == nil || PlainGo(t.Spawn) || t.Spawn.Group == nil {
		return nil
	}
	return p.World.Index[t.Spawn.Group]
}

func PlainGo(op *model.Op) bool { return op.Text == "go" }

func (p *Program) opEffects(op *model.Op, b *bits) {
	w := p.World
	add := func(o *Object, ts ...deed) {
		if o == nil {
			return
		}
		for _, t := range ts {
			b.Add(o.does(t))
		}
	}
	switch op.Kind {
	case model.OpSend:
		add(w.Of(op), sends)
	case model.OpReceive, model.OpRange:
		add(w.Of(op), receives)
	case model.OpClose:
		add(w.Of(op), closes)
	case model.OpDone, model.OpAdd:
		add(w.Of(op), counts)
	case model.OpWait:
		add(w.Of(op), waits)
	case model.OpSpawn:
		add(w.Of(op), starts)
	case model.OpUnlock:
		add(w.Of(op), unlocks)
	case model.OpRelease:
		add(w.Of(op), releases)
	case model.OpCancel, model.OpCall:
		for _, c := range op.Ctx {
			add(w.Index[c], cancels)
		}
	}
}

// Needs lists what can help a process that is blocked at the op; outside tells
// that the end of the caller's context would. sure is false when something
// helps that is not part of the program.
func (p *Program) Needs(op *model.Op) (help bits, outside, sure bool) {
	sure = true
	w := p.World
	o := w.Of(op)
	add := func(ts ...deed) {
		if o == nil || !o.Known {
			sure = false
			return
		}
		help.Add(o.does(leaks))
		for _, t := range ts {
			help.Add(o.does(t))
		}
	}
	switch op.Kind {
	case model.OpSelect:
		for _, c := range op.Cases {
			if p.Idle[c] {
				continue
			}
			h, out, ok := p.Needs(c)
			help.Join(h)
			outside, sure = outside || out, sure && ok
		}
	case model.OpReceive, model.OpRange:
		if c, isDone := w.Done(op); isDone {
			return p.ends(c)
		}
		add(sends, closes)
		sure = sure && !(o.Chan.OutsideSends || o.Chan.OutsideCloses)
	case model.OpSend:
		add(receives, closes)
		sure = sure && !o.Chan.OutsideReceives // who closes it sets nobody free: the send panics
	case model.OpWait, model.OpSpawn:
		add(counts)
	case model.OpDone: // of a task that cannot end: see Routine.Ending
		add(starts)
	case model.OpLock:
		add(unlocks)
	case model.OpAcquire:
		add(releases)
		if len(op.Uses) > 0 {
			h, out, ok := p.ends(w.Ctx(op.Uses[0].Ctx))
			help.Join(h)
			outside, sure = outside || out, sure && ok
		}
	default:
		sure = false
	}
	return help, outside, sure
}

// ends lists what ends a context.
func (p *Program) ends(c *Object) (help bits, outside, sure bool) {
	if c == nil || !c.Known {
		return nil, false, false
	}
	for ; c != nil; c = c.Up {
		switch c.Life {
		case model.LifeOwn:
			help.Add(c.does(cancels))
		case model.LifeGroup:
			g := p.World.Index[c.Ctx.Group]
			help.Add(g.does(counts))
			help.Add(g.does(waits))
		case model.LifeOutside:
			outside = true
		}
	}
	return help, outside, true
}

// judged computes for each node whether its process, or one that it can still start, can come
// to a node from there on of which something can be said.
func (p *Program) judged() {
	p.Judged = make([]bool, len(p.Nodes))
	for _, n := range p.left {
		p.Judged[n.ID] = p.judges(n)
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			if !p.Judged[n.ID] && slices.ContainsFunc(p.flow[n.ID], func(t int) bool { return p.Judged[t] }) {
				p.Judged[n.ID], changed = true, true
			}
		}
	}
}

// judges reports whether a process at n can be blocked for ever by what is known, or its op can
// panic.
func (p *Program) judges(n *Node) bool {
	if n.Kind == Leave && n.Routine.Up == nil && n.Routine.Task != nil {
		return p.Limited[p.counter(n.Routine.Task)] // see Routine.Ending
	}
	if n.Kind != Event {
		return false
	}
	if _, _, sure := p.Needs(n.Op); sure {
		return true
	}
	return slices.ContainsFunc(append([]*model.Op{n.Op}, n.Op.Cases...), func(op *model.Op) bool {
		o := p.World.Of(op)
		switch op.Kind {
		case model.OpSend, model.OpClose:
			return o != nil && o.Known
		case model.OpDone, model.OpAdd, model.OpRelease, model.OpUnlock:
			return o != nil && o.Local // it may be counted below zero
		}
		return false
	})
}
