package fanout

import (
	"encoding/binary"
	"slices"
)

// Which tokens carry the news of an access.
//
// Tokens are numbered, and every step is computed once for a function: what an op
// takes hold of and lets go of, what may be let go of after an op was executed,
// and so which tokens follow from a token. The news of an access is what follows
// from the tokens that are let go of after it.

// A carrier is a set of tokens that carry the news of an access. Equal sets are the
// same carrier.
type carrier struct {
	set  bits // tokens that are let go of
	hits bits // tokens whose taker takes hold of one of them
}

// knows reports whether taking hold of one of takes is taking hold of the news.
// What is not known is not.
func (c *carrier) knows(takes []int) bool {
	return slices.ContainsFunc(takes, c.hits.has)
}

// opNews is what an op takes hold of and lets go of, with its cases, what it calls
// and the literals that it lends.
type opNews struct {
	takes, gives []int
	// joins is what the op takes hold of itself, or in what it calls; unsure tells
	// that there is something not known.
	joins  []int
	unsure bool
}

func (o *ordering) newsOf(op *Op) *opNews {
	if n := o.news[op]; n != nil {
		return n
	}
	n := &opNews{}
	o.news[op] = n
	n.note(o, op)
	n.joins = o.known(o.takes(op), &n.unsure)
	if op.Into == nil && len(op.Lits) == 0 {
		return n
	}
	for _, x := range bodyOps(op.Into) {
		n.note(o, x)
		n.joins = append(n.joins, o.known(o.takes(x), &n.unsure)...)
		for _, c := range x.Cases {
			n.joins = append(n.joins, o.known(o.takes(c), &n.unsure)...)
		}
	}
	for _, l := range op.Lits {
		for _, x := range bodyOps(l) {
			n.note(o, x)
		}
	}
	n.takes, n.gives, n.joins = unique(n.takes), unique(n.gives), unique(n.joins)
	return n
}

// note adds what one op and its cases do.
func (n *opNews) note(o *ordering, op *Op) {
	var unsure bool
	n.takes = append(n.takes, o.known(o.takes(op), &unsure)...)
	n.gives = append(n.gives, o.numbers(o.gives(op))...)
	for _, c := range op.Cases {
		n.takes = append(n.takes, o.known(o.takes(c), &unsure)...)
		n.gives = append(n.gives, o.numbers(o.gives(c))...)
	}
}

func unique(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// number is the number of a token.
func (o *ordering) number(t news) int {
	n, ok := o.tokens[t]
	if !ok {
		n = len(o.tokens)
		o.tokens[t] = n
		o.names = append(o.names, t)
	}
	return n
}

func (o *ordering) numbers(ts []news) []int {
	out := make([]int, len(ts))
	for i, t := range ts {
		out[i] = o.number(t)
	}
	return out
}

// known are the numbers of the tokens without the one that stands for what is not
// known; unsure is set if that is among them.
func (o *ordering) known(ts []news, unsure *bool) []int {
	var out []int
	for _, t := range ts {
		if _, ok := t.(unknownToken); ok {
			*unsure = true
		} else {
			out = append(out, o.number(t))
		}
	}
	return out
}

// index notes for each token which ops take hold of it.
func (o *ordering) index() {
	o.takers = map[int][]taker{}
	for _, a := range o.actors {
		for _, blk := range a.body.Blocks {
			for n, op := range blk.Ops {
				for _, t := range o.newsOf(op).takes {
					o.takers[t] = append(o.takers[t], taker{a, opPlace{a.body, blk, n}})
				}
			}
		}
	}
	for t := range o.takers {
		switch o.names[t].(type) {
		case *Chan:
			o.chans = append(o.chans, t)
		case *Ctx:
			o.ctxs = append(o.ctxs, t)
		}
	}
	slices.Sort(o.chans)
	slices.Sort(o.ctxs)
}

// A taker is an op of a goroutine that takes hold of a token.
type taker struct {
	who *actor
	at  opPlace
}

// met lists the tokens whose taker takes hold of the given one.
func (o *ordering) met(give int) []int {
	if out, ok := o.meets[give]; ok {
		return out
	}
	out := []int{give}
	var others []int
	switch o.names[give].(type) {
	case unknownToken:
		others = o.chans
	case *Ctx, *Group:
		others = o.ctxs
	}
	for _, take := range others {
		if take != give && tokensMeet(o.names[take], o.names[give]) {
			out = append(out, take)
		}
	}
	o.meets[give] = out
	return out
}

// follows is what is let go of by those who have taken hold of the token.
func (o *ordering) follows(give int) bits {
	if out, ok := o.next[give]; ok {
		return out
	}
	var out bits
	for _, take := range o.met(give) {
		for _, t := range o.takers[take] {
			out.join(o.after(t))
		}
	}
	if t, ok := o.names[give].(*Task); ok {
		for _, b := range o.actors {
			if b.task == t { // what it does comes after it was started
				for _, g := range b.gives {
					out.add(o.number(g))
				}
				o.addGroup(b, &out)
			}
		}
	}
	o.next[give] = out
	return out
}

// addGroup adds the group that counts the task of the goroutine by itself.
func (o *ordering) addGroup(b *actor, set *bits) {
	if b.task == nil {
		return
	}
	if sp := b.task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" {
		set.add(o.number(sp.Group))
	}
}

