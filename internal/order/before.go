package order

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/model"
)

// What a goroutine has acquired when it comes to an access.

// A haul is what was acquired.
type haul struct {
	tokens []tokenID
	unsure bool // and something that is not known, a channel mostly
}

// add adds what one op acquires.
func (h *haul) add(o *Ordering, ts []syncToken) {
	h.tokens = append(h.tokens, o.known(ts, &h.unsure)...)
}

// acquiresBefore lists what the goroutine acquires before the access, as far as it
// does so in the round of a loop in which the access is made: the first round has none
// before it.
func (o *Ordering) acquiresBefore(who *Actor, a Site) haul {
	at, ok := o.Within(who.Body, a)
	if !ok {
		return haul{tokens: who.acquires}
	}
	var out haul
	for _, p := range o.layout(who.Body).acquires {
		op := p.Op()
		if op.Deferred && !at.Deferred || op == at.Op || !o.Precedes(p, who.Body, at) {
			continue
		}
		if op.Kind == model.OpSelect {
			for i, c := range op.Cases {
				if c.Kind != model.OpSend && (len(c.Uses) == 0 || o.behindCase(op, i, who.Body, at)) {
					out.add(o, o.acquires(c))
				}
			}
			continue
		}
		out.add(o, o.acquiredBy(p, who.Body, at))
		for _, y := range OpsOf(op.Into) {
			for _, c := range append([]*model.Op{y}, y.Cases...) {
				if c.Kind != model.OpSend && c.Kind != model.OpCall && len(c.Uses) == 0 {
					out.add(o, o.acquires(c))
				}
			}
		}
	}
	out.tokens = unique(out.tokens)
	return out
}

// acquiredBy is what one op that comes before the spot acquires itself, given that the
// goroutine gets there.
func (o *Ordering) acquiredBy(p OpPlace, body *model.Body, at Spot) []syncToken {
	op := p.Op()
	if op.Kind == model.OpSend || op.Kind == model.OpCall || len(op.Uses) > 0 && !at.DominatedBy(p.Block, p.N) {
		return nil // the end of a context may not have come
	}
	tokens := o.acquires(op)
	value, closed := o.outcomes(p)
	switch {
	case value != nil && at.blockDominatedBy(value) && !at.blockDominatedBy(closed):
		tokens = slices.DeleteFunc(slices.Clone(tokens), func(t syncToken) bool { _, ok := t.(closing); return ok })
	case closed != nil && at.blockDominatedBy(closed) && !at.blockDominatedBy(value):
		tokens = slices.DeleteFunc(slices.Clone(tokens), func(t syncToken) bool { _, ok := t.(values); return ok })
	}
	return tokens
}

// Precedes reports whether the op can be executed before the spot in the same round of
// all loops that both are in.
func (o *Ordering) Precedes(p OpPlace, body *model.Body, at Spot) bool {
	if p.Block == at.Block {
		return p.N < at.Before
	}
	if at.DominatedBy(p.Block, p.N) {
		return true
	}
	if !p.Block.Reaches(at.Block) {
		return false
	}
	key := blockPair{p.Block, at.Block}
	out, ok := o.rounds[key]
	if !ok {
		out = at.fr == nil || sameRound(at.fr.Fn.Blocks, p.Block, at.Block)
		o.rounds[key] = out
	}
	return out
}

type blockPair struct{ from, to *model.Block }

// sameRound reports whether a path leads from one block to the other that does not come
// back to the head of a loop around both.
func sameRound(blocks []*ssa.BasicBlock, from, to *model.Block) bool {
	around := func(head, b *model.Block) bool {
		return blocks[head.Index].Dominates(blocks[b.Index]) && b.Reaches(head)
	}
	next := func(b *model.Block) []*model.Block {
		var out []*model.Block
		for _, s := range b.Succs {
			if back := blocks[s.Index].Dominates(blocks[b.Index]); !back || !around(s, from) || !around(s, to) {
				out = append(out, s)
			}
		}
		return out
	}
	return model.Reaches(next(from), to, next)
}

// InTurn reports whether what a task acquires before the access orders it after the
// same access of all other tasks that run the same code.
func (o *Ordering) InTurn(who *Actor, a Site) bool {
	released := o.TokensAfter(who, a, amongTasks)
	got := o.acquiresBefore(who, a)
	return got.unsure && released.chans || slices.ContainsFunc(got.tokens, func(t tokenID) bool {
		return released.hits.has(t) && o.forces(t, who, released, a)
	})
}

// forces reports whether whoever acquires the token knows of the access of all who have
// acquired it before. A value of a channel does not tell that if the one goroutine that
// sends them can send two and acquires nothing in between.
func (o *Ordering) forces(t tokenID, who *Actor, released *TokenSet, a Site) bool {
	sent, ok := o.names[t].(values)
	if !ok || len(o.letting[t]) != 1 {
		return true
	}
	from := o.letting[t][0]
	if from == who || slices.ContainsFunc(from.Chain, func(t *model.Task) bool { return t.InLoop }) {
		return true
	}
	return !o.sendsTwice(from.Body, sent.ch, released)
}

// sendsTwice reports whether a path of the body sends on the channel twice and acquires
// none of the tokens in between.
func (o *Ordering) sendsTwice(body *model.Body, ch *model.Chan, released *TokenSet) bool {
	sends := func(y *model.Op) bool { return y.Kind == model.OpSend && y.Chan == ch }
	found := false
	w := &model.Walk{Body: body, Step: func(op *model.Op, stage int, p *model.Path) (int, model.Verdict) {
		switch {
		case op.Deferred || op.Kind == model.OpSelect:
		case sends(op):
			found = found || stage == 1
			return 1, model.GoOn
		case op.Runs(sends), o.Joins(op, Trail{TokenSet: released}):
			return 0, model.GoOn
		}
		return stage, model.GoOn
	}}
	w.Find()
	return found
}
