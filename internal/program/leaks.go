package program

import "github.com/gatherlint/gatherlint/internal/model"

// Where code that is not seen gets hold of an object.
//
// Up to there all that is done to the object is part of the program, so who is blocked on
// it can be told. From there on others may do anything with it: nobody who waits for it is
// sure to wait for ever, and neither is who waits while somebody can still come there.

// A leak is one such place in a block.
type leak struct {
	object any
	before int
}

// leaksOf lists the places of a scene, by block.
func leaksOf(s *model.Scene) map[*model.Block][]leak {
	out := map[*model.Block][]leak{}
	note := func(object any) {
		for _, l := range s.Leaks[object] {
			out[l.Block] = append(out[l.Block], leak{object, l.Before})
		}
	}
	for _, c := range s.Chans {
		note(c)
	}
	for _, g := range s.Groups {
		note(g)
	}
	return out
}

// writeLeaks writes out the places of a block that are before its op k.
func (p *Program) writeLeaks(blk *model.Block, k int, r *Routine, link func(*Node)) {
	for _, l := range p.leaks[blk] {
		if l.before == k {
			n := p.node(Leak, r)
			n.given = l.object
			link(n)
		}
	}
}

// findLeaks finds the objects of these nodes, and takes back what was said of those that
// leak in a body which is not written out.
func (w *World) findLeaks(p *Program) {
	written := map[*Object]int{}
	for _, n := range p.Nodes {
		if n.Kind != Leak {
			continue
		}
		if n.Leaks = w.Index[n.given]; n.Leaks == nil {
			n.Kind = Pass // nothing else is about it
			continue
		}
		written[n.Leaks]++
	}
	for object, at := range w.scene.Leaks {
		if o := w.Index[object]; o != nil {
			o.Leaks = true
			o.Known = o.Known && written[o] >= len(at)
		}
	}
}

// Leaky are the names of the objects that are known until they leak.
func (w *World) Leaky() (names []string) {
	for _, o := range w.Objects {
		if o.Known && o.Leaks && o.name != "" {
			names = append(names, o.name)
		}
	}
	return names
}

// Leaking are the objects that an op works on and that leak somewhere.
func (w *World) Leaking(op *model.Op) (out []*Object) {
	for _, x := range append([]*model.Op{op}, op.Cases...) {
		if o := w.Of(x); o != nil && o.Leaks {
			out = append(out, o)
		}
	}
	return out
}
