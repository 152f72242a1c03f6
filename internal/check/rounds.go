package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// misseddone where a loop takes a lock, a place or a count in each round, and a round is given
// up, to go on with the next, before it gives back.
//
// The branch that gives up is the last one before the next round, and its other way gives
// back. What a flag tells of who has the lock is asked by a branch after it, so such a loop is
// left alone.

// givenUp is the stage of a path that still holds what it took, and has just turned away from
// what gives it back.
const givenUp = held + 1

// keptOn is the finding at a branch that leads to the next round with what is taken, and that
// no other function gives back.
func (b *balance) keptOn(back *model.Op) []Finding {
	if slices.Contains(b.h.Elsewhere, b.take) {
		return nil
	}
	takes := func(op *model.Op) bool { return sameTaking(op, b.take) }
	onward := func(blk *model.Block) []*model.Block {
		if slices.ContainsFunc(blk.Ops, takes) {
			return nil
		}
		return blk.Succs
	}
	before := model.Reached(b.h.Body.Blocks[:1], onward) // whose branches a round can come to without it
	maps.DeleteFunc(before, func(blk *model.Block, _ bool) bool { return slices.ContainsFunc(blk.Ops, takes) })
	givesBack := func(op *model.Op) bool {
		return op == back || op.Kind == model.OpSpawn && op.Task != nil && findOp(op.Task.Body, b.gives) == back
	}
	turnsAway := func(blk *model.Block, way int) bool {
		for x := range model.Reached([]*model.Block{blk.Succs[1-way]}, onward) {
			if slices.ContainsFunc(x.Ops, givesBack) {
				return true
			}
		}
		return false
	}
	w := b.walk(func(op *model.Op, stage int, _ *model.Path) bool { return op == b.take && stage == givenUp })
	failed := w.Branch
	w.Branch = func(c *model.Cond, holds bool, stage int, p *model.Path) int {
		i := slices.IndexFunc(b.h.Body.Blocks, func(blk *model.Block) bool { return blk.Cond == c })
		blk, way := b.h.Body.Blocks[i], 1
		if holds {
			way = 0
		}
		of, isNil := p.FoundNil(c, holds)
		switch {
		case stage == asked || before[blk]:
			return failed(c, holds, stage, p)
		case stage < held:
			return stage
		case turnsAway(blk, way) && (b.take.Kind == model.OpLock || of != nil && !isNil):
			return givenUp
		}
		return held
	}
	p := w.Find()
	if p == nil {
		return nil
	}
	for blk, way := range p.Ways() {
		if !before[blk] && turnsAway(blk, way) {
			return []Finding{b.roundFinding(p, blk, back)}
		}
	}
	return nil
}

// roundFinding is about a path to the next round, past a branch.
func (b *balance) roundFinding(p *model.Path, branch *model.Block, back *model.Op) Finding {
	who := Actor{Kind: Spawner, Name: b.h.Body.Name}
	undone, after := b.words(back)
	at := model.SpanAt(branch.Cond.At)
	var s steps
	s.by(Takes, who, b.take.At, "calls %s", b.take.Text).with(b.take)
	s.decides(who, b.h.Evidence, p)
	s.by(GoesOn, who, at, "goes on to the next round from here without %s", undone).with(b.take)
	s.tell(Blocks, Actor{Kind: Other, Name: "the next one"}, b.take.At, "%s", after).with(b.take)
	return Finding{At: at, Message: fmt.Sprintf("%s goes on to the next round without %s; %s", who.Name, undone, after), Steps: s}
}
