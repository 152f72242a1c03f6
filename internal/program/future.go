package program

import (
	"go/token"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What can still matter from a node on.
//
// Two states that differ only in what nobody will ask again behave the same, and
// are one. For each node it is computed what the process, and those that it can
// still start, may ask or touch from there on; a process forgets the rest of what
// it knows when it comes to the node, and what nobody can ask any more is no part
// of the identity of a state.

// A Future is what can matter from a node on.
type Future struct {
	Stable bits // conditions that are the same for all processes, by number
	Kinds  bits // kinds of calls that can fail, by number
	Reads  bits // ops whose results are read before others take their place
	Touch  bits // objects
	Chosen bool // the case of a select that was taken is asked
	// What is forgotten at the node: facts, rounds of loops, and objects.
	Facts, Loops, Objects []int
}

// A Numbering numbers the ops whose results are asked, and kinds the calls that can
// fail, by the place of the condition that finds it out.
type Numbering struct {
	Events map[*model.Event]int
	Kinds  map[token.Pos]int
}

// futures computes the future of every node.
func (p *Program) futures() {
	p.Numbering = Numbering{map[*model.Event]int{}, map[token.Pos]int{}}
	p.Future = make([]Future, len(p.Nodes))
	p.renewed = map[int]bits{}
	p.Touches = make([]bits, len(p.Nodes))
	for _, n := range p.left {
		p.begins(n)
		p.renews(n)
		p.Touches[n.ID] = slices.Clone(p.Future[n.ID].Touch)
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			f := &p.Future[n.ID]
			for _, t := range p.flow[n.ID] {
				g := &p.Future[t]
				changed = f.Stable.Join(g.Stable) || changed
				changed = f.Kinds.Join(g.Kinds) || changed
				changed = f.Touch.Join(g.Touch.Without(p.renewed[n.ID])) || changed
				if !overwrites(n) {
					changed = f.Reads.Join(g.Reads) || changed
					changed = changed || g.Chosen && !f.Chosen
					f.Chosen = f.Chosen || g.Chosen
				}
			}
		}
	}
	known := p.mayKnow()
	var touch bits
	for _, n := range p.left {
		p.forgets(n, known[n.ID])
		touch.Join(p.Future[n.ID].Touch)
	}
	for _, o := range p.World.Objects {
		if touch.Has(o.Index) {
			o.Slot = len(p.Touched)
			p.Touched = append(p.Touched, o)
			if o.Life == model.LifeOutside && o.watched {
				p.Outer = append(p.Outer, o)
			}
		}
	}
}

// overwrites reports whether the op at n puts its results in the place of others.
func overwrites(n *Node) bool {
	if n.Kind != Event {
		return false
	}
	switch n.Op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange:
		return true
	case model.OpSelect:
		return !n.Op.Default
	}
	return false
}

// begins notes what is asked and touched at n itself.
func (p *Program) begins(n *Node) {
	f := &p.Future[n.ID]
	if n.Kind == Branch && n.Block.Cond != nil {
		c := n.Block.Cond
		f.Chosen = c.Taken != nil
		p.reading(c.X, f)
		p.reading(c.Y, f)
		p.reading(c.Part, f)
		if i, ok := p.Memory.Stable[c.Stable]; ok {
			f.Stable.Add(i)
		}
		p.touching(p.World.Index[c.Filled], f)
		if AsksFailure(c) {
			p.kind(c.At, f)
		}
		return
	}
	if n.Kind == Leave && n.Routine.Up == nil && n.Routine.Task != nil {
		p.touching(p.counter(n.Routine.Task), f)
	}
	if n.Kind == Leak {
		p.touching(n.Leaks, f)
	}
	if n.Kind != Event {
		return
	}
	if n.Op.Kind == model.OpSet {
		p.reading(n.Op.Val, f)
	}
	if n.Outcome != nil {
		p.kind(n.Op.At.Pos, f)
	}
	for _, op := range p.Messages(n) {
		p.reading(op.Val, f)
		p.failing(op, f)
	}
	for i, t := range n.Op.Rets {
		if n.asks(i) {
			p.reading(t, f)
		}
	}
	for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
		if op.Kind != model.OpNew && op.Kind != model.OpMakeGroup {
			p.touching(p.World.Of(op), f)
		}
		if op != n.Op {
			p.reading(&model.Term{Var: op.Var}, f)
		}
		for _, c := range op.Ctx {
			p.touching(p.World.Index[c], f)
		}
		for _, u := range op.Uses {
			for _, c := range u.Ctx {
				p.touching(p.World.Index[c], f)
			}
		}
	}
}

