package race

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

// A tokenSet is such a closure for an access. Equal sets are the same pointer.
type tokenSet struct {
	set   tokenIDs // tokens that are released
	hits  tokenIDs // tokens that acquire one of them
	chans bool     // one of them is not known, or of a channel
	// outside: code not seen can have got hold of one of them.
	outside, asked bool
}

// reachOutside reports whether code not seen can have got hold of one of the tokens.
func (o *ordering) reachOutside(c *tokenSet) bool {
	if !c.asked {
		c.asked = true
		c.set.each(func(t tokenID) { c.outside = c.outside || o.leaked(t) })
	}
	return c.outside
}

// reachedBy reports whether whoever acquires one of the tokens comes after the access.
// What is not known does not tell.
func (c *tokenSet) reachedBy(acquired []tokenID) bool {
	return slices.ContainsFunc(acquired, c.hits.has)
}

// reaches reports whether the goroutine may come after the access.
func (c *tokenSet) reaches(a *actor) bool { return c.reachedBy(a.acquires) }

// tells reports whether the group counts down after the access.
func (o *ordering) tells(c *tokenSet, g *model.Group) bool { return c.set.has(o.number(counter{g})) }

// A trail is what tells of an access to who goes over a body, and whether code from
// outside that is called on the way may do so.
type trail struct {
	*tokenSet
	outside bool
}

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

