package schedule

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

// A future is what can matter from a node on.
type future struct {
	stable bits // conditions that are the same for all processes, by number
	kinds  bits // kinds of calls that can fail, by number
	reads  bits // ops whose results are read before others take their place
	touch  bits // objects
	chosen bool // the case of a select that was taken is asked
	// What is forgotten at the node: facts, rounds of loops, and objects.
	facts, loops, objects []int
}

// A numbering numbers the ops whose results are asked, and kinds the calls that can
// fail, by the place of the condition that finds it out.
type numbering struct {
	events map[*model.Event]int
	kinds  map[token.Pos]int
}

// futures computes the future of every node.
func (p *program) futures() {
	p.number = numbering{map[*model.Event]int{}, map[token.Pos]int{}}
	p.future = make([]future, len(p.nodes))
	p.renewed = map[int]bits{}
	p.touches = make([]bits, len(p.nodes))
	for _, n := range p.left {
		p.begins(n)
		p.renews(n)
		p.touches[n.id] = slices.Clone(p.future[n.id].touch)
	}
	for changed := true; changed; {
		changed = false
		for _, n := range slices.Backward(p.left) {
			f := &p.future[n.id]
			for _, t := range p.flow[n.id] {
				g := &p.future[t]
				changed = f.stable.Join(g.stable) || changed
				changed = f.kinds.Join(g.kinds) || changed
				changed = f.touch.Join(g.touch.Without(p.renewed[n.id])) || changed
				if !overwrites(n) {
					changed = f.reads.Join(g.reads) || changed
					changed = changed || g.chosen && !f.chosen
					f.chosen = f.chosen || g.chosen
				}
			}
		}
	}
	known := p.mayKnow()
	var touch bits
	for _, n := range p.left {
		p.forgets(n, known[n.id])
		touch.Join(p.future[n.id].touch)
	}
	for _, o := range p.world.objects {
		if touch.Has(o.index) {
			o.slot = len(p.touched)
			p.touched = append(p.touched, o)
			if o.life == model.LifeOutside && o.watched {
				p.outer = append(p.outer, o)
			}
		}
	}
}

// overwrites reports whether the op at n puts its results in the place of others.
func overwrites(n *node) bool {
	if n.kind != event {
		return false
	}
	switch n.op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange:
		return true
	case model.OpSelect:
		return !n.op.Default
	}
	return false
}

// begins notes what is asked and touched at n itself.
func (p *program) begins(n *node) {
	f := &p.future[n.id]
	if n.kind == branch && n.block.Cond != nil {
		c := n.block.Cond
		f.chosen = c.Taken != nil
		p.reading(c.X, f)
		p.reading(c.Y, f)
		p.reading(c.Part, f)
		if i, ok := p.mem.stable[c.Stable]; ok {
			f.stable.Add(i)
		}
		p.touching(p.world.index[c.Filled], f)
		if p.asksFailure(c) {
			p.kind(c.At, f)
		}
		return
	}
	if n.kind == leave && n.routine.up == nil && n.routine.task != nil {
		p.touching(p.counter(n.routine.task), f)
	}
	if n.kind != event {
		return
	}
	if n.op.Kind == model.OpSet {
		p.reading(n.op.Val, f)
	}
	if n.outcome != nil {
		p.kind(n.op.At.Pos, f)
	}
	for _, op := range p.messages(n) {
		p.reading(op.Val, f)
		p.failing(op, f)
	}
	for i, t := range n.op.Rets {
		if n.asks(i) {
			p.reading(t, f)
		}
	}
	for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
		if op.Kind != model.OpNew && op.Kind != model.OpMakeGroup {
			p.touching(p.world.of(op), f)
		}
		for _, c := range op.Ctx {
			p.touching(p.world.index[c], f)
		}
		for _, u := range op.Uses {
			for _, c := range u.Ctx {
				p.touching(p.world.index[c], f)
			}
		}
	}
}

// renews notes what the op at n makes anew for its process. The one that the process has
// had is not touched from there on, so it need not be remembered up to there: what is
// created takes its place before anything else is done.
func (p *program) renews(n *node) {
	if n.kind != event {
		return
	}
	switch n.op.Kind {
	case model.OpNew, model.OpMakeGroup, model.OpDerive:
	default:
		return
	}
	var made bits
	for _, o := range p.creates(n.op) {
		if o.fresh {
			made.Add(o.index)
		}
	}
	if len(made) > 0 {
		p.renewed[n.id] = made
	}
}

