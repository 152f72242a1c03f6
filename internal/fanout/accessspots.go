package fanout

// Where an access stands in a body, and what can come before and after it there.

// A spot is a point in a body, where an access or a call that makes it stands.
type spot struct {
	fr       *frame // of the body, nil if its code is not seen
	blk      *Block
	before   int // ops of the block before it
	deferred bool
	op       *Op // the call that makes it, nil if the body itself does
}

// within finds the spot in body at which the access is made.
func (o *ordering) within(body *Body, a *access) (spot, bool) {
	if a.Body == body {
		return spot{fr: o.e.frameOf[body], blk: a.block, before: a.before}, true
	}
	at, ok := o.layout(body).calls[a.Body]
	return at, ok
}

// A layout is what is asked of a body more than once.
type layout struct {
	// calls are the spots at which the body comes to the bodies below it, the first
	// one each.
	calls map[*Body]spot
	// taken are the blocks that are come to when a case of a select was taken.
	taken map[*Op]*Block
	// starting are the loops that start tasks.
	starting map[*Loop]bool
	// gives and waits are the ops by which the body lets go of something, itself or
	// in what it calls, and those that hold it up.
	gives, waits []opPlace
}

func (o *ordering) layout(body *Body) *layout {
	if l := o.layouts[body]; l != nil {
		return l
	}
	l := &layout{calls: map[*Body]spot{}, taken: map[*Op]*Block{}, starting: map[*Loop]bool{}}
	o.layouts[body] = l
	for _, blk := range body.Blocks {
		for n, op := range blk.Ops {
			at := spot{o.e.frameOf[body], blk, n, op.Deferred, op}
			l.leadsTo(at, op.Into)
			for _, lit := range op.Lits {
				l.leadsTo(at, lit)
			}
			if op.Kind == OpSpawn {
				for _, loop := range blk.Loops {
					l.starting[loop] = true
				}
			}
			if len(o.newsOf(op).gives) > 0 {
				l.gives = append(l.gives, opPlace{body, blk, n})
			}
			switch op.Kind {
			case OpReceive, OpRange, OpWait, OpSelect:
				if !op.Deferred {
					l.waits = append(l.waits, opPlace{body, blk, n})
				}
			}
		}
		if c := blk.Cond; c != nil && c.Taken != nil && len(blk.Succs) == 2 && l.taken[c.Taken] == nil {
			l.taken[c.Taken] = blk.Succs[0]
		}
	}
	return l
}

// leadsTo notes that the spot comes to b and to what is called there.
func (l *layout) leadsTo(at spot, b *Body) {
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
func (o *ordering) spawnsInLoop(blk *Block, body *Body) bool {
	for _, loop := range blk.Loops {
		if o.layout(body).starting[loop] {
			return true
		}
	}
	return false
}

// behindCase reports whether the access is made only after that case was taken.
func (o *ordering) behindCase(sel *Op, i int, b *Body, at spot) bool {
	blk := o.layout(b).taken[sel.Cases[i]]
	return blk != nil && at.blockDominatedBy(blk)
}

// canPrecede reports whether the op can be executed after the spot. Deferred calls
// run last, the last registered first.
func (s spot) canPrecede(op *Op, blk *Block, n int) bool {
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
func (s spot) dominatedBy(blk *Block, n int) bool {
	return blk == s.blk && n < s.before || blk != s.blk && s.blockDominatedBy(blk)
}

func (s spot) blockDominatedBy(blk *Block) bool {
	if s.fr == nil {
		return false
	}
	blocks := s.fr.fn.Blocks
	return blocks[blk.Index].Dominates(blocks[s.blk.Index])
}
