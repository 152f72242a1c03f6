package fanout

// Where an access stands in a body, and what can come before and after it there.

// A spot is a point in a body, where an access or a call that makes it stands.
type spot struct {
	body     *Body
	blk      *Block
	before   int // ops of the block before it
	deferred bool
	op       *Op // the call that makes it, nil if the body itself does
}

// within finds the spot in body at which the access is made.
func (o *ordering) within(body *Body, a *Access) (spot, bool) {
	if a.body == body {
		return spot{body: body, blk: a.block, before: a.before}, true
	}
	at, ok := o.layout(body).calls[a.body]
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
			at := spot{body, blk, n, op.Deferred, op}
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
		return n < s.before && blk == s.blk || reachesBlock(blk, s.blk)
	case s.deferred:
		return false
	case op.Deferred:
		return true
	}
	return n >= s.before && blk == s.blk || reachesBlock(s.blk, blk)
}

// reachesBlock reports whether to comes after from on some path.
func reachesBlock(from, to *Block) bool {
	if !from.reached {
		reachAll(from)
	}
	return from.reach.has(to.Index)
}

// reachAll computes what comes after from and after all blocks that do. Blocks that
// come after each other have the same set.
func reachAll(from *Block) {
	type visit struct {
		blk  *Block
		next int // of the successors
	}
	order, low := map[*Block]int{}, map[*Block]int{}
	var open []*Block // blocks whose set is not settled
	path := []visit{{blk: from}}
	for len(path) > 0 {
		v := &path[len(path)-1]
		b := v.blk
		if v.next == 0 {
			order[b], low[b] = len(order)+1, len(order)+1
			open = append(open, b)
		}
		if v.next < len(b.Succs) {
			s := b.Succs[v.next]
			v.next++
			switch {
			case s.reached:
			case order[s] == 0:
				path = append(path, visit{blk: s})
			default:
				low[b] = min(low[b], order[s])
			}
			continue
		}
		path = path[:len(path)-1]
		if len(path) > 0 {
			up := path[len(path)-1].blk
			low[up] = min(low[up], low[b])
		}
		if low[b] == order[b] {
			first := len(open) - 1
			for open[first] != b {
				first--
			}
			settle(open[first:])
			open = open[:first]
		}
	}
}

// settle gives the blocks of a cycle, or a single one, the set of what comes after.
func settle(cycle []*Block) {
	var all bits
	for _, b := range cycle {
		for _, s := range b.Succs {
			all.add(s.Index)
			all.join(s.reach)
		}
	}
	for _, b := range cycle {
		b.reach, b.reached = all, true
	}
}

// dominatedBy reports whether op n of blk comes before the spot on every path.
func (s spot) dominatedBy(blk *Block, n int) bool {
	return blk == s.blk && n < s.before || blk != s.blk && s.blockDominatedBy(blk)
}

func (s spot) blockDominatedBy(blk *Block) bool {
	if s.body.fr == nil {
		return false
	}
	blocks := s.body.fr.fn.Blocks
	return blocks[blk.Index].Dominates(blocks[s.blk.Index])
}
