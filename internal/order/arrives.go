package order

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Can a task have come to its access by the time the spawner comes to its own? What the
// task waits for first, itself or in what it calls, must be able to have happened.

// inBody is a spot with the body that it is in.
type inBody struct {
	body *model.Body
	at   Spot
}

// wayTo lists the spots at which the body, and those that it calls on the way, come to
// the access; the body itself is the first.
func (o *Ordering) wayTo(body *model.Body, a Site) []inBody {
	var out []inBody
	for fr := a.Frame; fr != nil; fr = fr.Caller {
		b := o.e.Bodies[fr]
		if b == nil {
			continue
		}
		if at, ok := o.Within(b, a); ok {
			out = append(out, inBody{b, at})
		}
		if b == body {
			break
		}
	}
	if n := len(out); n == 0 || out[n-1].body != body {
		at, _ := o.Within(body, a)
		return []inBody{{body, at}}
	}
	slices.Reverse(out)
	return out
}

// waitsBefore lists what a body has surely waited for when it comes to the spot: its own
// receives, Waits and locks, those on every way through what it calls, and the cases of a
// select that lead there.
func (o *Ordering) waitsBefore(in inBody) []*model.Op {
	var out []*model.Op
	for _, w := range o.layout(in.body).waits {
		if w.on.Kind != model.OpSelect {
			if in.at.DominatedBy(w.Block, w.N) {
				out = append(out, w.on)
			}
			continue
		}
		for k, c := range w.on.Cases {
			if c.Kind == model.OpReceive && o.behindCase(w.on, k, in.body, in.at) {
				out = append(out, c)
			}
		}
	}
	return out
}

// StartSignal is the channel that the task receives from before its access and that only
// the spawner opens; many reports that there are several.
func (o *Ordering) StartSignal(who *Actor, a Site) (gate *model.Chan, many bool) {
	if _, ok := o.Within(who.Body, a); !ok || len(who.Chain) > 1 {
		return nil, false
	}
	note := func(ch *model.Chan) {
		if ch == nil || ch.Fills || !ch.Local || ch == gate {
			return
		}
		for _, other := range o.sendersOn(ch) {
			if other != who && other.Task != nil {
				return
			}
		}
		many = many || gate != nil
		gate = ch
	}
	for _, in := range o.wayTo(who.Body, a) {
		for _, op := range o.waitsBefore(in) {
			if (op.Kind == model.OpReceive || op.Kind == model.OpRange) && len(op.Uses) == 0 {
				note(op.Chan)
			}
		}
	}
	return gate, many
}

// CanComeBefore reports whether the task can get to its access before the spawner gets to
// its own: what the task waits for first can have happened by then.
func (o *Ordering) CanComeBefore(who *Actor, a, b Site) bool {
	here, ok := o.Within(o.root, b)
	if !ok {
		return false
	}
	at, ok := o.Within(who.Body, a)
	if !ok || !o.arrives(who, at, here, nil) {
		return false
	}
	if a.Body == who.Body {
		return true
	}
	for _, in := range o.wayTo(who.Body, a)[1:] {
		if !o.canPass(who, in, here, []*Actor{who}) {
			return false
		}
	}
	return true
}

// arrives reports whether the goroutine can come to the spot at before the spawner comes
// to the spot here: all that it waits for on every way, and those that start it, can
// have happened by then. Goroutines among those asked about already can arrive.
func (o *Ordering) arrives(who *Actor, at, here Spot, asked []*Actor) bool {
	asked = append(asked, who)
	if !o.canPass(who, inBody{who.Body, at}, here, asked) {
		return false
	}
	for _, t := range who.Chain[:len(who.Chain)-1] {
		at, ok := o.spawnSpot(t.Body, who.Chain)
		if !ok || !o.canPass(who, inBody{t.Body, at}, here, asked) {
			return false
		}
	}
	return true
}

// canPass reports whether all that the body waits for before the spot can have
// happened before the spawner is here.
func (o *Ordering) canPass(who *Actor, in inBody, here Spot, asked []*Actor) bool {
	for _, op := range o.waitsBefore(in) {
		if !o.happens(op, who, here, asked) {
			return false
		}
	}
	return true
}

// sendersOn are the goroutines that send on the channel or close it.
func (o *Ordering) sendersOn(ch *model.Chan) []*Actor {
	return append(slices.Clone(o.letting[o.number(values{ch})]), o.letting[o.number(closing{ch})]...)
}

// spawnSpot is where a task of the chain starts the next one.
func (o *Ordering) spawnSpot(body *model.Body, chain []*model.Task) (Spot, bool) {
	for _, t := range chain {
		if p, ok := o.ops[t.Spawn]; ok && p.Body == body {
			return Spot{fr: o.e.FrameOf[body], Block: p.Block, Before: p.N}, true
		}
	}
	return Spot{}, false
}

