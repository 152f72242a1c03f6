package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// An Object is something that processes meet at.
type Object struct {
	Index int
	Chan  *model.Chan
	Group *model.Group
	lock  *model.Lock
	sem   *model.Sem
	Ctx   *model.Ctx
	// Known: every operation on it is part of the program; if it leaks, up to there.
	Known, Leaks bool
	// Local: it is made in the scene, so what the program does to it is played,
	// although others may do more.
	Local bool
	// Fresh: it comes to be more than once, so a process says which one it has.
	Fresh bool
	Nth   int // of the fresh ones
	Slot  int // the one that it has from the start; -1 if no node can touch it
	Life  model.Life
	Up    *Object // the context that a context is a child of
	name  string
	why   string // what makes it not known
	// Valued: what is sent on the channel is asked for.
	Valued bool
	// watched: somebody asks whether the context has ended.
	watched bool
}

// The world is the objects of a program.
type World struct {
	scene   *model.Scene
	Objects []*Object
	Index   map[any]*Object
	Chosen  map[*model.Op]int // the cases of selects, numbered from 1
	Fresh   int               // how many objects are
}

func newWorld(p *Program) *World {
	w := &World{scene: p.Scene, Index: map[any]*Object{}, Chosen: map[*model.Op]int{}}
	p.World = w
	for _, n := range p.Nodes {
		if n.Kind == Branch && n.Block.Cond != nil {
			w.term(n.Block.Cond.X)
			w.term(n.Block.Cond.Y)
		}
		if n.Op == nil {
			continue
		}
		w.note(n.Op)
		for i, c := range n.Op.Cases {
			w.Chosen[c] = i + 1
			w.note(c)
		}
	}
	for _, n := range p.Nodes {
		if op := n.Op; op != nil && op.Repeats {
			w.makesFresh(op)
		}
	}
	w.findLeaks(p)
	for _, o := range w.Objects {
		if o.Fresh {
			o.Nth = w.Fresh
			w.Fresh++
		}
		w.judge(o, p)
	}
	w.watches(p)
	return w
}

func (w *World) makesFresh(op *model.Op) {
	for _, x := range []any{op.Chan, op.Group, op.Made} {
		if o := w.Index[x]; o != nil {
			o.Fresh = true
		}
	}
	if op.Group != nil {
		for _, o := range w.Objects {
			if o.Ctx != nil && o.Ctx.Kind == model.CtxOfGroup && o.Ctx.Group == op.Group {
				o.Fresh = true
			}
		}
	}
}

