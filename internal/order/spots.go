package order

import (
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Where an access stands in a body, and what can come before and after it there.

// A Spot is a point in a body, where an access or a call that makes it stands.
type Spot struct {
	fr       *flow.Frame // of the body, nil if its code is not seen
	Block    *model.Block
	Before   int // ops of the block before it
	Deferred bool
	Op       *model.Op // the call that makes it, nil if the body itself does
}

// A Site is where an access is made.
type Site struct {
	Body   *model.Body
	Block  *model.Block
	Before int         // ops of the block that come before it
	Frame  *flow.Frame // of the body, nil if it is not known how the access was come to
	// Atomic is the variable, if it is accessed by an operation of sync/atomic: that tells
	// nobody of itself.
	Atomic flow.Variable
}

// Within finds the spot in body at which an access is made.
func (o *Ordering) Within(body *model.Body, a Site) (Spot, bool) {
	if a.Body == body {
		return Spot{fr: o.e.FrameOf[body], Block: a.Block, Before: a.Before}, true
	}
	at, ok := o.layout(body).calls[a.Body]
	return at, ok
}

// A layout is what is asked of a body more than once.
type layout struct {
	// calls are the spots at which the body comes to the bodies below it, the first
	// one each.
	calls map[*model.Body]Spot
	// taken are the blocks that are come to when a case of a select was taken.
	taken map[*model.Op]*model.Block
	// starting are the loops that start tasks.
	starting map[*model.Loop]bool
	// releases and acquires are the ops by which the body releases something, or
	// acquires it, itself or in what it calls.
	releases, acquires []OpPlace
	// waits are the ops that hold it up.
	waits []wait
}

// A wait is an op that holds a body up: its own, or one that a call surely comes to.
type wait struct {
	OpPlace
	on *model.Op
}

func (o *Ordering) layout(body *model.Body) *layout {
	if l := o.layouts[body]; l != nil {
		return l
	}
	l := &layout{calls: map[*model.Body]Spot{}, taken: map[*model.Op]*model.Block{}, starting: map[*model.Loop]bool{}}
	o.layouts[body] = l
	for _, blk := range body.Blocks {
		for n, op := range blk.Ops {
			at := Spot{o.e.FrameOf[body], blk, n, op.Deferred, op}
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
				l.releases = append(l.releases, OpPlace{body, blk, n})
			}
			if n := o.tokensOf(op); len(n.acquires) > 0 || n.unsure {
				l.acquires = append(l.acquires, at.place(body))
			}
			switch op.Kind {
			case model.OpReceive, model.OpRange, model.OpWait, model.OpSelect, model.OpLock:
				if !op.Deferred {
					l.waits = append(l.waits, wait{OpPlace{body, blk, n}, op})
				}
			}
			if op.Into != nil && !op.Deferred && op.Kind != model.OpSpawn {
				for _, w := range o.layout(op.Into).waits {
					if w.on.Kind != model.OpSelect && o.isSure(w.OpPlace) {
						l.waits = append(l.waits, wait{OpPlace{body, blk, n}, w.on})
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
func (o *Ordering) isSure(p OpPlace) bool {
	fr := o.e.FrameOf[p.Body]
	if fr == nil {
		return false
	}
	for _, ret := range source.Returns(fr.Fn) {
		if !fr.Fn.Blocks[p.Block.Index].Dominates(ret.Block()) {
			return false
		}
	}
	return true
}

// place is the op that makes the spot.
func (s Spot) place(body *model.Body) OpPlace { return OpPlace{body, s.Block, s.Before} }

// leadsTo notes that the spot comes to b and to what is called there.
func (l *layout) leadsTo(at Spot, b *model.Body) {
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
func (o *Ordering) spawnsInLoop(blk *model.Block, body *model.Body) bool {
	for _, loop := range blk.Loops {
		if o.layout(body).starting[loop] {
			return true
		}
	}
	return false
}

// behindCase reports whether the access is made only after that case was taken.
func (o *Ordering) behindCase(sel *model.Op, i int, b *model.Body, at Spot) bool {
	blk := o.layout(b).taken[sel.Cases[i]]
	return blk != nil && at.blockDominatedBy(blk)
}

// canPrecede reports whether the op can be executed after the spot. Deferred calls
// run last, the last registered first.
func (s Spot) canPrecede(op *model.Op, blk *model.Block, n int) bool {
	switch {
	case op == s.Op:
		return true // inside the same call: not looked into
	case s.Deferred && op.Deferred:
		return n < s.Before && blk == s.Block || blk.Reaches(s.Block)
	case s.Deferred:
		return false
	case op.Deferred:
		return true
	}
	return n >= s.Before && blk == s.Block || s.Block.Reaches(blk)
}

// DominatedBy reports whether op n of blk comes before the spot on every path.
func (s Spot) DominatedBy(blk *model.Block, n int) bool {
	return blk == s.Block && n < s.Before || blk != s.Block && s.blockDominatedBy(blk)
}

func (s Spot) blockDominatedBy(blk *model.Block) bool {
	if s.fr == nil {
		return false
	}
	blocks := s.fr.Fn.Blocks
	return blocks[blk.Index].Dominates(blocks[s.Block.Index])
}
