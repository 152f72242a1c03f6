package race

import (
	"encoding/binary"
	"slices"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Which tokens tell of an access.
//
// Tokens are numbered, and every step is computed once for a function: what an op
// takes hold of and lets go of, what may be let go of after an op was executed,
// and so which tokens follow from a token. The news of an access is what follows
// from the tokens that are let go of after it.

// A tokenSet is a set of tokens that tell of an access. Equal sets are the
// same carrier.
type tokenSet struct {
	set  model.Bits // tokens that are let go of
	hits model.Bits // tokens whose taker takes hold of one of them
}

// knows reports whether taking hold of one of takes is taking hold of the news.
// What is not known is not.
func (c *tokenSet) knows(takes []int) bool {
	return slices.ContainsFunc(takes, c.hits.Has)
}

// opTokens is what an op takes hold of and lets go of, with its cases, what it calls
// and the literals that it lends.
type opTokens struct {
	acquires, releases []int
	// joins is what the op takes hold of itself, or in what it calls; unsure tells
	// that there is something not known.
	joins  []int
	unsure bool
}

func (o *ordering) tokensOf(op *model.Op) *opTokens {
	if n := o.ofOp[op]; n != nil {
		return n
	}
	n := &opTokens{}
	o.ofOp[op] = n
	n.note(o, op)
	n.joins = o.known(o.acquires(op), &n.unsure)
	if op.Into == nil && len(op.Lits) == 0 {
		return n
	}
	for _, x := range bodyOps(op.Into) {
		n.note(o, x)
		n.joins = append(n.joins, o.known(o.acquires(x), &n.unsure)...)
		for _, c := range x.Cases {
			n.joins = append(n.joins, o.known(o.acquires(c), &n.unsure)...)
		}
	}
	for _, l := range op.Lits {
		for _, x := range bodyOps(l) {
			n.note(o, x)
		}
	}
	n.acquires, n.releases, n.joins = unique(n.acquires), unique(n.releases), unique(n.joins)
	return n
}

// note adds what one op and its cases do.
func (n *opTokens) note(o *ordering, op *model.Op) {
	var unsure bool
	n.acquires = append(n.acquires, o.known(o.acquires(op), &unsure)...)
	n.releases = append(n.releases, o.numbers(o.releases(op))...)
	for _, c := range op.Cases {
		n.acquires = append(n.acquires, o.known(o.acquires(c), &unsure)...)
		n.releases = append(n.releases, o.numbers(o.releases(c))...)
	}
}

func unique(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// number is the number of a token.
func (o *ordering) number(t syncToken) int {
	n, ok := o.tokens[t]
	if !ok {
		n = len(o.tokens)
		o.tokens[t] = n
		o.names = append(o.names, t)
	}
	return n
}

func (o *ordering) numbers(ts []syncToken) []int {
	out := make([]int, len(ts))
	for i, t := range ts {
		out[i] = o.number(t)
	}
	return out
}

// known are the numbers of the tokens without the one that stands for what is not
// known; unsure is set if that is among them.
func (o *ordering) known(ts []syncToken, unsure *bool) []int {
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
				for _, t := range o.tokensOf(op).acquires {
					o.takers[t] = append(o.takers[t], taker{a, opPlace{a.body, blk, n}})
				}
			}
		}
	}
	for t := range o.takers {
		switch o.names[t].(type) {
		case *model.Chan:
			o.chans = append(o.chans, t)
		case *model.Ctx:
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
	case *model.Ctx, *model.Group:
		others = o.ctxs
	}
	for _, take := range others {
		if take != give && sameToken(o.names[take], o.names[give]) {
			out = append(out, take)
		}
	}
	o.meets[give] = out
	return out
}

// follows is what is let go of by those who have taken hold of the token.
func (o *ordering) follows(give int) model.Bits {
	if out, ok := o.next[give]; ok {
		return out
	}
	var out model.Bits
	for _, take := range o.met(give) {
		for _, t := range o.takers[take] {
			out.Join(o.after(t))
		}
	}
	if t, ok := o.names[give].(*model.Task); ok {
		for _, b := range o.actors {
			if b.task == t { // what it does comes after it was started
				for _, g := range b.releases {
					out.Add(o.number(g))
				}
				o.addGroup(b, &out)
			}
		}
	}
	o.next[give] = out
	return out
}

