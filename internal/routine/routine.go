// Package routine tells the goroutines of a scene apart: who starts whom, what each executes
// itself, and by what one can learn how far another has come. It follows go statements and calls
// whose bodies the model has, and holds the operations of two goroutines against each other by
// the channel that they work on.
//
// Ignored: in which order one executes what, but from a go statement to a Wait; locks and what is
// read and written, as nobody waits for that; literals that are passed on.
package routine

import "github.com/gatherlint/gatherlint/internal/model"

// A Routine is a goroutine of a scene: the spawner, or what is started at one
// place.
type Routine struct {
	Up    *Routine  // who starts it, nil for the spawner
	Spawn *model.Op // where
	Body  *model.Body
	Kids  []*Routine
}

// Tree finds the goroutines that r starts, r first. One that starts itself is
// listed once.
func (r *Routine) Tree(seen map[*model.Body]bool) []*Routine {
	seen[r.Body] = true
	out := []*Routine{r}
	Executed(r.Body, func(op *model.Op) {
		if op.Kind == model.OpSpawn && op.Task != nil && op.Task.Body != nil && !seen[op.Task.Body] {
			k := &Routine{Up: r, Spawn: op, Body: op.Task.Body}
			r.Kids = append(r.Kids, k)
			out = append(out, k.Tree(seen)...)
		}
	})
	return out
}

// Executed calls f for the ops that a goroutine executes itself: those of the
// functions that it calls too, but not those of literals that it passes on.
func Executed(b *model.Body, f func(*model.Op)) {
	seen := map[*model.Body]bool{}
	var visit func(*model.Body)
	visit = func(b *model.Body) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		for _, blk := range b.Blocks {
			for _, op := range blk.Ops {
				f(op)
				visit(op.Into)
			}
		}
	}
	visit(b)
}

// A Home is where an op stands: in whose goroutine, in which block of which body, and
// which op calls that body; nil for the body of the goroutine itself.
type Home struct {
	Routine *Routine
	Body    *model.Body
	Block   *model.Block
	Call    *model.Op
}

// HomesOf finds the home of every op that the goroutines execute themselves.
func HomesOf(all []*Routine) map[*model.Op]Home {
	out := map[*model.Op]Home{}
	for _, r := range all {
		seen := map[*model.Body]bool{}
		var visit func(b *model.Body, call *model.Op)
		visit = func(b *model.Body, call *model.Op) {
			if b == nil || seen[b] {
				return
			}
			seen[b] = true
			for _, blk := range b.Blocks {
				for _, op := range blk.Ops {
					if _, known := out[op]; !known {
						out[op] = Home{r, b, blk, call}
					}
					visit(op.Into, op)
				}
			}
		}
		visit(r.Body, nil)
	}
	return out
}

// Syncs reports whether the op can be how a goroutine learns of another one, or
// is held up by it.
func Syncs(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpWait, model.OpAcquire:
		return true
	case model.OpCall, model.OpLock: // a condition is waited for with its lock
		return op.Into == nil && op.Named.Has(model.HintWaits)
	}
	return false
}

// Signals reports whether the op can be how others learn of a goroutine.
func Signals(op *model.Op) bool {
	switch op.Kind {
	case model.OpSend, model.OpReceive, model.OpRange, model.OpSelect, model.OpClose, model.OpCancel, model.OpRelease, model.OpAcquire, model.OpWait, model.OpExit:
		return true
	case model.OpCall:
		return op.Into == nil && (op.Given || op.Named.Has(model.HintTells))
	}
	return false
}

// Meets reports whether the goroutine may wait for another one after it has
// started k, and before an op that until holds for.
func (r *Routine) Meets(k *Routine, until func(*model.Op) bool) bool {
	isFrom := func(op *model.Op) bool { return op == k.Spawn }
	syncs := func(op *model.Op) bool { return Syncs(op) && !k.isFedBy(op) }
	found := false
	seen := map[*model.Block]bool{}
	var visit func(*model.Block)
	ops := func(list []*model.Op) bool {
		for _, op := range list {
			switch {
			case !until(op):
				found = found || op.Contains(syncs)
			case !op.Deferred:
				if op.Into != nil && len(op.Into.Blocks) > 0 {
					visit(op.Into.Blocks[0])
				}
				return false
			}
		}
		return true
	}
	visit = func(b *model.Block) {
		if seen[b] || !ops(b.Ops) {
			return
		}
		seen[b] = true
		for _, s := range b.Succs {
			visit(s)
		}
	}
	for _, b := range r.Body.Blocks {
		for i, op := range b.Ops {
			found = found || op.Deferred && op.Contains(syncs) && !until(op)
			if !op.Runs(isFrom) {
				continue
			}
			found = found || op.Contains(syncs) // in which order is not looked at
			if ops(b.Ops[i+1:]) {
				for _, s := range b.Succs {
					visit(s)
				}
			}
		}
	}
	return found
}

// isFedBy reports whether the op puts something into a buffer that k empties until it
// is closed. It does not have to wait for that: there is room for as many as come.
func (k *Routine) isFedBy(op *model.Op) bool {
	if op.Kind != model.OpSend || op.Chan == nil || op.Chan.Size == nil || !Positive(op.Chan.Size) {
		return false
	}
	fed := false
	model.EachOp(k.Body, func(o *model.Op) bool {
		fed = fed || o.Kind == model.OpRange && o.Chan == op.Chan
		return !fed
	})
	return fed
}

// Positive reports whether a number is above zero, or a sum of lengths and the like.
func Positive(n *model.Size) bool {
	for _, t := range n.Terms {
		if t.Coef < 0 {
			return false
		}
	}
	return n.Const > 0 || n.Const == 0 && len(n.Terms) > 0
}