// note numbers the objects of an op in order of appearance.
func (w *World) note(op *model.Op) {
	if c := op.Chan; c != nil {
		w.object(c, Object{Chan: c, Known: c.Inside && w.seen(c, c.Escapes), Local: c.Inside && !w.scene.Outer[c], name: c.Name, why: c.Escapes})
	}
	if g := op.Group; g != nil && g.Kind != model.Bare {
		w.object(g, Object{Group: g, Known: w.seen(g, g.Escapes), Local: !w.scene.Outer[g], name: g.Name, why: g.Escapes})
	}
	if l := op.Lock; l != nil {
		w.object(l, Object{lock: l, Known: w.seen(l, l.Escapes), Local: w.seen(l, l.Escapes), name: l.Name})
	}
	if m := op.Sem; m != nil {
		w.object(m, Object{sem: m, Known: w.seen(m, m.Escapes) && m.Size != nil, Local: m.Size != nil && !w.scene.Outer[m], name: m.Name, why: m.Escapes})
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

// Handed are the channels of the program that a call gives to code that is not seen, which
// may send, receive or close from then on.
func (w *World) Handed(op *model.Op) []*Object {
	var out []*Object
	for _, c := range op.Hands {
		if o := w.Index[c]; o != nil && o.Local && c.Escapes != "" {
			out = append(out, o)
		}
	}
	return out
}

func (w *World) term(t *model.Term) {
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

// seen reports whether all that is done to an object is part of the scene, or all that is
// done before it leaks.
func (w *World) seen(x any, escapes string) bool {
	return (escapes == "" || len(w.scene.Leaks[x]) > 0) && !w.scene.Outer[x]
}

func (w *World) object(key any, o Object) *Object {
	if x := w.Index[key]; x != nil {
		return x
	}
	o.Index, o.Slot = len(w.Objects), -1
	x := &o
	w.Objects = append(w.Objects, x)
	w.Index[key] = x
	return x
}

// context adds a context and those above it.
func (w *World) context(c *model.Ctx) *Object {
	if x := w.Index[c]; x != nil {
		return x
	}
	life, up := c.Life()
	o := w.object(c, Object{Ctx: c, Life: life, Known: life != model.LifeUnknown})
	if up != nil {
		o.Up = w.context(up)
	}
	if life == model.LifeGroup {
		w.object(c.Group, Object{Group: c.Group, Known: w.seen(c.Group, c.Group.Escapes), Local: !w.scene.Outer[c.Group], name: c.Group.Name, why: c.Group.Escapes})
	}
	return o
}

// judge takes back what is not certain after all.
func (w *World) judge(o *Object, p *Program) {
	for a := o; a != nil && a.Ctx != nil; a = a.Up {
		if a.Life == model.LifeUnknown {
			o.Known = false
		}
		if g := w.Index[a.Ctx.Group]; a.Life == model.LifeGroup && (!g.Known || g.Leaks) {
			o.Known = false
		}
	}
	if o.Chan != nil && o.Local && o.Chan.Size == nil {
		o.Known, o.why, o.Local = false, "its capacity is not known", false
	}
	if o.Chan != nil && o.Chan.Fills && o.Local && !p.stops(o) {
		o.Known, o.Local = false, false
	}
	if o.Chan != nil && o.Known && p.multiplied(o) {
		o.Known, o.why = false, "how many are sent depends on several sizes"
	}
	if o.Chan != nil && o.Known && p.ownCounter(o) {
		o.Known, o.why = false, "one goroutine fills and empties it, as a count of its own"
	}
	if o.Group != nil {
		for _, n := range p.Nodes {
			if n.Op != nil && n.Op.Group == o.Group && (n.Op.Kind == model.OpAdd || n.Op.Kind == model.OpLimit) && n.Op.N == nil {
				o.Known, o.why, o.Local = false, "the number given to "+n.Op.Text+" is not known", false
			}
		}
	}
}

// stops reports whether the timer or ticker that sends on a channel is stopped anywhere.
func (p *Program) stops(o *Object) bool {
	return slices.ContainsFunc(p.Nodes, func(n *Node) bool { return n.Op != nil && n.Op.Kind == model.OpStop && p.World.Of(n.Op) == o })
}

// watches marks the contexts that somebody asks for, and those above them.
func (w *World) watches(p *Program) {
	mark := func(cs []*model.Ctx) {
		for _, c := range cs {
			for o := w.Index[c]; o != nil; o = o.Up {
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
	for _, n := range p.Nodes {
		if n.Kind == Branch && n.Block.Cond != nil {
			term(n.Block.Cond.X)
			term(n.Block.Cond.Y)
		}
		if n.Op == nil {
			continue
		}
		term(n.Op.Val)
		for _, t := range n.Op.Rets {
			term(t)
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			for _, u := range op.Uses {
				if u.Kind == model.UseDone || op.Kind == model.OpAcquire {
					mark(u.Ctx)
				}
			}
		}
	}
}

// watched reports whether somebody asks whether one of the contexts has ended.
func (w *World) watched(cs []*model.Ctx) bool {
	return slices.ContainsFunc(cs, func(c *model.Ctx) bool { o := w.Index[c]; return o == nil || o.watched })
}

// multiplied reports whether a channel whose room is an unknown size is sent on in
// loops within loops: how that adds up is not known.
func (p *Program) multiplied(o *Object) bool {
	if len(o.Chan.Size.Terms) == 0 {
		return false
	}
	for _, n := range p.Nodes {
		if n.Op == nil || n.Block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			if op.Kind != model.OpSend || p.World.Of(op) != o {
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
func (p *Program) depth(n *Node) int {
	deep := 0
	p.around(n, func(b *model.Block) { deep += len(b.Loops) })
	return deep
}

// around calls f for the block of a node, and those of the calls and starts that lead
// to it; false if there is no end to them, as with tasks that start each other.
func (p *Program) around(n *Node, f func(*model.Block)) bool {
	for range maxStarts {
		r := n.Routine
		for at := n; ; at, r = p.Nodes[r.Site], r.Up {
			if at.Block != nil {
				f(at.Block)
			}
			if r.Up == nil {
				break
			}
		}
		if r.Task == nil {
			return true
		}
		i := slices.IndexFunc(p.Nodes, func(m *Node) bool { return m.Op == r.Task.Spawn && m.Block != nil })
		if i < 0 {
			return true
		}
		n = p.Nodes[i]
	}
	return false
}

// ownCounter reports whether a buffered channel is filled and emptied by one
// goroutine only, in a loop that has no number of rounds: it counts something that
// happens elsewhere.
func (p *Program) ownCounter(o *Object) bool {
	if s := o.Chan.Size; s == nil || len(s.Terms) == 0 && s.Const == 0 {
		return false
	}
	var owner *Routine
	sends, receives := false, false
	for _, n := range p.Nodes {
		if n.Op == nil || n.Block == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			if op.Kind == model.OpNew || p.World.Of(op) != o {
				continue
			}
			uncounted := slices.ContainsFunc(n.Block.Loops, func(l *model.Loop) bool { return l.Count == nil })
			if owner != nil && owner != n.Routine.Owner || !uncounted {
				return false
			}
			owner = n.Routine.Owner
			sends = sends || op.Kind == model.OpSend
			receives = receives || op.Kind == model.OpReceive || op.Kind == model.OpRange
		}
	}
	return sends && receives
}

// Of is the object that an op works on, nil if it is not certain which one.
func (w *World) Of(op *model.Op) *Object {
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
	return w.Index[key]
}

// Done is the context whose end a receive waits for; ok tells that the op waits
// for one, which may be nil if it is not certain which.
func (w *World) Done(op *model.Op) (o *Object, ok bool) {
	if op.Kind != model.OpReceive && op.Kind != model.OpRange || len(op.Uses) == 0 || op.Uses[0].Kind != model.UseDone {
		return nil, false
	}
	if len(op.Uses[0].Ctx) != 1 {
		return nil, true
	}
	return w.Index[op.Uses[0].Ctx[0]], true
}

// Ctx is the one context among alternatives, nil if there is not exactly one.
func (w *World) Ctx(cs []*model.Ctx) *Object {
	if len(cs) != 1 {
		return nil
	}
	return w.Index[cs[0]]
}

// Creates lists the objects that an op makes.
func (p *Program) Creates(op *model.Op) []*Object {
	var made []*Object
	for _, key := range []any{op.Chan, op.Group, op.Made} {
		if o := p.World.Index[key]; o != nil {
			made = append(made, o)
		}
	}
	if op.Kind != model.OpMakeGroup || op.Group == nil {
		return made
	}
	for _, o := range p.World.Objects { // the group context comes with the group
		if o.Life == model.LifeGroup && o.Ctx.Group == op.Group {
			made = append(made, o)
		}
	}
	return made
}
