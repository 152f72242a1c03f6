package race

import (
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Where an access stands in a body, and what can come before and after it there.

// A spot is a point in a body, where an access or a call that makes it stands.
type spot struct {
	fr       *flow.Frame // of the body, nil if its code is not seen
	blk      *model.Block
	before   int // ops of the block before it
	deferred bool
	op       *model.Op // the call that makes it, nil if the body itself does
}

// A site is where an access is made.
type site struct {
	body   *model.Body
	block  *model.Block
	before int         // ops of the block that come before it
	frame  *flow.Frame // of the body, nil if it is not known how the access was come to
	// atomic is the variable, if it is accessed by an operation of sync/atomic: that tells
	// nobody of itself.
	atomic flow.Variable
}

// within finds the spot in body at which an access is made.
func (o *ordering) within(body *model.Body, a site) (spot, bool) {
	if a.body == body {
		return spot{fr: o.e.FrameOf[body], blk: a.block, before: a.before}, true
	}
	at, ok := o.layout(body).calls[a.body]
	return at, ok
}

// A layout is what is asked of a body more than once.
type layout struct {
	// calls are the spots at which the body comes to the bodies below it, the first
	// one each.
	calls map[*model.Body]spot
	// taken are the blocks that are come to when a case of a select was taken.
	taken map[*model.Op]*model.Block
	// starting are the loops that start tasks.
	starting map[*model.Loop]bool
	// releases and acquires are the ops by which the body releases something, or
	// acquires it, itself or in what it calls.
	releases, acquires []opPlace
	// waits are the ops that hold it up.
	waits []wait
}

// A wait is an op that holds a body up: its own, or one that a call surely comes to.
type wait struct {
	opPlace
	on *model.Op
}

func (o *ordering) layout(body *model.Body) *layout {
	if l := o.layouts[body]; l != nil {
		return l
	}
	l := &layout{calls: map[*model.Body]spot{}, taken: map[*model.Op]*model.Block{}, starting: map[*model.Loop]bool{}}
	o.layouts[body] = l
	for _, blk := range body.Blocks {
		for n, op := range blk.Ops {
			at := spot{o.e.FrameOf[body], blk, n, op.Deferred, op}
			l.leadsTo(at, op.Into)
			for _, lit := range op.Lits {
				l.leadsTo(at, lit)
			}
			if op.Kind == model.OpSpawn {
				for _, loop := range blk.Loops {
					l.starting[loop] = true
				}
			}
			if len(o.tokensOf(op).releases) > 0 {
				l.releases = append(l.releases, opPlace{body, blk, n})
			}
			if n := o.tokensOf(op); len(n.acquires) > 0 || n.unsure {
				l.acquires = append(l.acquires, at.place(body))
			}
			switch op.Kind {
			case model.OpReceive, model.OpRange, model.OpWait, model.OpSelect:
				if !op.Deferred {
					l.waits = append(l.waits, wait{opPlace{body, blk, n}, op})
				}
			}
			if op.Into != nil && !op.Deferred && op.Kind != model.OpSpawn {
				for _, w := range o.layout(op.Into).waits {
					if w.on.Kind != model.OpSelect && o.isSure(w.opPlace) {
						l.waits = append(l.waits, wait{opPlace{body, blk, n}, w.on})
					}
				}
			}
		}
		if c := blk.Cond; c != nil && c.Taken != nil && len(blk.Succs) == 2 && l.taken[c.Taken] == nil {
			l.taken[c.Taken] = blk.Succs[0]
		}
	}
	return l
}

// isSure reports whether every way through the body that comes back executes the op.
func (o *ordering) isSure(p opPlace) bool {
	fr := o.e.FrameOf[p.body]
	if fr == nil {
		return false
	}
	for _, ret := range source.Returns(fr.Fn) {
		if !fr.Fn.Blocks[p.blk.Index].Dominates(ret.Block()) {
			return false
		}
	}
	return true
}

// place is the op that makes the spot.
func (s spot) place(body *model.Body) opPlace { return opPlace{body, s.blk, s.before} }

// leadsTo notes that the spot comes to b and to what is called there.
func (l *layout) leadsTo(at spot, b *model.Body) {
	if b == nil {
		return
	}
	if _, known := l.calls[b]; known {
		return
	}
	l.calls[b] = at
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			l.leadsTo(at, op.Into)
			for _, lit := range op.Lits {
				l.leadsTo(at, lit)
			}
		}
	}
}

// spawnsInLoop reports whether a loop around the block starts tasks.
func (o *ordering) spawnsInLoop(blk *model.Block, body *model.Body) bool {
	for _, loop := range blk.Loops {
		if o.layout(body).starting[loop] {
			return true
		}
	}
	return false
}

// behindCase reports whether the access is made only after that case was taken.
func (o *ordering) behindCase(sel *model.Op, i int, b *model.Body, at spot) bool {
	blk := o.layout(b).taken[sel.Cases[i]]
	return blk != nil && at.blockDominatedBy(blk)
}

// canPrecede reports whether the op can be executed after the spot. Deferred calls
// run last, the last registered first.
func (s spot) canPrecede(op *model.Op, blk *model.Block, n int) bool {
	switch {
	case op == s.op:
		return true // inside the same call: not looked into
	case s.deferred && op.Deferred:
		return n < s.before && blk == s.blk || blk.Reaches(s.blk)
	case s.deferred:
		return false
	case op.Deferred:
		return true
	}
	return n >= s.before && blk == s.blk || s.blk.Reaches(blk)
}

// dominatedBy reports whether op n of blk comes before the spot on every path.
func (s spot) dominatedBy(blk *model.Block, n int) bool {
	return blk == s.blk && n < s.before || blk != s.blk && s.blockDominatedBy(blk)
}

func (s spot) blockDominatedBy(blk *model.Block) bool {
	if s.fr == nil {
		return false
	}
	blocks := s.fr.Fn.Blocks
	return blocks[blk.Index].Dominates(blocks[s.blk.Index])
}