// happens reports whether what the op waits for can have happened before the
// spawner is at the spot: somebody outside, another task, or the spawner itself
// before the spot releases it.
func (o *Ordering) happens(op *model.Op, who *Actor, here Spot, asked []*Actor) bool {
	switch op.Kind {
	case model.OpWait:
		return op.Group != nil && o.countedOut(op.Group, here)
	case model.OpLock:
		return !o.keepsLocked(op, who, here)
	}
	if len(op.Uses) > 0 {
		for _, u := range op.Uses {
			for _, c := range u.Ctx {
				if !rooted(c, 0) {
					return false
				}
			}
		}
		return true
	}
	ch := op.Chan
	if ch == nil {
		return false
	}
	if ch.Fills || !ch.Local {
		return true
	}
	for _, other := range o.sendersOn(ch) {
		if other == who || other.Task == nil {
			continue
		}
		sp, ok := o.ops[other.Chain[0].Spawn]
		if started := !ok || sp.Body != o.root || comesBefore(sp.Block, sp.N, here); started && o.serves(other, ch, here, asked) {
			return true
		}
	}
	return slices.ContainsFunc(o.senders[ch], func(p OpPlace) bool { return comesBefore(p.Block, p.N, here) })
}

// countedOut reports whether a group can be at zero before the spawner is at the spot: where
// the spawner alone counts it down, and does so at all, it must have begun to.
func (o *Ordering) countedOut(g *model.Group, here Spot) bool {
	down := o.number(counter{g})
	if who := o.letting[down]; o.leaked(down) || len(who) != 1 || who[0].Task != nil {
		return true
	}
	return slices.ContainsFunc(o.layout(o.root).releases, func(p OpPlace) bool {
		op := p.Op()
		return !op.Deferred && slices.Contains(o.tokensOf(op).releases, down) && comesBefore(p.Block, p.N, here)
	})
}

// keepsLocked reports whether the spawner surely holds what the op of the task locks from
// before it starts the task until it is at the spot.
func (o *Ordering) keepsLocked(op *model.Op, who *Actor, here Spot) bool {
	start, ok := o.startOf(who)
	if !ok || op.Lock == nil || here.Deferred {
		return false
	}
	wanted := LockSet{lockOf(op): true}
	if !wanted.Excludes(o.heldAt(o.root, start)) || !wanted.Excludes(o.heldAt(o.root, here)) {
		return false
	}
	surely := wanted.Excludes(o.locks[o.root].in[0])
	for i, blk := range o.root.Blocks {
		for _, l := range o.locks[o.root].ops[i] {
			takes, gives := wanted.excludesAny(l.take), wanted.excludesAny(l.drops)
			if gives && start.canPrecede(blk.Ops[l.n], blk, l.n) && comesBefore(blk, l.n, here) {
				return false
			}
			surely = surely || takes && start.DominatedBy(blk, l.n)
		}
	}
	return surely
}

// startOf is where the spawner starts the task, or the first task of its chain.
func (o *Ordering) startOf(who *Actor) (Spot, bool) {
	p, ok := o.ops[who.Chain[0].Spawn]
	if ok && p.Body == o.root {
		return Spot{fr: o.e.FrameOf[o.root], Block: p.Block, Before: p.N}, true
	}
	at, ok := o.layout(o.root).calls[p.Body]
	return at, ok
}

// serves reports whether the goroutine can send on the channel, or close it, before the
// spawner is at the spot.
func (o *Ordering) serves(other *Actor, ch *model.Chan, here Spot, asked []*Actor) bool {
	if slices.Contains(asked, other) {
		return true
	}
	value, end := o.number(values{ch}), o.number(closing{ch})
	for _, p := range o.layout(other.Body).releases {
		op := p.Op()
		if released := o.tokensOf(op).releases; !slices.Contains(released, value) && !slices.Contains(released, end) {
			continue
		}
		fr := o.e.FrameOf[other.Body]
		if !op.Deferred && o.arrives(other, Spot{fr: fr, Block: p.Block, Before: p.N, Op: op}, here, asked) {
			return true
		}
		if !op.Deferred {
			continue
		}
		for _, blk := range other.Body.Blocks { // where it is left
			if n := len(blk.Ops); n > 0 && blk.Ops[n-1].Kind.Leaves() && o.arrives(other, Spot{fr: fr, Block: blk, Before: n - 1}, here, asked) {
				return true
			}
		}
	}
	return false
}

// comesBefore reports whether op n of blk may come before the spot.
func comesBefore(blk *model.Block, n int, s Spot) bool {
	return blk == s.Block && n < s.Before || blk.Reaches(s.Block)
}

// rooted reports whether a context can be ended from outside at any time.
func rooted(c *model.Ctx, depth int) bool {
	switch {
	case depth > model.MaxSources:
		return false
	case c.Kind == model.CtxRoot:
		return true
	}
	parents := c.Parents
	if c.Group != nil {
		parents = append(slices.Clone(parents), c.Group.Parent...)
	}
	return len(parents) > 0 && !slices.ContainsFunc(parents, func(p *model.Ctx) bool { return !rooted(p, depth+1) })
}
