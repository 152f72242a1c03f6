package program

import (
	"github.com/gatherlint/gatherlint/internal/model"
)

// What a return gives, and what a call gives that is one step.

// maxTests is how many blocks up the test of an error is looked for.
const maxTests = 5

// fixedResults is what the return at n gives whenever it is reached, unknown
// where that depends.
func fixedResults(n *Node) []Value {
	out := make([]Value, len(n.Op.Rets))
	for i, t := range n.Op.Rets {
		out[i] = fixed(n.Routine.Body, n.Block, t)
	}
	return out
}

// fixed is what a term in a block is whenever the end of the block is reached.
func fixed(b *model.Body, blk *model.Block, t *model.Term) Value {
	switch {
	case t == nil:
		return Unknown
	case t.Const == "nil":
		return IsNil
	case t.Const == "true":
		return IsTrue
	case t.Const == "false":
		return IsFalse
	case t.NonNil:
		return NotNil
	case t.Var != nil:
		return tested(b, blk, t.Var)
	}
	for _, w := range t.Wraps {
		if fixed(b, blk, w) == NotNil {
			return NotNil
		}
	}
	return Unknown
}

// tested is what a condition that decides about the block says of a variable:
// "if err != nil { return err }".
func tested(b *model.Body, blk *model.Block, v *model.Var) Value {
	for range maxTests {
		for _, op := range blk.Ops {
			if op.Kind == model.OpSet && op.Var == v {
				return Unknown
			}
		}
		before := predecessor(b, blk)
		if before == nil {
			return Unknown
		}
		if c := before.Cond; c != nil && c.X != nil && c.X.Var == v && c.Y != nil && c.Y.Const == "nil" && len(before.Succs) == 2 && before.Succs[0] != before.Succs[1] {
			if (before.Succs[0] == blk) == c.Neg {
				return NotNil
			}
			return IsNil
		}
		blk = before
	}
	return Unknown
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
func (n *Node) asks(i int) bool { return n.Routine.Wants.Has(i) && n.Gives[i] == Unknown }

// An Outcome is how a call can end.
type Outcome struct {
	Fine, Fails bool
	Results     int
}

// outcomeOf is how a call of the function can end, whose last result is an error.
func outcomeOf(b *model.Body) *Outcome {
	out := &Outcome{Results: 1}
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind != model.OpReturn || len(op.Rets) == 0 {
				continue
			}
			out.Results = len(op.Rets)
			switch fixed(b, blk, op.Rets[len(op.Rets)-1]) {
			case IsNil:
				out.Fine = true
			case NotNil:
				out.Fails = true
			default:
				out.Fine, out.Fails = true, true
			}
		}
	}
	return out
}