// renews notes what the op at n makes anew for its process. The one that the process has
// had is not touched from there on, so it need not be remembered up to there: what is
// created takes its place before anything else is done.
func (p *Program) renews(n *Node) {
	if n.Kind != Event {
		return
	}
	switch n.Op.Kind {
	case model.OpNew, model.OpMakeGroup, model.OpDerive:
	default:
		return
	}
	var made bits
	for _, o := range p.Creates(n.Op) {
		if o.Fresh {
			made.Add(o.Index)
		}
	}
	if len(made) > 0 {
		p.renewed[n.ID] = made
	}
}

// kind numbers a kind of calls that can fail.
func (p *Program) kind(at token.Pos, f *Future) {
	if _, ok := p.Numbering.Kinds[at]; !ok {
		p.Numbering.Kinds[at] = len(p.Numbering.Kinds)
	}
	f.Kinds.Add(p.Numbering.Kinds[at])
}

// AsksFailure reports whether a condition finds out if a call has failed.
func AsksFailure(c *model.Cond) bool {
	return c.Fails && c.Y != nil && c.Y.Const == "nil"
}

// reading notes the results and contexts that a term is about.
func (p *Program) reading(t *model.Term, f *Future) {
	if t == nil {
		return
	}
	if t.Gives != nil {
		if _, ok := p.Numbering.Events[t.Gives]; !ok {
			p.Numbering.Events[t.Gives] = len(p.Numbering.Events)
		}
		f.Reads.Add(p.Numbering.Events[t.Gives])
	}
	for _, c := range t.CtxErr {
		p.touching(p.World.Index[c], f)
	}
	for _, w := range t.Wraps {
		p.reading(w, f)
	}
	for _, x := range t.Fields {
		p.reading(x.Val, f)
	}
}

// touching notes an object, with those that its state depends on.
func (p *Program) touching(o *Object, f *Future) {
	for ; o != nil && !f.Touch.Has(o.Index); o = o.Up {
		f.Touch.Add(o.Index)
		if o.Life == model.LifeGroup {
			f.Touch.Add(p.World.Index[o.Ctx.Group].Index)
		}
	}
}

// mayKnow is, by node, the facts that a process can have when it comes there: what
// mattered where it was before, and what it has learnt there.
func (p *Program) mayKnow() []bits {
	known := make([]bits, len(p.Nodes))
	for _, n := range p.left {
		has := slices.Clone(p.Live[n.ID])
		switch {
		case n.Kind == Branch && n.Block.Cond != nil:
			c := n.Block.Cond
			if i, ok := p.Memory.Keys[c.Key]; ok {
				has.Add(i)
			}
			p.Memory.each(c.X, func(i int) { has.Add(i) })
		case n.Kind == Event && n.Op.Kind == model.OpSet:
			if i, ok := p.Memory.Vars[n.Op.Var]; ok {
				has.Add(i)
			}
		}
		for _, t := range p.flow[n.ID] {
			known[t].Join(has)
		}
	}
	return known
}

// forgets lists what does not matter at n any more, of the facts that are known.
func (p *Program) forgets(n *Node, known bits) {
	f := &p.Future[n.ID]
	known.Each(func(i int) {
		if !p.Live[n.ID].Has(i) {
			f.Facts = append(f.Facts, i)
		}
	})
	for l, x := range p.Memory.Inside {
		if p.ofLoop[l] == n.Routine && (n.Block == nil || !slices.Contains(n.Block.Loops, l)) {
			f.Loops = append(f.Loops, x)
		}
	}
	for _, o := range p.World.Objects {
		if o.Fresh && !f.Touch.Has(o.Index) {
			f.Objects = append(f.Objects, o.Nth)
		}
	}
}

// groupUses notes of each group which contexts end with it, and whether it matters how
// many of its tasks there are at a time: because a limit is set.
func (p *Program) groupUses() {
	p.Contexts, p.Limited = map[*Object]bits{}, map[*Object]bool{}
	for _, o := range p.World.Objects {
		if o.Life == model.LifeGroup {
			g := p.World.Index[o.Ctx.Group]
			own := p.Contexts[g]
			own.Add(o.Index)
			p.Contexts[g] = own
		}
	}
	for _, n := range p.left {
		if n.Op != nil && (n.Op.Kind == model.OpLimit || n.Op.Try) {
			p.Limited[p.World.Of(n.Op)] = true
		}
	}
	for _, o := range p.World.Objects {
		if o.Fresh && o.Ctx == nil && p.Contexts[o] == nil {
			p.Solo.Add(o.Index)
			p.Soloists = append(p.Soloists, o)
		}
	}
}
