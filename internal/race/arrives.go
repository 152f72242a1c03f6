package race

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Can a task have come to its access by the time the spawner comes to its own? What the
// task waits for first, itself or in what it calls, must be able to have happened.

// inBody is a spot with the body that it is in.
type inBody struct {
	body *model.Body
	at   spot
}

// wayTo lists the spots at which the body, and those that it calls on the way, come to
// the access; the body itself is the first.
func (o *ordering) wayTo(body *model.Body, a *access) []inBody {
	var out []inBody
	for fr := a.where; fr != nil; fr = fr.Caller {
		b := o.e.Bodies[fr]
		if b == nil {
			continue
		}
		if at, ok := o.within(b, a); ok {
			out = append(out, inBody{b, at})
		}
		if b == body {
			break
		}
	}
	if n := len(out); n == 0 || out[n-1].body != body {
		at, _ := o.within(body, a)
		return []inBody{{body, at}}
	}
	slices.Reverse(out)
	return out
}

// waitsBefore lists what a body has surely waited for when it comes to the spot: its own
// receives and Waits, those on every way through what it calls, and the cases of a select
// that lead there.
func (o *ordering) waitsBefore(in inBody) []*model.Op {
	var out []*model.Op
	for _, w := range o.layout(in.body).waits {
		if w.on.Kind != model.OpSelect {
			if in.at.dominatedBy(w.blk, w.n) {
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

// startSignal is the channel that the task receives from before its access and that only
// the spawner opens; many reports that there are several.
func (x *racer) startSignal(who *actor, a *access) (gate *model.Chan, many bool) {
	if _, ok := x.o.within(who.body, a); !ok || len(who.chain) > 1 {
		return nil, false
	}
	note := func(ch *model.Chan) {
		if ch == nil || ch.Fills || !ch.Local || ch == gate {
			return
		}
		for _, other := range x.sendersOn(ch) {
			if other != who && other.task != nil {
				return
			}
		}
		many = many || gate != nil
		gate = ch
	}
	for _, in := range x.o.wayTo(who.body, a) {
		for _, op := range x.o.waitsBefore(in) {
			if (op.Kind == model.OpReceive || op.Kind == model.OpRange) && len(op.Uses) == 0 {
				note(op.Chan)
			}
		}
	}
	return gate, many
}

// open reports whether the task can get to its access before the spawner gets to
// its own: what the task waits for first can have happened by then.
func (x *racer) open(who *actor, a, b *access) bool {
	here, ok := x.o.within(x.root, b)
	if !ok {
		return false
	}
	at, ok := x.o.within(who.body, a)
	if !ok || !x.arrives(who, at, here, nil) {
		return false
	}
	if a.Body == who.body {
		return true
	}
	for _, in := range x.o.wayTo(who.body, a)[1:] {
		if !x.canPass(who, in, here, []*actor{who}) {
			return false
		}
	}
	return true
}

// arrives reports whether the goroutine can come to the spot at before the spawner comes
// to the spot here: all that it waits for on every way, and those that start it, can
// have happened by then. Goroutines among those asked about already can arrive.
func (x *racer) arrives(who *actor, at, here spot, asked []*actor) bool {
	asked = append(asked, who)
	if !x.canPass(who, inBody{who.body, at}, here, asked) {
		return false
	}
	for _, t := range who.chain[:len(who.chain)-1] {
		at, ok := x.spawnSpot(t.Body, who.chain)
		if !ok || !x.canPass(who, inBody{t.Body, at}, here, asked) {
			return false
		}
	}
	return true
}

// canPass reports whether all that the body waits for before the spot can have
// happened before the spawner is here.
func (x *racer) canPass(who *actor, in inBody, here spot, asked []*actor) bool {
	for _, op := range x.o.waitsBefore(in) {
		if !x.happens(op, who, here, asked) {
			return false
		}
	}
	return true
}

// sendersOn are the goroutines that send on the channel or close it.
func (x *racer) sendersOn(ch *model.Chan) []*actor {
	return append(slices.Clone(x.letting[x.o.number(values{ch})]), x.letting[x.o.number(closing{ch})]...)
}

// spawnSpot is where a task of the chain starts the next one.
func (x *racer) spawnSpot(body *model.Body, chain []*model.Task) (spot, bool) {
	for _, t := range chain {
		if p, ok := x.o.ops[t.Spawn]; ok && p.body == body {
			return spot{fr: x.o.e.FrameOf[body], blk: p.blk, before: p.n}, true
		}
	}
	return spot{}, false
}

// happens reports whether what the op waits for can have happened before the
// spawner is at the spot: somebody outside, another task, or the spawner itself
// before the spot releases it.
func (x *racer) happens(op *model.Op, who *actor, here spot, asked []*actor) bool {
	if op.Kind == model.OpWait {
		return op.Group != nil
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
	for _, other := range x.sendersOn(ch) {
		if other == who || other.task == nil {
			continue
		}
		sp, ok := x.o.ops[other.chain[0].Spawn]
		if started := !ok || sp.body != x.root || comesBefore(sp.blk, sp.n, here); started && x.serves(other, ch, here, asked) {
			return true
		}
	}
	return slices.ContainsFunc(x.senders[ch], func(p opPlace) bool { return comesBefore(p.blk, p.n, here) })
}

// serves reports whether the goroutine can send on the channel, or close it, before the
// spawner is at the spot.
func (x *racer) serves(other *actor, ch *model.Chan, here spot, asked []*actor) bool {
	if slices.Contains(asked, other) {
		return true
	}
	value, end := x.o.number(values{ch}), x.o.number(closing{ch})
	for _, p := range x.o.layout(other.body).releases {
		op := p.op()
		if released := x.o.tokensOf(op).releases; !slices.Contains(released, value) && !slices.Contains(released, end) {
			continue
		}
		fr := x.o.e.FrameOf[other.body]
		if !op.Deferred && x.arrives(other, spot{fr: fr, blk: p.blk, before: p.n, op: op}, here, asked) {
			return true
		}
		if !op.Deferred {
			continue
		}
		for _, blk := range other.body.Blocks { // where it is left
			if n := len(blk.Ops); n > 0 && blk.Ops[n-1].Kind.Leaves() && x.arrives(other, spot{fr: fr, blk: blk, before: n - 1}, here, asked) {
				return true
			}
		}
	}
	return false
}

// comesBefore reports whether op n of blk may come before the spot.
func comesBefore(blk *model.Block, n int, s spot) bool {
	return blk == s.blk && n < s.before || blk.Reaches(s.blk)
}
