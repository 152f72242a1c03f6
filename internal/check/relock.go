package check

import (
	"fmt"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
)

// stuckwait within one function: it locks what it has locked already, itself or by calling,
// with the lock held, a function that takes the lock whatever happens in there. Whoever
// calls it, and whatever else goes on, that call never returns.
//
// It has the lock if all ways that lead there come with the lock taken: what a condition
// says of another one is not known.

// relocked reports the ops of a function that take what it holds, and the calls of
// functions that call what they are given with a lock held.
func relocked(h *model.Holder) []Finding {
	out := relocksOf(h.Body, func(*model.Op) bool { return true })
	for _, blk := range h.Body.Blocks {
		for _, op := range blk.Ops {
			if op.Into == nil || !op.Into.CallsBack() {
				continue
			}
			for _, f := range relocksOf(op.Into, func(x *model.Op) bool { return x.Into != nil && x.Into.Literal }) {
				f.At = op.At
				out = append(out, f)
			}
		}
	}
	return out
}

// relocksOf are the findings in a body at ops of which ok.
func relocksOf(b *model.Body, ok func(*model.Op) bool) []Finding {
	var out []Finding
	var seen []*model.Lock
	for _, blk := range b.Blocks {
		for _, op := range blk.Ops {
			if l := op.Lock; op.Kind == model.OpLock && !op.Deferred && l != nil && l.Plain && !slices.Contains(seen, l) {
				seen = append(seen, l)
				out = append(out, (&relock{body: b, lock: l}).find(ok)...)
			}
		}
	}
	return out
}

// A relock looks for the ops that take a lock while it is held.
type relock struct {
	body *model.Body
	lock *model.Lock
}

// The stages of a path. What is registered to take the lock happens at the end, after what
// is registered later.
const (
	lockFree   = iota // or not known
	lockHeld          // for writing
	lockShared        // for reading
	lockLast          // one more for each: lockEnd of them
)

// find lists the findings, one for each op of which ok that is stuck whichever way leads to
// it.
func (r *relock) find(ok func(*model.Op) bool) []Finding {
	var out []Finding
	for _, blk := range r.body.Blocks {
		for _, op := range blk.Ops {
			again := r.takes(op)
			if again == nil || !ok(op) {
				continue
			}
			if p := r.path(op, again); p != nil {
				out = append(out, r.finding(op, again, p))
				break // whoever comes here comes no further
			}
		}
	}
	return out
}

// takes is where an op takes the lock before it does anything else that may matter, nil
// if it does not.
func (r *relock) takes(op *model.Op) *model.Op {
	switch {
	case r.locks(op):
		return op
	case op.Kind == model.OpCall && op.Into != nil && !op.Once && op.Iterates == nil && r.alwaysTaken(op.Into, 1):
		return findOp(op.Into, r.locks)
	}
	return nil
}

func (r *relock) locks(op *model.Op) bool { return op.Kind == model.OpLock && op.Lock == r.lock }

func (r *relock) unlocks(op *model.Op) bool {
	return op.Kind == model.OpUnlock && (op.Lock == nil || op.Lock == r.lock)
}

// alwaysTaken reports whether a body takes the lock before any of its ends, and does
// nothing before for which somebody may give it back.
func (r *relock) alwaysTaken(b *model.Body, depth int) bool {
	if depth > model.MaxDepth || len(b.Blocks) == 0 {
		return false
	}
	taken := false
	w := &model.Walk{Body: b, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case op.Kind == model.OpReturn && !op.Deferred, op.Kind == model.OpExit, op.Kind == model.OpPanic:
			return stage, model.Hit
		case op.Deferred, op.Kind == model.OpSet, op.Kind == model.OpCtxErr, op.Kind == model.OpNew:
			return stage, model.GoOn
		case r.locks(op), op.Into != nil && !op.Once && op.Iterates == nil && r.alwaysTaken(op.Into, depth+1):
			taken = true
			return stage, model.Cut
		case op.Kind != model.OpCall || op.Contains(r.unlocks):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	return w.Find() == nil && taken && !w.Spent()
}

// path is a way on which op, which takes the lock at again, is stuck; nil if there is one
// on which it may not be.
func (r *relock) path(op, again *model.Op) *model.Path {
	free := false
	w := &model.Walk{Body: r.body, Step: func(x *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case x == op && !op.Deferred:
			free = free || !stuckAt(stage, again)
			return stage, model.Hit
		case x == op:
			return stage%lockLast + lockLast, model.GoOn
		case x.Deferred && x.Contains(r.unlocks) && stage >= lockLast:
			return lockLast, model.GoOn
		case x.Deferred:
		case x.Kind == model.OpReturn && stage >= lockLast:
			free = free || !stuckAt(stage%lockLast, again)
			return stage, model.Hit
		case r.locks(x):
			return stage - stage%lockLast + taken(x), model.GoOn
		case x.Contains(r.unlocks), x.Kind == model.OpSpawn && r.hands(x.Task):
			return stage - stage%lockLast, model.GoOn
		}
		return stage, model.GoOn
	}}
	paths := w.FindAll()
	if len(paths) == 0 || free || w.Spent() {
		return nil
	}
	return paths[0]
}

// hands reports whether a task may give back what its starter has taken.
func (r *relock) hands(t *model.Task) bool {
	return t == nil || t.Body == nil || findOp(t.Body, r.unlocks) != nil && findOp(t.Body, r.locks) == nil
}

func taken(op *model.Op) int {
	if op.Read {
		return lockShared
	}
	return lockHeld
}

// stuckAt reports whether who has come to a stage cannot take the lock.
func stuckAt(stage int, again *model.Op) bool {
	return stage == lockHeld || stage == lockShared && !again.Read
}

// finding is about op, which takes the lock at again.
func (r *relock) finding(op, again *model.Op, p *model.Path) Finding {
	who := Actor{Kind: Spawner, Name: r.body.Name}
	name := r.lock.Name
	var s steps
	takes := p.Ops(func(x *model.Op) bool { return r.locks(x) && x != op && !x.Deferred })
	take := takes[len(takes)-1]
	s.by(Takes, who, take.At, "locks %s", name).with(take)
	does := "calls %s"
	if op.Deferred {
		s.by(Returns, who, p.Op().At, "returns here")
		does = "then calls %s, which is deferred"
	}
	if op == again {
		s.tell(Blocks, who, op.At, "%s blocks for ever locking %s", who.Name, name).with(op)
		return Finding{At: op.At, Message: fmt.Sprintf("%s blocks for ever locking %s, which it has locked already", who.Name, name), Steps: s}
	}
	s.by(Calls, who, op.At, does, op.Into.Name)
	s.tell(Blocks, who, again.At, "%s blocks for ever locking %s", op.Into.Name, name).with(take)
	return Finding{At: op.At, Message: relockMessage(op.Into.Name, name, who.Name), Steps: s}
}

// relockMessage says that a function takes what its caller has taken.
func relockMessage(callee, lock, caller string) string {
	return fmt.Sprintf("%s blocks for ever locking %s; %s, which calls it, has locked it already", callee, lock, caller)
}