// kind numbers a kind of calls that can fail.
func (p *program) kind(at token.Pos, f *future) {
	if _, ok := p.number.kinds[at]; !ok {
		p.number.kinds[at] = len(p.number.kinds)
	}
	f.kinds.Add(p.number.kinds[at])
}

// asksFailure reports whether a condition finds out if a call has failed.
func (p *program) asksFailure(c *model.Cond) bool {
	return c.Fails && c.Y != nil && c.Y.Const == "nil"
}

// reading notes the results and contexts that a term is about.
func (p *program) reading(t *model.Term, f *future) {
	if t == nil {
		return
	}
	if t.Gives != nil {
		if _, ok := p.number.events[t.Gives]; !ok {
			p.number.events[t.Gives] = len(p.number.events)
		}
		f.reads.Add(p.number.events[t.Gives])
	}
	for _, c := range t.CtxErr {
		p.touching(p.world.index[c], f)
	}
	for _, w := range t.Wraps {
		p.reading(w, f)
	}
	for _, x := range t.Fields {
		p.reading(x.Val, f)
	}
}

// touching notes an object, with those that its state depends on.
func (p *program) touching(o *object, f *future) {
	for ; o != nil && !f.touch.Has(o.index); o = o.up {
		f.touch.Add(o.index)
		if o.life == model.LifeGroup {
			f.touch.Add(p.world.index[o.ctx.Group].index)
		}
	}
}

// mayKnow is, by node, the facts that a process can have when it comes there: what
// mattered where it was before, and what it has learnt there.
func (p *program) mayKnow() []bits {
	known := make([]bits, len(p.nodes))
	for _, n := range p.left {
		has := slices.Clone(p.live[n.id])
		switch {
		case n.kind == branch && n.block.Cond != nil:
			c := n.block.Cond
			if i, ok := p.mem.keys[c.Key]; ok {
				has.Add(i)
			}
			p.mem.each(c.X, func(i int) { has.Add(i) })
		case n.kind == event && n.op.Kind == model.OpSet:
			if i, ok := p.mem.vars[n.op.Var]; ok {
				has.Add(i)
			}
		}
		for _, t := range p.flow[n.id] {
			known[t].Join(has)
		}
	}
	return known
}

// forgets lists what does not matter at n any more, of the facts that are known.
func (p *program) forgets(n *node, known bits) {
	f := &p.future[n.id]
	known.Each(func(i int) {
		if !p.live[n.id].Has(i) {
			f.facts = append(f.facts, i)
		}
	})
	for l, x := range p.mem.inside {
		if p.ofLoop[l] == n.routine && (n.block == nil || !slices.Contains(n.block.Loops, l)) {
			f.loops = append(f.loops, x)
		}
	}
	for _, o := range p.world.objects {
		if o.fresh && !f.touch.Has(o.index) {
			f.objects = append(f.objects, o.nth)
		}
	}
}

// moveTo lets a process go on at node n: what does not matter there is
// forgotten, and loops that it has left start anew the next time.
func (r *run) moveTo(p *proc, n int) {
	p.pc = n
	f := &r.future[n]
	for _, x := range f.loops {
		p.loops[x] = 0
	}
	for _, i := range f.facts {
		p.facts[i] = unknown
	}
	for _, i := range f.objects {
		p.env[i] = 0
	}
	if !f.chosen {
		p.chosen = 0
	}
	if p.gives != nil {
		if i, ok := r.number.events[p.gives]; !ok || !f.reads.Has(i) {
			p.gives, p.given = nil, nil
		}
	}
}

// matter finds what some process that has not ended can still ask or touch.
func (r *run) matter(s *state) {
	r.stable, r.kinds, r.touch = r.stable[:0], r.kinds[:0], r.touch[:0]
	for _, p := range s.procs {
		if !p.done {
			f := &r.future[p.pc]
			r.stable.Join(f.stable)
			r.kinds.Join(f.kinds)
			r.touch.Join(f.touch)
		}
	}
}
