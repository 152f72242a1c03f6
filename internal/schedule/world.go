package schedule

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// An object is something that processes meet at.
type object struct {
	index int
	chn   *model.Chan
	group *model.Group
	lock  *model.Lock
	sem   *model.Sem
	ctx   *model.Ctx
	// known: every operation on it is part of the program.
	known bool
	// local: it is made in the scene, so what the program does to it is played,
	// although others may do more.
	local bool
	// fresh: it comes to be more than once, so a process says which one it has.
	fresh bool
	nth   int // of the fresh ones
	life  model.Life
	up    *object // the context that a context is a child of
	name  string
	why   string // what makes it not known
	// valued: what is sent on the channel is asked for.
	valued bool
	// watched: somebody asks whether the context has ended.
	watched bool
}

// The world is the objects of a program.
type world struct {
	scene   *model.Scene
	objects []*object
	index   map[any]*object
	chosen  map[*model.Op]int // the cases of selects, numbered from 1
	fresh   int               // how many objects are
}

func newWorld(p *program) *world {
	w := &world{scene: p.scene, index: map[any]*object{}, chosen: map[*model.Op]int{}}
	p.world = w
	for _, n := range p.nodes {
		if n.kind == branch && n.block.Cond != nil {
			w.term(n.block.Cond.X)
			w.term(n.block.Cond.Y)
		}
		if n.op == nil {
			continue
		}
		w.note(n.op)
		for i, c := range n.op.Cases {
			w.chosen[c] = i + 1
			w.note(c)
		}
	}
	for _, n := range p.nodes {
		if op := n.op; op != nil && op.Repeats {
			w.makesFresh(op)
		}
	}
	for _, o := range w.objects {
		if o.fresh {
			o.nth = w.fresh
			w.fresh++
		}
		w.judge(o, p)
	}
	w.watches(p)
	return w
}

func (w *world) makesFresh(op *model.Op) {
	for _, x := range []any{op.Chan, op.Group, op.Made} {
		if o := w.index[x]; o != nil {
			o.fresh = true
		}
	}
	if op.Group != nil {
		for _, o := range w.objects {
			if o.ctx != nil && o.ctx.Kind == model.CtxOfGroup && o.ctx.Group == op.Group {
				o.fresh = true
			}
		}
	}
}

// note numbers the objects of an op in order of appearance.
func (w *world) note(op *model.Op) {
	if c := op.Chan; c != nil {
		w.object(c, object{chn: c, known: c.Inside && w.seen(c, c.Escapes), local: c.Inside && !w.scene.Outer[c], name: c.Name, why: c.Escapes})
	}
	if g := op.Group; g != nil && g.Kind != model.Bare {
		w.object(g, object{group: g, known: w.seen(g, g.Escapes), local: !w.scene.Outer[g], name: g.Name, why: g.Escapes})
	}
	if l := op.Lock; l != nil {
		w.object(l, object{lock: l, known: w.seen(l, l.Escapes), local: w.seen(l, l.Escapes), name: l.Name})
	}
	if m := op.Sem; m != nil {
		w.object(m, object{sem: m, known: w.seen(m, m.Escapes) && m.Size != nil, local: m.Size != nil && !w.scene.Outer[m], name: m.Name, why: m.Escapes})
	}
	if op.Made != nil {
		w.context(op.Made)
	}
	for _, c := range op.Ctx {
		w.context(c)
	}
	for _, u := range op.Uses {
		for _, c := range u.Ctx {
			w.context(c)
		}
	}
	for _, t := range append([]*model.Term{op.Val}, op.Rets...) {
		w.term(t)
	}
}

func (w *world) term(t *model.Term) {
	if t == nil {
		return
	}
	for _, c := range t.CtxErr {
		w.context(c)
	}
	for _, x := range t.Wraps {
		w.term(x)
	}
}

// seen reports whether all that is done to an object is part of the scene.
func (w *world) seen(x any, escapes string) bool { return escapes == "" && !w.scene.Outer[x] }

func (w *world) object(key any, o object) *object {
	if x := w.index[key]; x != nil {
		return x
	}
	o.index = len(w.objects)
	x := &o
	w.objects = append(w.objects, x)
	w.index[key] = x
	return x
}

// context adds a context and those above it.
func (w *world) context(c *model.Ctx) *object {
	if x := w.index[c]; x != nil {
		return x
	}
	life, up := c.Life()
	o := w.object(c, object{ctx: c, life: life, known: life != model.LifeUnknown})
	if up != nil {
		o.up = w.context(up)
	}
	if life == model.LifeGroup {
		w.object(c.Group, object{group: c.Group, known: w.seen(c.Group, c.Group.Escapes), local: !w.scene.Outer[c.Group], name: c.Group.Name, why: c.Group.Escapes})
	}
	return o
}

