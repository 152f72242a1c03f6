package build

import (
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Ranges over functions.
//
// In "for x := range seq" the loop's body is a function that seq is given. The
// builder of the SSA writes it so, with a variable that says how the loop was
// left: 0 while it goes on, and a number for each statement that leaves it. If seq
// is not seen, it is taken to call the function some number of times, one after
// the other, until it returns false; package iter asks for that. So the loop is
// played as a loop around a call. A body with a defer statement is not: the call
// is deferred in the function around it.

// iterates says how a call that a range over a function stands for is played, nil
// if it is no such call or cannot be played.
func (b *bodyBuilder) iterates(op *model.Op, in ssa.CallInstruction) *model.Body {
	args := in.Common().Args
	if len(args) != 1 || in.Common().IsInvoke() {
		return nil
	}
	yield, ok := args[0].(*ssa.MakeClosure)
	if !ok || !source.IsYield(yield.Fn.(*ssa.Function)) || defers(yield.Fn.(*ssa.Function)) {
		return nil
	}
	begins := &model.Block{}
	if jump := b.jump(yield); jump != nil {
		begins.Ops = append(begins.Ops, &model.Op{Kind: model.OpSet, At: op.At, Var: jump, Val: &model.Term{Const: "0"}})
	}
	calls := &model.Op{Kind: model.OpCall, At: op.At, Text: op.Text, Into: op.Into, Gives: &model.Event{}}
	body := &model.Body{Name: b.body.Name, At: op.At, Extent: op.At, Blocks: []*model.Block{begins}}
	if op.Into != nil { // the iterator calls the body itself
		begins.Ops = append(begins.Ops, calls)
		return body
	}
	if len(op.Lits) != 1 {
		return nil
	}
	calls.Into, calls.Gives = op.Lits[0], b.e.event(yield, b.fr)
	loop := &model.Loop{CountTrue: true, Count: &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "loop at " + b.e.PosText(op.At.Pos) + " " + strconv.Itoa(in.Block().Index) + " " + b.body.Name}}}}
	around := []*model.Loop{loop}
	header := &model.Block{Index: 1, Heads: loop, Loops: around}
	round := &model.Block{Index: 2, Loops: around, Ops: []*model.Op{calls}, Cond: &model.Cond{X: &model.Term{Gives: calls.Gives}, Y: &model.Term{Const: "true"}}}
	ends := &model.Block{Index: 3}
	begins.Succs, header.Succs, round.Succs = []*model.Block{header}, []*model.Block{round, ends}, []*model.Block{header, ends}
	body.Blocks = append(body.Blocks, header, round, ends)
	return body
}

// jump is the variable that says how the loop was left, nil if nothing leaves it.
func (b *bodyBuilder) jump(yield *ssa.MakeClosure) *model.Var {
	for _, x := range yield.Bindings {
		if cell, ok := x.(*ssa.Alloc); ok && source.IsJump(cell) && cell.Block() == yield.Block() {
			return b.e.varOf(cell, b.fr)
		}
	}
	return nil
}

// defers reports whether the body of a range over a function, or of one in it, has
// a defer statement.
func defers(yield *ssa.Function) bool {
	for _, blk := range yield.Blocks {
		for _, in := range blk.Instrs {
			if d, ok := in.(*ssa.Defer); ok && d.DeferStack != nil {
				return true
			}
		}
	}
	for _, f := range yield.AnonFuncs {
		if source.IsYield(f) && defers(f) {
			return true
		}
	}
	return false
}

// inYield reports whether a frame is the body of a range over a function, which
// runs any number of times.
func inYield(fr *flow.Frame) bool { return source.IsYield(fr.Fn) }
