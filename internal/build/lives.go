package build

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// What a body in the life of an object knows beyond others: which way a branch goes that asks
// what has become of the object, and that the literal of its sync.Once runs.

// lifeCond notes of a condition in the life of an object what is known of it.
func (b *bodyBuilder) lifeCond(v ssa.Value, blk *ssa.BasicBlock) {
	c := b.cur.Cond
	if !b.fr.InLife() || c.Taken != nil {
		return
	}
	h := b.cur.Heads
	holds, sure, state := b.e.Decided(v, b.fr, blk, h != nil && h.Count != nil && !c.ByHand)
	if sure {
		one := &model.Term{Const: "true"}
		b.cur.Cond = &model.Cond{X: one, Y: one, Neg: !holds, At: c.At}
		return
	}
	c.State = state
}

// runOnce is the call of a literal by a sync.Once of the object that nobody else uses:
// it runs where it is given.
func (b *bodyBuilder) runOnce(op *model.Op, in ssa.CallInstruction) bool {
	c := in.Common()
	if !b.fr.InLife() || !known.IsOnce(known.FuncName(source.Callee(c))) || len(c.Args) != 2 {
		return false
	}
	f, ok := c.Args[0].(*ssa.FieldAddr)
	if !ok || len(b.e.Touches(value.FieldOf(f))) != 1 {
		return false
	}
	t, ok := b.e.FuncTarget(c.Args[1], b.fr)
	if !ok || b.e.Foreign(t.Fn) {
		return false
	}
	child := b.e.Enter(b.fr, in, t, nil, false)
	if child == nil {
		return false
	}
	child.Once, op.Once, op.Into = true, true, b.e.BodyOf(child)
	return true
}
