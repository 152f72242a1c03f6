package order

import (
	"encoding/binary"
	"slices"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// Which tokens tell of an access.
//
// Tokens are numbered, and every step is computed once for a function: what an op
// acquires and releases, what may be released after an op was executed, and so which
// tokens follow from a token: whoever acquires one may release others. An access
// happens before all that follows an acquire of a token in the closure of those that
// are released after it.

// A tokenID is the number of a token in one ordering.
type tokenID int

// tokenIDs is a set of them.
type tokenIDs struct{ bits model.Bits }

func (s tokenIDs) has(t tokenID) bool   { return s.bits.Has(int(t)) }
func (s *tokenIDs) add(t tokenID)       { s.bits.Add(int(t)) }
func (s tokenIDs) drop(t tokenID)       { s.bits.Drop(int(t)) }
func (s *tokenIDs) join(t tokenIDs)     { s.bits.Join(t.bits) }
func (s tokenIDs) each(f func(tokenID)) { s.bits.Each(func(i int) { f(tokenID(i)) }) }

// grow adds the members of t and calls f for those that are new.
func (s *tokenIDs) grow(t tokenIDs, f func(tokenID)) {
	s.bits.Grow(t.bits, func(i int) { f(tokenID(i)) })
}

// A TokenSet is such a closure for an access. Equal sets are the same pointer.
type TokenSet struct {
	set   tokenIDs // tokens that are released
	hits  tokenIDs // tokens that acquire one of them
	chans bool     // one of them is not known, or of a channel
	// outside: code not seen can have got hold of one of them.
	outside, asked bool
}

// reachOutside reports whether code not seen can have got hold of one of the tokens.
func (o *Ordering) reachOutside(c *TokenSet) bool {
	if !c.asked {
		c.asked = true
		c.set.each(func(t tokenID) { c.outside = c.outside || o.leaked(t) })
	}
	return c.outside
}

// reachedBy reports whether whoever acquires one of the tokens comes after the access.
// What is not known does not tell.
func (c *TokenSet) reachedBy(acquired []tokenID) bool {
	return slices.ContainsFunc(acquired, c.hits.has)
}

// Reaches reports whether the goroutine may come after the access.
func (c *TokenSet) Reaches(a *Actor) bool { return c.reachedBy(a.acquires) }

// Tells reports whether the group counts down after the access.
func (o *Ordering) Tells(c *TokenSet, g *model.Group) bool { return c.set.has(o.number(counter{g})) }

// opTokens is what an op acquires and releases, with its cases, what it calls
// and the literals that it lends.
type opTokens struct {
	acquires, releases []tokenID
	// joins is what the op acquires itself, or in what it calls; unsure tells
	// that there is something not known.
	joins  []tokenID
	unsure bool
	// outside: code that a value from outside leads to is called.
	outside bool
}

func (o *Ordering) tokensOf(op *model.Op) *opTokens {
	if n := o.ofOp[op]; n != nil {
		return n
	}
	n := &opTokens{}
	o.ofOp[op] = n
	n.note(o, op)
	n.join(o, op)
	if op.Into == nil && len(op.Lits) == 0 {
		return n
	}
	for _, x := range OpsOf(op.Into) {
		n.note(o, x)
		n.join(o, x)
		for _, c := range x.Cases {
			n.join(o, c)
		}
	}
	for _, l := range op.Lits {
		for _, x := range OpsOf(l) {
			n.note(o, x)
			if known.IsAsync(op.Text) {
				continue
			}
			n.join(o, x)
			for _, c := range x.Cases {
				n.join(o, c)
			}
		}
	}
	n.acquires, n.releases, n.joins = unique(n.acquires), unique(n.releases), unique(n.joins)
	return n
}

// join adds what one op acquires.
func (n *opTokens) join(o *Ordering, op *model.Op) {
	ts := o.acquires(op)
	n.joins = append(n.joins, o.known(ts, &n.unsure)...)
	n.outside = n.outside || slices.Contains(ts, syncToken(outsideToken{}))
}

// note adds what one op and its cases do.
func (n *opTokens) note(o *Ordering, op *model.Op) {
	var unsure bool
	n.acquires = append(n.acquires, o.known(o.acquires(op), &unsure)...)
	n.releases = append(n.releases, o.numbers(o.releases(op))...)
	for _, c := range op.Cases {
		n.acquires = append(n.acquires, o.known(o.acquires(c), &unsure)...)
		n.releases = append(n.releases, o.numbers(o.releases(c))...)
	}
}

func unique(list []tokenID) []tokenID {
	slices.Sort(list)
	return slices.Compact(list)
}

// number is the number of a token.
func (o *Ordering) number(t syncToken) tokenID {
	n, ok := o.tokens[t]
	if !ok {
		n = tokenID(len(o.tokens))
		o.tokens[t] = n
		o.names = append(o.names, t)
		if _, ok := t.(room); ok {
			o.rooms = append(o.rooms, n)
		}
	}
	return n
}

func (o *Ordering) numbers(ts []syncToken) []tokenID {
	out := make([]tokenID, len(ts))
	for i, t := range ts {
		out[i] = o.number(t)
	}
	return out
}

// known are the numbers of the tokens without the one that stands for what is not
// known; unsure is set if that is among them.
func (o *Ordering) known(ts []syncToken, unsure *bool) []tokenID {
	var out []tokenID
	for _, t := range ts {
		switch t.(type) {
		case unknownToken:
			*unsure = true
		case outsideToken:
		default:
			out = append(out, o.number(t))
		}
	}
	return out
}

// met lists the tokens whose taker acquires the given one.
func (o *Ordering) met(give tokenID) []tokenID {
	if out, ok := o.meets[give]; ok {
		return out
	}
	out := []tokenID{give}
	var others []tokenID
	switch o.names[give].(type) {
	case unknownToken:
		others = o.chans
	case ending, counter:
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

// follows is what is released by those who have acquired the token; without the
// spawner, if alone is set.
func (o *Ordering) follows(give tokenID, alone bool) tokenIDs {
	next := o.next[0]
	if alone {
		next = o.next[1]
	}
	if out, ok := next[give]; ok {
		return out
	}
	var out tokenIDs
	for _, take := range o.met(give) {
		for _, t := range o.takers[take] {
			if !(alone && t.who.Task == nil && o.joinsThere(t, take)) {
				out.join(o.after(t))
			}
		}
	}
	if t, ok := o.names[give].(beginning); ok {
		for _, b := range o.Actors {
			if b.Task == t.task { // what it does comes after it was started
				for _, g := range b.releases {
					out.add(g)
				}
				o.addGroup(b, &out)
			}
		}
	}
	next[give] = out
	return out
}

// joinsThere reports whether a walk over the body takes the op to have acquired the
// token.
func (o *Ordering) joinsThere(t taker, take tokenID) bool {
	op := t.at.Op()
	if op.Deferred || op.Kind == model.OpSpawn {
		return false
	}
	return op.Kind == model.OpSelect || slices.Contains(o.tokensOf(op).joins, take)
}

// addGroup adds the group that counts the task of the goroutine by itself.
func (o *Ordering) addGroup(b *Actor, set *tokenIDs) {
	if b.Task == nil {
		return
	}
	if sp := b.Task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" {
		set.add(o.number(counter{sp.Group}))
	}
}

// after is what the goroutine can release after it has acquired something.
func (o *Ordering) after(t taker) tokenIDs {
	key := passKey{t.at, t.from, t.who}
	if out, ok := o.passed[key]; ok {
		return out
	}
	var out tokenIDs
	op := t.at.Op()
	if !Throttles(op) || !o.spawnsInLoop(t.at.Block, t.at.Body) { // room for one more task says nothing of all others
		at := Spot{fr: o.e.FrameOf[t.at.Body], Block: t.at.Block, Before: t.at.N, Deferred: op.Deferred, Op: op}
		if t.from != nil {
			at = Spot{fr: at.fr, Block: t.from}
		}
		for _, p := range o.layout(t.at.Body).releases {
			x := p.Op()
			if !at.canPrecede(x, p.Block, p.N) || x == at.Op && op.Into == nil && len(op.Lits) == 0 {
				continue
			}
			for _, g := range o.tokensOf(x).releases {
				out.add(g)
			}
		}
		o.addGroup(t.who, &out)
	}
	o.passed[key] = out
	return out
}

// passKey tells apart the answers of after.
type passKey struct {
	at   OpPlace
	from *model.Block
	who  *Actor
}

// TokensAfter is the closure for the access a of the goroutine: the tokens that it
// releases afterwards, and those that whoever acquires one of them releases.
func (o *Ordering) TokensAfter(who *Actor, a Site, how Spread) *TokenSet {
	at, ok := o.Within(who.Body, a)
	key := setKey{who: who, at: at, anywhere: !ok, how: how, atomic: a.Atomic}
	if c := o.sets[key]; c != nil {
		return c
	}
	var set tokenIDs
	if ok {
		set = o.releasesAfter(who, at)
	} else {
		for _, g := range who.releases {
			set.add(g)
		}
	}
	if a.Atomic.Cell != nil {
		if n, ok := o.tokens[methods{key.atomic}]; ok {
			set.drop(n)
		}
	}
	if how == amongTasks {
		for _, n := range o.rooms {
			set.drop(n)
		}
	}
	o.addGroup(who, &set)
	c := o.setOf(o.closed(set, how == ToSpawner))
	o.sets[key] = c
	return c
}

// A Spread says who is to learn of an access.
type Spread int8

const (
	ToAny Spread = iota
	// ToSpawner: the spawner passes nothing on to itself. What it has acquired the walk
	// over its body knows.
	ToSpawner
	// amongTasks: of tasks that run the same code. That one of them receives makes room
	// for the sender, and whoever receives next is told what the sender knew when it
	// sent.
	amongTasks
)

// closed is the set with all that follows from it.
func (o *Ordering) closed(from tokenIDs, alone bool) tokenIDs {
	var set tokenIDs
	var todo []tokenID
	add := func(t tokenID) { todo = append(todo, t) }
	set.grow(from, add)
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		set.grow(o.follows(t, alone), add)
	}
	return set
}

// setKey tells apart the sets of accesses.
type setKey struct {
	who      *Actor
	at       Spot
	anywhere bool // where the access stands is not known
	how      Spread
	atomic   flow.Variable
}

// setOf is the one set of these tokens; nothing is added that follows from them.
func (o *Ordering) setOf(set tokenIDs) *TokenSet {
	var key []byte
	for i, w := range set.bits {
		if w != 0 {
			key = binary.AppendUvarint(key, uint64(i))
			key = binary.BigEndian.AppendUint64(key, w)
		}
	}
	if c := o.same[string(key)]; c != nil {
		return c
	}
	c := &TokenSet{set: set}
	set.each(func(t tokenID) {
		for _, take := range o.met(t) {
			c.hits.add(take)
		}
		_, unknown := o.names[t].(unknownToken)
		c.chans = c.chans || unknown || ofChan(o.names[t]) != nil
	})
	o.same[string(key)] = c
	return c
}

// leaked reports whether code that is not seen can have got hold of what the token
// stands for.
func (o *Ordering) leaked(n tokenID) bool {
	out, ok := o.leaks[n]
	if ok {
		return out
	}
	switch t := o.names[n].(type) {
	case beginning, ending:
	case counter:
		g := t.group
		out = g.Kind != model.Bare && (g.Owner != model.OwnLocal || g.Handed != model.No || g.Shared)
	default:
		ch := ofChan(t)
		out = ch == nil || !ch.Local || o.e.Escape(o.e.OriginOf[ch], o.e.FrameOf[o.root]) != ""
	}
	o.leaks[n] = out
	return out
}

// releasesAfter is what the goroutine can release after the spot. A receive
// that the access waits for, or the start of a task before it, releases something only
// once more, in a later round that may never come: it does not count.
func (o *Ordering) releasesAfter(who *Actor, at Spot) tokenIDs {
	var out tokenIDs
	for _, p := range o.layout(who.Body).releases {
		op := p.Op()
		if !at.canPrecede(op, p.Block, p.N) {
			continue
		}
		inside := OpsOf(op.Into)
		for _, x := range append([]*model.Op{op}, inside...) {
			once := x.Kind == model.OpReceive || x.Kind == model.OpSpawn
			if x == op && once && at.DominatedBy(p.Block, p.N) {
				continue
			}
			o.addReleases(x, &out)
			for i, c := range x.Cases {
				if !(c.Kind == model.OpReceive && o.behindCase(x, i, who.Body, at)) {
					o.addReleases(c, &out)
				}
			}
		}
		for _, lit := range op.Lits {
			for _, x := range OpsOf(lit) {
				o.addReleases(x, &out)
			}
		}
	}
	return out
}

func (o *Ordering) addReleases(op *model.Op, set *tokenIDs) {
	for _, g := range o.releases(op) {
		set.add(o.number(g))
	}
}
