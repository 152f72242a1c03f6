package fanout

import "slices"

// Which tokens carry the news of an access, and where an access stands in a body.

// carries lists the tokens that carry the news of the access a of the goroutine:
// those it lets go of afterwards, and those that who takes hold of one lets go of.
func (o *ordering) carries(who *actor, a *access) []news {
	set := o.givesAfter(who, a)
	if a.atomic { // it tells nobody of itself
		set = slices.DeleteFunc(set, func(n news) bool { return n == news(varKey{a.root, a.fr}) })
	}
	if who.task != nil {
		if sp := who.task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" {
			set = append(set, sp.Group)
		}
	}
	given := map[*Op]bool{}
	for again := true; again; {
		again = false
		for _, b := range o.actors {
			if b.task != nil && slices.Contains(set, news(b.task)) {
				// What it does comes after it was started.
				for _, op := range bodyOps(b.body) {
					again = o.give(&set, given, op) || again
				}
				if sp := b.task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" && !slices.Contains(set, news(sp.Group)) {
					set, again = append(set, sp.Group), true
				}
				continue
			}
			if meetsKnown(b.takes, set) {
				again = o.passOn(b, &set, given) || again
			}
		}
	}
	return set
}

// give adds what an op, and its cases, let go of, once.
func (o *ordering) give(set *[]news, given map[*Op]bool, op *Op) bool {
	if given[op] {
		return false
	}
	given[op] = true
	n := len(*set)
	for _, c := range append([]*Op{op}, op.Cases...) {
		*set = append(*set, o.gives(c)...)
	}
	return len(*set) > n
}

// passOn adds what the goroutine can let go of after it has taken hold of one of
// the set.
func (o *ordering) passOn(b *actor, set *[]news, given map[*Op]bool) bool {
	more := false
	for _, blk := range b.body.Blocks {
		for n, op := range blk.Ops {
			if throttles(op) && spawnsInLoop(blk, b.body) || !o.takesOne(op, *set) {
				continue // room for one more task: not the news of all others
			}
			at := spot{fr: o.e.frameOf[b.body], blk: blk, before: n, deferred: op.Deferred, op: op}
			for _, other := range b.body.Blocks {
				for m, x := range other.Ops {
					if !at.canPrecede(x, other, m) || x == op && op.Into == nil && len(op.Lits) == 0 {
						continue
					}
					for _, y := range append([]*Op{x}, insideOps(x)...) {
						more = o.give(set, given, y) || more
					}
				}
			}
			if t := b.task; t != nil && t.Spawn.Group != nil && t.Spawn.Text != "go" && !slices.Contains(*set, news(t.Spawn.Group)) {
				*set, more = append(*set, t.Spawn.Group), true
			}
		}
	}
	return more
}

// spawnsInLoop reports whether a loop around the block starts tasks.
func spawnsInLoop(blk *Block, body *Body) bool {
	for _, other := range body.Blocks {
		if !slices.ContainsFunc(other.Ops, func(op *Op) bool { return op.Kind == OpSpawn }) {
			continue
		}
		for _, l := range other.Loops {
			if slices.Contains(blk.Loops, l) {
				return true
			}
		}
	}
	return false
}

// takesOne reports whether the op, a case of it, or what it calls takes hold of
// something known in the set.
func (o *ordering) takesOne(op *Op, set []news) bool {
	for _, x := range append([]*Op{op}, insideOps(op)...) {
		for _, c := range append([]*Op{x}, x.Cases...) {
			if meetsKnown(o.takes(c), set) {
				return true
			}
		}
	}
	return false
}

// insideOps are the ops of what op calls, and of the literals that it lends.
func insideOps(op *Op) []*Op {
	out := bodyOps(op.Into)
	for _, l := range op.Lits {
		out = append(out, bodyOps(l)...)
	}
	return out
}

// meetsKnown is meetsAny without what is not known.
func meetsKnown(takes, set []news) bool {
	var known []news
	for _, t := range takes {
		if _, ok := t.(unknownToken); !ok {
			known = append(known, t)
		}
	}
	return meetsAny(known, set)
}

// givesAfter lists what the goroutine can let go of after the access. A receive
// that the access waits for lets go of something only once more, in a later round
// that may never come: it does not count.
func (o *ordering) givesAfter(who *actor, a *access) []news {
	at, ok := o.within(who.body, a)
	if !ok {
		return who.gives
	}
	var out []news
	for _, blk := range who.body.Blocks {
		for n, op := range blk.Ops {
			if !at.canPrecede(op, blk, n) {
				continue
			}
			for _, x := range append([]*Op{op}, bodyOps(op.Into)...) {
				if x.Kind == OpSelect {
					for i, c := range x.Cases {
						if !(c.Kind == OpReceive && o.behindCase(x, i, who.body, at)) {
							out = append(out, o.gives(c)...)
						}
					}
					continue
				}
				if x == op && x.Kind == OpReceive && at.dominatedBy(blk, n) {
					continue
				}
				out = append(out, o.gives(x)...)
			}
			for _, lit := range op.Lits {
				for _, x := range bodyOps(lit) {
					out = append(out, o.gives(x)...)
				}
			}
		}
	}
	return out
}

// behindCase reports whether the access is made only after that case was taken.
func (o *ordering) behindCase(sel *Op, i int, b *Body, at spot) bool {
	for _, blk := range b.Blocks {
		if c := blk.Cond; c != nil && c.Taken == sel.Cases[i] && len(blk.Succs) == 2 {
			return at.blockDominatedBy(blk.Succs[0])
		}
	}
	return false
}

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
	for _, blk := range body.Blocks {
		for n, op := range blk.Ops {
			for _, b := range append([]*Body{op.Into}, op.Lits...) {
				if b != nil && reachesBody(b, a.Body, 0) {
					return spot{o.e.frameOf[body], blk, n, op.Deferred, op}, true
				}
			}
		}
	}
	return spot{}, false
}

// reachesBody reports whether b is or calls target.
func reachesBody(b, target *Body, depth int) bool {
	if b == target {
		return true
	}
	if b == nil || depth > maxDepth+1 {
		return false
	}
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Into != nil && reachesBody(op.Into, target, depth+1) {
				return true
			}
			for _, l := range op.Lits {
				if reachesBody(l, target, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// canPrecede reports whether the op can be executed after the spot. Deferred calls
// run last, the last registered first.
func (s spot) canPrecede(op *Op, blk *Block, n int) bool {
	if op == s.op {
		return true // inside the same call: not looked into
	}
	after := n >= s.before && blk == s.blk || reachesBlock(s.blk, blk)
	switch {
	case s.deferred && op.Deferred:
		return n < s.before && blk == s.blk || reachesBlock(blk, s.blk)
	case s.deferred:
		return false
	case op.Deferred:
		return true
	}
	return after
}

// reachesBlock reports whether to comes after from on some path.
func reachesBlock(from, to *Block) bool {
	return from.Reaches(to)
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