// addGroup adds the group that counts the task of the goroutine by itself.
func (o *ordering) addGroup(b *actor, set *model.Bits) {
	if b.task == nil {
		return
	}
	if sp := b.task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" {
		set.Add(o.number(sp.Group))
	}
}

// after is what the goroutine can let go of after it has taken hold of something.
func (o *ordering) after(t taker) model.Bits {
	if out, ok := o.passed[t]; ok {
		return out
	}
	var out model.Bits
	op := t.at.op()
	if !throttles(op) || !o.spawnsInLoop(t.at.blk, t.at.body) { // room for one more task: not the news of all others
		at := spot{fr: o.e.FrameOf[t.at.body], blk: t.at.blk, before: t.at.n, deferred: op.Deferred, op: op}
		for _, p := range o.layout(t.at.body).releases {
			x := p.op()
			if !at.canPrecede(x, p.blk, p.n) || x == op && op.Into == nil && len(op.Lits) == 0 {
				continue
			}
			for _, g := range o.tokensOf(x).releases {
				out.Add(g)
			}
		}
		o.addGroup(t.who, &out)
	}
	o.passed[t] = out
	return out
}

// tokensAfter is the carrier of the news of the access a of the goroutine: the tokens
// that it lets go of afterwards, and those that who takes hold of one lets go of.
func (o *ordering) tokensAfter(who *actor, a *access) *tokenSet {
	at, ok := o.within(who.body, a)
	key := setKey{who: who, at: at, anywhere: !ok}
	if a.atomic { // it tells nobody of itself
		key.atomic = flow.Variable{Cell: a.root, Frame: a.fr}
	}
	if c := o.carriers[key]; c != nil {
		return c
	}
	var set model.Bits
	if ok {
		set = o.releasesAfter(who, at)
	} else {
		for _, g := range who.releases {
			set.Add(o.number(g))
		}
	}
	if a.atomic {
		if n, ok := o.tokens[key.atomic]; ok {
			set.Drop(n)
		}
	}
	o.addGroup(who, &set)
	c := o.setOf(o.closed(set))
	o.carriers[key] = c
	return c
}

// closed is the set with all that follows from it.
func (o *ordering) closed(from model.Bits) model.Bits {
	var set model.Bits
	var todo []int
	add := func(t int) { todo = append(todo, t) }
	set.Grow(from, add)
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		set.Grow(o.follows(t), add)
	}
	return set
}

// setKey tells apart what carries the news of an access.
type setKey struct {
	who      *actor
	at       spot
	anywhere bool // where the access stands is not known
	atomic   flow.Variable
}

// setOf is the one carrier of these tokens, to which nothing is added that
// follows from them.
func (o *ordering) setOf(set model.Bits) *tokenSet {
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
	c := &tokenSet{set: set}
	new(model.Bits).Grow(set, func(t int) {
		for _, take := range o.met(t) {
			c.hits.Add(take)
		}
	})
	o.same[string(key)] = c
	return c
}

// releasesAfter is what the goroutine can let go of after the spot. A receive
// that the access waits for lets go of something only once more, in a later round
// that may never come: it does not count.
func (o *ordering) releasesAfter(who *actor, at spot) model.Bits {
	var out model.Bits
	for _, p := range o.layout(who.body).releases {
		op := p.op()
		if !at.canPrecede(op, p.blk, p.n) {
			continue
		}
		inside := bodyOps(op.Into)
		for _, x := range append([]*model.Op{op}, inside...) {
			if x == op && x.Kind == model.OpReceive && at.dominatedBy(p.blk, p.n) {
				continue
			}
			o.addReleases(x, &out)
			for i, c := range x.Cases {
				if !(c.Kind == model.OpReceive && o.behindCase(x, i, who.body, at)) {
					o.addReleases(c, &out)
				}
			}
		}
		for _, lit := range op.Lits {
			for _, x := range bodyOps(lit) {
				o.addReleases(x, &out)
			}
		}
	}
	return out
}

func (o *ordering) addReleases(op *model.Op, set *model.Bits) {
	for _, g := range o.releases(op) {
		set.Add(o.number(g))
	}
}