func (o *ordering) tokensOf(op *model.Op) *opTokens {
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
	for _, x := range bodyOps(op.Into) {
		n.note(o, x)
		n.join(o, x)
		for _, c := range x.Cases {
			n.join(o, c)
		}
	}
	for _, l := range op.Lits {
		for _, x := range bodyOps(l) {
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
func (n *opTokens) join(o *ordering, op *model.Op) {
	ts := o.acquires(op)
	n.joins = append(n.joins, o.known(ts, &n.unsure)...)
	n.outside = n.outside || slices.Contains(ts, syncToken(outsideToken{}))
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

func unique(list []tokenID) []tokenID {
	slices.Sort(list)
	return slices.Compact(list)
}

// number is the number of a token.
func (o *ordering) number(t syncToken) tokenID {
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

func (o *ordering) numbers(ts []syncToken) []tokenID {
	out := make([]tokenID, len(ts))
	for i, t := range ts {
		out[i] = o.number(t)
	}
	return out
}

// known are the numbers of the tokens without the one that stands for what is not
// known; unsure is set if that is among them.
func (o *ordering) known(ts []syncToken, unsure *bool) []tokenID {
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
func (o *ordering) met(give tokenID) []tokenID {
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
func (o *ordering) follows(give tokenID, alone bool) tokenIDs {
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
			if !(alone && t.who.task == nil && o.joinsThere(t, take)) {
				out.join(o.after(t))
			}
		}
	}
	if t, ok := o.names[give].(beginning); ok {
		for _, b := range o.actors {
			if b.task == t.task { // what it does comes after it was started
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
func (o *ordering) joinsThere(t taker, take tokenID) bool {
	op := t.at.op()
	if op.Deferred || op.Kind == model.OpSpawn {
		return false
	}
	return op.Kind == model.OpSelect || slices.Contains(o.tokensOf(op).joins, take)
}

// addGroup adds the group that counts the task of the goroutine by itself.
func (o *ordering) addGroup(b *actor, set *tokenIDs) {
	if b.task == nil {
		return
	}
	if sp := b.task.Spawn; sp != nil && sp.Group != nil && sp.Text != "go" {
		set.add(o.number(counter{sp.Group}))
	}
}

// after is what the goroutine can release after it has acquired something.
func (o *ordering) after(t taker) tokenIDs {
	key := passKey{t.at, t.from, t.who}
	if out, ok := o.passed[key]; ok {
		return out
	}
	var out tokenIDs
	op := t.at.op()
	if !throttles(op) || !o.spawnsInLoop(t.at.blk, t.at.body) { // room for one more task says nothing of all others
		at := spot{fr: o.e.FrameOf[t.at.body], blk: t.at.blk, before: t.at.n, deferred: op.Deferred, op: op}
		if t.from != nil {
			at = spot{fr: at.fr, blk: t.from}
		}
		for _, p := range o.layout(t.at.body).releases {
			x := p.op()
			if !at.canPrecede(x, p.blk, p.n) || x == at.op && op.Into == nil && len(op.Lits) == 0 {
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
	at   opPlace
	from *model.Block
	who  *actor
}

// tokensAfter is the closure for the access a of the goroutine: the tokens that it
// releases afterwards, and those that whoever acquires one of them releases.
func (o *ordering) tokensAfter(who *actor, a site, how spread) *tokenSet {
	at, ok := o.within(who.body, a)
	key := setKey{who: who, at: at, anywhere: !ok, how: how, atomic: a.atomic}
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
	if a.atomic.Cell != nil {
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
	c := o.setOf(o.closed(set, how == toSpawner))
	o.sets[key] = c
	return c
}

// A spread says who is to learn of an access.
type spread int8

const (
	toAny spread = iota
	// toSpawner: the spawner passes nothing on to itself. What it has acquired the walk
	// over its body knows.
	toSpawner
	// amongTasks: of tasks that run the same code. That one of them receives makes room
	// for the sender, and whoever receives next is told what the sender knew when it
	// sent.
	amongTasks
)

// closed is the set with all that follows from it.
func (o *ordering) closed(from tokenIDs, alone bool) tokenIDs {
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
	who      *actor
	at       spot
	anywhere bool // where the access stands is not known
	how      spread
	atomic   flow.Variable
}

// setOf is the one set of these tokens; nothing is added that follows from them.
func (o *ordering) setOf(set tokenIDs) *tokenSet {
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
	c := &tokenSet{set: set}
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
func (o *ordering) leaked(n tokenID) bool {
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
func (o *ordering) releasesAfter(who *actor, at spot) tokenIDs {
	var out tokenIDs
	for _, p := range o.layout(who.body).releases {
		op := p.op()
		if !at.canPrecede(op, p.blk, p.n) {
			continue
		}
		inside := bodyOps(op.Into)
		for _, x := range append([]*model.Op{op}, inside...) {
			once := x.Kind == model.OpReceive || x.Kind == model.OpSpawn
			if x == op && once && at.dominatedBy(p.blk, p.n) {
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

func (o *ordering) addReleases(op *model.Op, set *tokenIDs) {
	for _, g := range o.releases(op) {
		set.add(o.number(g))
	}
}

// joins reports whether the op may acquire one of the tokens: who has executed it comes
// after the access then. Of a select the case that is taken is asked about.
func (o *ordering) joins(op *model.Op, released trail) bool {
	if op.Deferred || op.Kind == model.OpSpawn || op.Kind == model.OpSelect {
		return false
	}
	n := o.tokensOf(op)
	return n.unsure || n.outside && released.outside && o.reachOutside(released.tokenSet) || released.reachedBy(n.joins)
}

// joinsSurely is joins, where calls that are not followed, and channels that are not
// known, tell nothing; assumed tells that the op is a call that may have told.
func (o *ordering) joinsSurely(op *model.Op, released trail) (sure, assumed bool) {
	if op.Deferred || op.Kind == model.OpSpawn || op.Kind == model.OpSelect {
		return false, false
	}
	sure = op.Runs(func(y *model.Op) bool {
		if y.Kind == model.OpCall && y.Into == nil {
			return false
		}
		var unsure bool
		return released.reachedBy(o.known(o.acquires(y), &unsure))
	})
	n := o.tokensOf(op)
	return sure, !sure && op.Kind == model.OpCall && (n.unsure || n.outside || released.reachedBy(n.joins))
}

// hears reports whether the op, or what it calls, acquires one of the tokens.
func (o *ordering) hears(op *model.Op, released *tokenSet) bool {
	return released.reachedBy(o.tokensOf(op).joins)
}

// mayAcquire reports whether the op, or what it calls, may acquire a token.
func (o *ordering) mayAcquire(op *model.Op) bool {
	n := o.tokensOf(op)
	return len(n.acquires) > 0 || n.unsure
}

// acquiring lists the ops by which the body may acquire something.
func (o *ordering) acquiring(body *model.Body) []opPlace { return o.layout(body).acquires }

// throttles reports whether the op only waits until fewer than some number of
// tasks run.
func throttles(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend:
		return op.Chan != nil && op.Chan.Cap != "0" && op.Chan.Cap != "1" && op.Chan.Cap != ""
	case model.OpAcquire:
		one := op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 1
		return one && op.Sem != nil && op.Sem.Size != nil && !(len(op.Sem.Size.Terms) == 0 && op.Sem.Size.Const <= 1)
	}
	return false
}
