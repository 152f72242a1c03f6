package program

import "github.com/gatherlint/gatherlint/internal/model"

// Branches of which little is known: on what grounds a way is taken, and whether it
// only leads to an error that is returned.

// ByHand reports whether a branch goes by a number that its process counts.
func (n *Node) ByHand() bool { return n.Block.Cond != nil && n.Block.Cond.ByHand }

// guess lists the cases of selects that are on a channel of which it is not known
// which one it is, with the objects that the select decides about: nothing says that it is ready.
func (p *Program) guess() {
	p.Guesses = map[*model.Op]bits{}
	chosen := map[*model.Op]bits{}
	for _, n := range p.left {
		if n.Kind == Branch && n.Block.Cond != nil && n.Block.Cond.Taken != nil {
			chosen[n.Block.Cond.Taken] = p.BranchScope[n.ID]
		}
	}
	for _, n := range p.left {
		if n.Kind != Event || n.Op.Kind != model.OpSelect {
			continue
		}
		var about bits
		for _, op := range n.Op.Cases {
			about.Join(chosen[op])
		}
		for _, op := range n.Op.Cases {
			if _, isDone := p.World.Done(op); isDone || op.Chan != nil && (!op.Chan.Held || op.Chan.Fills) {
				continue
			}
			p.Guesses[op] = about
		}
	}
}

// markInner finds the branches that only decide whether something fails: those of
// called functions that decide about nothing but an error to return, and those
// where one way does nothing but return an error. They are like a call that
// fails or not.
func (p *Program) markInner() {
	for _, n := range p.left {
		if n.Kind != Branch || n.Block.Cond != nil && (n.Block.Cond.Taken != nil || n.Block.Cond.State || n.Block.Cond.ByHand) {
			continue
		}
		if n.Routine.Up != nil && returnsError(n.Routine.Body) {
			n.Inner = p.onlyReturns(n.Next, func(*model.Op) bool { return true })
		}
		for _, t := range n.Next {
			fails := false
			n.Inner = n.Inner || p.onlyReturns([]int{t}, func(op *model.Op) bool {
				fails = p.fails(op)
				return fails
			}) && fails
		}
	}
}

// fails reports whether a return certainly gives an error.
func (p *Program) fails(op *model.Op) bool {
	if len(op.Rets) == 0 {
		return false
	}
	t := op.Rets[len(op.Rets)-1]
	return t != nil && (t.NonNil || len(t.Wraps) > 0) && len(op.Errs) > 0
}

// onlyReturns reports whether all that follows the nodes, up to the end of their
// routine, is returns that ok holds for.
func (p *Program) onlyReturns(from []int, ok func(*model.Op) bool) bool {
	return p.every(from, func(x *Node) (onward, fine bool) {
		switch {
		case x.Kind == Leave:
			return false, true
		case x.Kind == Register, x.Kind == Leak:
			return false, false
		case x.Kind == Event && x.Op.Kind == model.OpReturn:
			return true, ok(x.Op)
		}
		return true, x.Kind != Event || x.Op.Kind == model.OpSet
	})
}

// returnsError reports whether the function has an error as its last result.
func returnsError(b *model.Body) bool {
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if op.Kind == model.OpReturn {
				return len(op.Errs) > 0
			}
		}
	}
	return false
}
