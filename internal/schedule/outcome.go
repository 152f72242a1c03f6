package schedule

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// What a return gives, and what a call gives that is one step.

// maxTests is how many blocks up the test of an error is looked for.
const maxTests = 5

// fixedResults is what the return at n gives whenever it is reached, unknown
// where that depends.
func fixedResults(n *node) []value {
	out := make([]value, len(n.op.Rets))
	for i, t := range n.op.Rets {
		out[i] = fixed(n.routine.body, n.block, t)
	}
	return out
}

// fixed is what a term in a block is whenever the end of the block is reached.
func fixed(b *model.Body, blk *model.Block, t *model.Term) value {
	switch {
	case t == nil:
		return unknown
	case t.Const == "nil":
		return isNil
	case t.Const == "true":
		return isTrue
	case t.Const == "false":
		return isFalse
	case t.NonNil:
		return notNil
	case t.Var != nil:
		return tested(b, blk, t.Var)
	}
	for _, w := range t.Wraps {
		if fixed(b, blk, w) == notNil {
			return notNil
		}
	}
	return unknown
}

// tested is what a condition that decides about the block says of a variable:
// "if err != nil { return err }".
func tested(b *model.Body, blk *model.Block, v *model.Var) value {
	for range maxTests {
		for _, op := range blk.Ops {
			if op.Kind == model.OpSet && op.Var == v {
				return unknown
			}
		}
		before := predecessor(b, blk)
		if before == nil {
			return unknown
		}
		if c := before.Cond; c != nil && c.X != nil && c.X.Var == v && c.Y != nil && c.Y.Const == "nil" && len(before.Succs) == 2 && before.Succs[0] != before.Succs[1] {
			return nilness((before.Succs[0] == blk) == c.Neg)
		}
		blk = before
	}
	return unknown
}

// predecessor is the one block that leads to blk, nil if there is not exactly one.
func predecessor(b *model.Body, blk *model.Block) *model.Block {
	var one *model.Block
	for _, x := range b.Blocks {
		for _, s := range x.Succs {
			if s != blk {
				continue
			}
			if one != nil && one != x {
				return nil
			}
			one = x
		}
	}
	return one
}

// asks reports whether result i of the return at n is evaluated there.
func (n *node) asks(i int) bool { return n.routine.wants.Has(i) && n.gives[i] == unknown }

// An outcome is how a call can end.
type outcome struct {
	fine, fails bool
	results     int
}

// outcomeOf is how a call of the function can end, whose last result is an error.
func outcomeOf(b *model.Body) *outcome {
	out := &outcome{results: 1}
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind != model.OpReturn || len(op.Rets) == 0 {
				continue
			}
			out.results = len(op.Rets)
			switch fixed(b, blk, op.Rets[len(op.Rets)-1]) {
			case isNil:
				out.fine = true
			case notNil:
				out.fails = true
			default:
				out.fine, out.fails = true, true
			}
		}
	}
	return out
}

// outcomes lets a call that is one step end: in the ways that it can.
func (r *run) outcomes(s *state, i int, n *node) []*state {
	var out []*state
	ends := func(c *state, v value) {
		vals := make([]value, n.outcome.results)
		vals[len(vals)-1] = v
		c.own(i).give(n.op, vals...)
		r.advance(c, i, n)
		out = append(out, c)
	}
	if n.outcome.fine {
		ends(s.clone(), isNil)
	}
	if n.outcome.fails {
		if failed, ok := s.failed.with(r.number.kinds[n.op.At.Pos]); ok {
			c := s.clone(happening{i, n.id, n.op, -1})
			c.failed = failed
			ends(c, notNil)
		} else {
			r.crowded = true
		}
	}
	return out
}
