package schedule

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
	deeds // how many there are
)

func (o *object) does(d deed) int { return o.index*int(deeds) + int(d) }

// effects computes for each node what its process, and those that it can still
// start, can do from there on.
func (p *program) effects() {
	p.reach = make([]bits, len(p.nodes))
	for _, n := range p.left {
		if n.op != nil && n.kind == event {
			p.opEffects(n.op, &p.reach[n.id])
			for _, c := range n.op.Cases {
				p.opEffects(c, &p.reach[n.id])
			}
		}
		if n.kind == leave && n.routine.up == nil && n.routine.task != nil {
			if g := p.counter(n.routine.task); g != nil {
				p.reach[n.id].Add(g.does(counts))
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			for _, t := range p.flow[n.id] {
				changed = p.reach[n.id].Join(p.reach[t]) || changed
			}
		}
	}
}

// counter is the group that counts a task by itself: Go does, a go statement
// does not.
func (p *program) counter(t *model.Task) *object {
	if t.Spawn == nil || plainGo(t.Spawn) || t.Spawn.Group == nil {
		return nil
	}
	return p.world.index[t.Spawn.Group]
}

func plainGo(op *model.Op) bool { return op.Text == "go" }

func (p *program) opEffects(op *model.Op, b *bits) {
	w := p.world
	add := func(o *object, ts ...deed) {
		if o == nil {
			return
		}
		for _, t := range ts {
			b.Add(o.does(t))
		}
	}
	switch op.Kind {
	case model.OpSend:
		add(w.of(op), sends)
	case model.OpReceive, model.OpRange:
		add(w.of(op), receives)
	case model.OpClose:
		add(w.of(op), closes)
	case model.OpDone, model.OpAdd:
		add(w.of(op), counts)
	case model.OpWait:
		add(w.of(op), waits)
	case model.OpSpawn:
		add(w.of(op), starts)
	case model.OpUnlock:
		add(w.of(op), unlocks)
	case model.OpRelease:
		add(w.of(op), releases)
	case model.OpCancel, model.OpCall:
		for _, c := range op.Ctx {
			add(w.index[c], cancels)
		}
	}
}

// needs lists what can help a process that is blocked at the op; outside tells
// that the end of the caller's context would. sure is false when something
// helps that is not part of the program.
func (p *program) needs(op *model.Op) (help bits, outside, sure bool) {
	sure = true
	w := p.world
	o := w.of(op)
	add := func(ts ...deed) {
		if o == nil || !o.known {
			sure = false
			return
		}
		for _, t := range ts {
			help.Add(o.does(t))
		}
	}
	switch op.Kind {
	case model.OpSelect:
		for _, c := range op.Cases {
			if p.idle[c] {
				continue
			}
			h, out, ok := p.needs(c)
			help.Join(h)
			outside, sure = outside || out, sure && ok
		}
	case model.OpReceive, model.OpRange:
		if c, isDone := w.done(op); isDone {
			return p.ends(c)
		}
		add(sends, closes)
		sure = sure && !(o.chn.OutsideSends || o.chn.OutsideCloses)
	case model.OpSend:
		add(receives, closes)
		sure = sure && !(o.chn.OutsideReceives || o.chn.OutsideCloses)
	case model.OpWait, model.OpSpawn:
		add(counts)
	case model.OpDone: // of a task that cannot end, see late
		add(starts)
	case model.OpLock:
		add(unlocks)
	case model.OpAcquire:
		add(releases)
		if len(op.Uses) > 0 {
			h, out, ok := p.ends(w.ctx(op.Uses[0].Ctx))
			help.Join(h)
			outside, sure = outside || out, sure && ok
		}
	default:
		sure = false
	}
	return help, outside, sure
}

// ends lists what ends a context.
func (p *program) ends(c *object) (help bits, outside, sure bool) {
	if c == nil || !c.known {
		return nil, false, false
	}
	for ; c != nil; c = c.up {
		switch c.life {
		case model.LifeOwn:
			help.Add(c.does(cancels))
		case model.LifeGroup:
			g := p.world.index[c.ctx.Group]
			help.Add(g.does(counts))
			help.Add(g.does(waits))
		case model.LifeOutside:
			outside = true
		}
	}
	return help, outside, true
}
