package program

import (
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// Whether there is anything to play, and what the verdict on it does not cover.

// Gaps says what makes the program's operations, and its objects that have names, not
// certain.
func (p *Program) Gaps() []string {
	var out []string
	if p.ambiguous() {
		out = append(out, "an operation is on one of several channels, or on none")
	}
	for _, o := range p.World.Objects {
		if (!o.Known || o.Leaks) && o.why != "" && o.name != "" && (o.Chan == nil || !o.Chan.Fills) {
			out = append(out, o.name+": "+o.why)
		}
	}
	return out
}

// ambiguous reports whether it is not certain which channel an op is on.
func (p *Program) ambiguous() bool {
	for _, n := range p.Nodes {
		if n.Op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			switch op.Kind {
			case model.OpSend, model.OpReceive, model.OpRange, model.OpClose:
				if _, isDone := p.World.Done(op); !isDone && op.Chan == nil {
					return true
				}
			}
		}
	}
	return false
}

// Worthwhile reports whether anything can block for ever on something known. A
// group that counts its tasks by itself, and whose tasks do nothing of the kind,
// is joined sooner or later.
func (p *Program) Worthwhile() bool {
	if p.Scene.Goes && !slices.ContainsFunc(p.Nodes, canFail) && !slices.ContainsFunc(p.Nodes, p.locks) {
		return false // who goes on is held up only by what fails, or with a lock
	}
	for _, n := range p.Nodes {
		if n.Op == nil {
			continue
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			if o := p.World.Of(op); o != nil && o.Known && p.canBlock(n, op, o) {
				return true
			}
		}
	}
	return p.limitsWaiters()
}

// locks reports whether a task takes a lock that is known.
func (p *Program) locks(n *Node) bool {
	if n.Op == nil || n.Op.Kind != model.OpLock || n.Routine.Owner.Index == 0 {
		return false
	}
	o := p.World.Of(n.Op)
	return o != nil && o.Known
}

// canFail reports whether a branch of a task asks whether a call has failed.
func canFail(n *Node) bool {
	return n.Kind == Branch && n.Routine.Owner.Index != 0 && n.Block.Cond != nil && AsksFailure(n.Block.Cond)
}

// limitsWaiters reports whether a task waits for the end of a context, and takes a place
// under the limit of a group, or is waited for by who might end it, or nobody outside can.
func (p *Program) limitsWaiters() bool {
	limited, joins, waits, own, alone := false, false, false, false, false
	for _, n := range p.Nodes {
		if n.Op == nil {
			continue
		}
		if o := p.World.Of(n.Op); o != nil && o.Known {
			limited = limited || n.Op.Kind == model.OpLimit
			joins = joins || n.Op.Kind == model.OpWait
		}
		for _, op := range append([]*model.Op{n.Op}, n.Op.Cases...) {
			done, isDone := p.World.Done(op)
			if isDone && done != nil && done.Known && n.Routine.Owner.Index != 0 {
				waits, own = true, own || done.Life == model.LifeOwn
				_, outside, _ := p.ends(done)
				alone = alone || op == n.Op && done.Life == model.LifeOwn && !outside
			}
		}
	}
	return limited && waits || joins && own || alone
}

func (p *Program) canBlock(n *Node, op *model.Op, o *Object) bool {
	inTask := n.Routine.Owner.Index != 0
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpAcquire, model.OpAdd, model.OpDone:
		return true
	case model.OpLock:
		return !p.Harmless[o]
	case model.OpWait:
		return inTask && p.counter(n.Routine.Owner.Task) == o
	case model.OpLimit:
		if op.N != nil && len(op.N.Terms) == 0 && op.N.Const == 0 {
			return true
		}
		for _, m := range p.Nodes {
			if m.Op != nil && m.Op.Kind == model.OpSpawn && p.World.Of(m.Op) == o && (m.Routine.Owner.Index != 0 || m.Op.At.Pos < op.At.Pos) {
				return true
			}
		}
	}
	return false
}