// judge takes back what is not certain after all.
func (w *world) judge(o *object, p *program) {
	for a := o; a != nil && a.ctx != nil; a = a.up {
		if a.life == model.LifeUnknown {
			o.known = false
		}
		if a.life == model.LifeGroup && !w.index[a.ctx.Group].known {
			o.known = false
		}
	}
	if o.chn != nil && o.local && o.chn.Size == nil {
		o.known, o.why, o.local = false, "its capacity is not known", false
	}
	if o.chn != nil && o.known && p.multiplied(o) {
		o.known, o.why = false, "how many are sent depends on several sizes"
	}
	if o.chn != nil && o.known && p.ownCounter(o) {
		o.known, o.why = false, "one goroutine fills and empties it, as a count of its own"
	}
	if o.group != nil {
		for _, n := range p.nodes {
			if n.op != nil && n.op.Group == o.group && (n.op.Kind == model.OpAdd || n.op.Kind == model.OpLimit) && n.op.N == nil {
				o.known, o.why, o.local = false, "the number given to "+n.op.Text+" is not known", false
			}
		}
	}
}

// watches marks the contexts that somebody asks for, and those above them.
func (w *world) watches(p *program) {
	mark := func(cs []*model.Ctx) {
		for _, c := range cs {
			for o := w.index[c]; o != nil; o = o.up {
				o.watched = true
			}
		}
	}
	term := func(t *model.Term) {
		if t != nil {
			mark(t.CtxErr)
			for _, x := range t.Wraps {
				mark(x.CtxErr)
			}
		}
	}
	for _, n := range p.nodes {
		if n.kind == branch && n.block.Cond != nil {
			term(n.block.Cond.X)
			term(n.block.Cond.Y)
		}
		if n.op == nil {
			continue
		}
		term(n.op.Val)
		for _, t := range n.op.Rets {
			term(t)
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			for _, u := range op.Uses {
				if u.Kind == model.UseDone || op.Kind == model.OpAcquire {
					mark(u.Ctx)
				}
			}
		}
	}
}

// multiplied reports whether a channel whose room is an unknown size is sent on in
// loops within loops: how that adds up is not known.
func (p *program) multiplied(o *object) bool {
	if len(o.chn.Size.Terms) == 0 {
		return false
	}
	for _, n := range p.nodes {
		if n.op == nil || n.block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			if op.Kind != model.OpSend || p.world.of(op) != o {
				continue
			}
			if p.depth(n) > 1 {
				return true
			}
		}
	}
	return false
}

// depth is how many loops a node is in, those around the calls and the starts
// that lead to it included.
func (p *program) depth(n *node) int {
	deep := 0
	p.around(n, func(b *model.Block) { deep += len(b.Loops) })
	return deep
}

// around calls f for the block of a node, and those of the calls and starts that lead
// to it; false if there is no end to them, as with tasks that start each other.
func (p *program) around(n *node, f func(*model.Block)) bool {
	for range maxProcs {
		r := n.routine
		for at := n; ; at, r = p.nodes[r.site], r.up {
			if at.block != nil {
				f(at.block)
			}
			if r.up == nil {
				break
			}
		}
		if r.task == nil {
			return true
		}
		i := slices.IndexFunc(p.nodes, func(m *node) bool { return m.op == r.task.Spawn && m.block != nil })
		if i < 0 {
			return true
		}
		n = p.nodes[i]
	}
	return false
}

// ownCounter reports whether a buffered channel is filled and emptied by one
// goroutine only, in a loop that has no number of rounds: it counts something that
// happens elsewhere.
func (p *program) ownCounter(o *object) bool {
	if s := o.chn.Size; s == nil || len(s.Terms) == 0 && s.Const == 0 {
		return false
	}
	var owner *routine
	sends, receives := false, false
	for _, n := range p.nodes {
		if n.op == nil || n.block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.op}, n.op.Cases...) {
			if op.Kind == model.OpNew || p.world.of(op) != o {
				continue
			}
			uncounted := slices.ContainsFunc(n.block.Loops, func(l *model.Loop) bool { return l.Count == nil })
			if owner != nil && owner != n.routine.owner || !uncounted {
				return false
			}
			owner = n.routine.owner
			sends = sends || op.Kind == model.OpSend
			receives = receives || op.Kind == model.OpReceive || op.Kind == model.OpRange
		}
	}
	return sends && receives
}

// of is the object that an op works on, nil if it is not certain which one.
func (w *world) of(op *model.Op) *object {
	var key any
	switch {
	case op.Chan != nil:
		key = op.Chan
	case op.Group != nil:
		key = op.Group
	case op.Lock != nil:
		key = op.Lock
	case op.Sem != nil:
		key = op.Sem
	default:
		return nil
	}
	return w.index[key]
}

// done is the context whose end a receive waits for; ok tells that the op waits
// for one, which may be nil if it is not certain which.
func (w *world) done(op *model.Op) (o *object, ok bool) {
	if op.Kind != model.OpReceive && op.Kind != model.OpRange || len(op.Uses) == 0 || op.Uses[0].Kind != model.UseDone {
		return nil, false
	}
	if len(op.Uses[0].Ctx) != 1 {
		return nil, true
	}
	return w.index[op.Uses[0].Ctx[0]], true
}

// ctx is the one context among alternatives, nil if there is not exactly one.
func (w *world) ctx(cs []*model.Ctx) *object {
	if len(cs) != 1 {
		return nil
	}
	return w.index[cs[0]]
}