// after is what the goroutine can let go of after it has taken hold of something.
func (o *ordering) after(t taker) bits {
	if out, ok := o.passed[t]; ok {
		return out
	}
	var out bits
	op := t.at.op()
	if !throttles(op) || !o.spawnsInLoop(t.at.blk, t.at.body) { // room for one more task: not the news of all others
		at := spot{body: t.at.body, blk: t.at.blk, before: t.at.n, deferred: op.Deferred, op: op}
		for _, p := range o.layout(t.at.body).gives {
			x := p.op()
			if !at.canPrecede(x, p.blk, p.n) || x == op && op.Into == nil && len(op.Lits) == 0 {
				continue
			}
			for _, g := range o.newsOf(x).gives {
				out.add(g)
			}
		}
		o.addGroup(t.who, &out)
	}
	o.passed[t] = out
	return out
}

// carries is the carrier of the news of the access a of the goroutine: the tokens
// that it lets go of afterwards, and those that who takes hold of one lets go of.
func (o *ordering) carries(who *actor, a *Access) *carrier {
	at, ok := o.within(who.body, a)
	key := carryKey{who: who, at: at, anywhere: !ok}
	if a.atomic { // it tells nobody of itself
		key.atomic = varKey{a.root, a.fr}
	}
	if c := o.carriers[key]; c != nil {
		return c
	}
	var set bits
	if ok {
		set = o.givesAfter(who, at)
	} else {
		for _, g := range who.gives {
			set.add(o.number(g))
		}
	}
	if a.atomic {
		if n, ok := o.tokens[key.atomic]; ok {
			set.drop(n)
		}
	}
	o.addGroup(who, &set)
	c := o.carrierOf(o.closed(set))
	o.carriers[key] = c
	return c
}

// closed is the set with all that follows from it.
func (o *ordering) closed(from bits) bits {
	var set bits
	var todo []int
	add := func(t int) { todo = append(todo, t) }
	set.grow(from, add)
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		set.grow(o.follows(t), add)
	}
	return set
}

// carryKey tells apart what carries the news of an access.
type carryKey struct {
	who      *actor
	at       spot
	anywhere bool // where the access stands is not known
	atomic   varKey
}

// carrierOf is the one carrier of these tokens, to which nothing is added that
// follows from them.
func (o *ordering) carrierOf(set bits) *carrier {
	var key []byte
	for i, w := range set {
		if w != 0 {
			key = binary.AppendUvarint(key, uint64(i))
			key = binary.BigEndian.AppendUint64(key, w)
		}
	}
	if c := o.same[string(key)]; c != nil {
		return c
	}
	c := &carrier{set: set}
	new(bits).grow(set, func(t int) {
		for _, take := range o.met(t) {
			c.hits.add(take)
		}
	})
	o.same[string(key)] = c
	return c
}

// givesAfter is what the goroutine can let go of after the spot. A receive
// that the access waits for lets go of something only once more, in a later round
// that may never come: it does not count.
func (o *ordering) givesAfter(who *actor, at spot) bits {
	var out bits
	for _, p := range o.layout(who.body).gives {
		op := p.op()
		if !at.canPrecede(op, p.blk, p.n) {
			continue
		}
		inside := bodyOps(op.Into)
		for _, x := range append([]*Op{op}, inside...) {
			if x == op && x.Kind == OpReceive && at.dominatedBy(p.blk, p.n) {
				continue
			}
			o.addGives(x, &out)
			for i, c := range x.Cases {
				if !(c.Kind == OpReceive && o.behindCase(x, i, who.body, at)) {
					o.addGives(c, &out)
				}
			}
		}
		for _, lit := range op.Lits {
			for _, x := range bodyOps(lit) {
				o.addGives(x, &out)
			}
		}
	}
	return out
}

func (o *ordering) addGives(op *Op, set *bits) {
	for _, g := range o.gives(op) {
		set.add(o.number(g))
	}
}
