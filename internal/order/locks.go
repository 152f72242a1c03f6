package order

import (
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Locks held at an access.

// LockSet is what may be held: *Lock, *Sem and *Chan values, of type readLock, or unknownLock.
type LockSet map[any]bool

// unknownLock stands for one that is not known.
type unknownLock struct{}

// readLock is a lock that is held for reading, by many at a time.
type readLock struct{ lock *model.Lock }

// LocksAt lists the locks that may be held when the goroutine makes the access: those
// taken on some path to it and not given back on that path. A helper that locks
// or unlocks for its caller counts; one that does both does not.
func (o *Ordering) LocksAt(who *Actor, a Site) LockSet {
	key := lockKey{who, a}
	out, ok := o.helds[key]
	if !ok {
		out = o.locksOnTheWay(who, a)
		maps.DeleteFunc(out, func(l any, _ bool) bool { c, ok := l.(*model.Chan); return ok && !takesAndGives(who.Body, c) })
		o.helds[key] = out
	}
	return out
}

// takesAndGives reports whether a goroutine sends on a channel and receives from it: with
// room for one it is a lock only for those who give back what they took.
func takesAndGives(b *model.Body, c *model.Chan) bool {
	sends, receives := false, false
	for _, op := range OpsOf(b) {
		for _, x := range append([]*model.Op{op}, op.Cases...) {
			sends = sends || x.Kind == model.OpSend && x.Chan == c
			receives = receives || x.Kind == model.OpReceive && x.Chan == c
		}
	}
	return sends && receives
}

type lockKey struct {
	who *Actor
	a   Site
}

// locksOnTheWay follows the calls from the goroutine's body to that of the access.
func (o *Ordering) locksOnTheWay(who *Actor, a Site) LockSet {
	out := LockSet{}
	for fr := a.Frame; fr != nil && fr != o.e.FrameOf[who.Body]; fr = fr.Caller {
		if known.HoldsLockByName(fr.Fn.Name()) {
			out[unknownLock{}] = true
		}
	}
	body := who.Body
	for depth := 0; depth <= model.MaxDepth+1; depth++ {
		at, ok := o.Within(body, a)
		if !ok {
			return out
		}
		for l := range o.heldAt(body, at) {
			out[l] = true
		}
		if at.Op == nil {
			return out
		}
		next := at.Op.Into
		if !o.comesTo(next, a.Body) {
			next = nil
			for _, l := range at.Op.Lits {
				if o.comesTo(l, a.Body) {
					next = l
				}
			}
		}
		body = next
		if body == nil {
			return out
		}
	}
	return out
}

// comesTo reports whether b is or calls target.
func (o *Ordering) comesTo(b, target *model.Body) bool {
	if b == nil {
		return false
	}
	_, below := o.layout(b).calls[target]
	return below || b == target
}

// A lockFlow is what may be held at the entry of each block of a body, as far as the
// body itself takes it, and the ops of the block that change that.
type lockFlow struct {
	in  []LockSet // nil for nothing
	ops [][]lockOp
}

// A lockOp is what an op, the nth of its block, does to what is held.
type lockOp struct {
	n           int
	take, drops []any
	// toggles are channels with room for one that are sent to or received from: locks
	// too.
	toggles []*model.Chan
}

// heldAt is what may be held at the spot.
func (o *Ordering) heldAt(body *model.Body, at Spot) LockSet {
	f := o.locks[body]
	if f == nil {
		f = newLockFlow(body)
		o.locks[body] = f
	}
	now := maps.Clone(f.in[at.Block.Index])
	for _, l := range f.ops[at.Block.Index] {
		if l.n < at.Before {
			now = now.after(l)
		}
	}
	return now
}

// newLockFlow goes over the blocks until nothing is added any more. A block is left
// out as long as it would add the same again. What the body gives back and never takes
// was handed to it: it is held from the start.
func newLockFlow(body *model.Body) *lockFlow {
	f := &lockFlow{in: make([]LockSet, len(body.Blocks)), ops: make([][]lockOp, len(body.Blocks))}
	if _, handed := lockBalance(body); len(handed) > 0 {
		f.in[0] = LockSet(nil).after(lockOp{take: handed})
	}
	todo := make([]bool, len(body.Blocks))
	for i, blk := range body.Blocks {
		todo[i] = true
		for n, op := range blk.Ops {
			if l, ok := lockOpOf(op); ok {
				l.n = n
				f.ops[i] = append(f.ops[i], l)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i, blk := range body.Blocks {
			if todo[i] {
				todo[i] = false
				changed = f.pass(blk, todo) || changed
			}
		}
	}
	return f
}

// pass adds what may be held at the end of the block to what may be at the entry of
// those after it, and marks those for which that is more.
func (f *lockFlow) pass(blk *model.Block, todo []bool) (changed bool) {
	now := maps.Clone(f.in[blk.Index])
	for _, l := range f.ops[blk.Index] {
		now = now.after(l)
	}
	for i, s := range blk.Succs {
		more := now
		if c := blk.Cond; c != nil && c.Taken != nil && i == 0 {
			if l, ok := lockOpOf(c.Taken); ok {
				more = maps.Clone(now).after(l)
			}
		}
		for l := range more {
			if f.in[s.Index] == nil {
				f.in[s.Index] = LockSet{}
			}
			if !f.in[s.Index][l] {
				f.in[s.Index][l], todo[s.Index], changed = true, true, true
			}
		}
	}
	return changed
}

// lockOpOf tells what an op does to what is held; false if nothing.
func lockOpOf(op *model.Op) (lockOp, bool) {
	var l lockOp
	if op.Deferred {
		return l, false
	}
	switch op.Kind {
	case model.OpLock:
		l.take = append(l.take, lockOf(op))
	case model.OpUnlock:
		l.drops = append(l.drops, lockOf(op))
	case model.OpAcquire:
		l.take = append(l.take, orUnknown(op.Sem, op.Sem == nil))
	case model.OpRelease:
		l.drops = append(l.drops, orUnknown(op.Sem, op.Sem == nil))
	case model.OpSend, model.OpReceive:
		if isToggle(op) {
			l.toggles = append(l.toggles, op.Chan)
		}
	case model.OpCall:
		if op.Into != nil {
			l.take, l.drops = lockBalance(op.Into)
			l.toggles = toggledBy(op.Into)
			break
		}
		switch takes, gives := known.LocksByName(op.Text); {
		case gives:
			l.drops = append(l.drops, unknownLock{})
		case takes:
			l.take = append(l.take, unknownLock{})
		}
	}
	return l, len(l.take)+len(l.drops)+len(l.toggles) > 0
}

// isToggle reports whether an op sends to or receives from a channel with room for one, or
// from one made elsewhere that may have it.
func isToggle(op *model.Op) bool {
	if op.Kind != model.OpSend && op.Kind != model.OpReceive || op.Chan == nil {
		return false
	}
	return op.Chan.Cap == "1" || op.Chan.Cap == "" && !op.Chan.Local
}

// toggledBy are the channels with room for one on which a body does one thing only: it
// locks or unlocks for its caller.
func toggledBy(b *model.Body) []*model.Chan {
	var once, again []*model.Chan
	for _, op := range OpsOf(b) {
		switch {
		case !isToggle(op):
		case slices.Contains(once, op.Chan):
			again = append(again, op.Chan)
		default:
			once = append(once, op.Chan)
		}
	}
	return slices.DeleteFunc(once, func(c *model.Chan) bool { return slices.Contains(again, c) })
}

// lockBalance lists the locks that a body takes and never gives back, and those that
// it gives back and never takes.
func lockBalance(b *model.Body) (taken, dropped []any) {
	take, drop := LockSet{}, LockSet{}
	for _, x := range OpsOf(b) {
		switch x.Kind {
		case model.OpLock:
			take[lockOf(x)] = true
		case model.OpUnlock:
			drop[lockOf(x)] = true
		}
	}
	for _, x := range OpsOf(b) {
		switch l := lockOf(x); {
		case x.Kind == model.OpLock && !drop[l] && !slices.Contains(taken, l):
			taken = append(taken, l)
		case x.Kind == model.OpUnlock && !take[l] && !slices.Contains(dropped, l):
			dropped = append(dropped, l)
		}
	}
	return taken, dropped
}

// lockOf is what an op locks or unlocks.
func lockOf(op *model.Op) any {
	switch {
	case op.Lock == nil:
		return unknownLock{}
	case op.Read:
		return readLock{op.Lock}
	}
	return op.Lock
}

func orUnknown(l any, unknown bool) any {
	if unknown {
		return unknownLock{}
	}
	return l
}

// after is what is held when the op was executed; s itself is changed.
func (s LockSet) after(l lockOp) LockSet {
	if s == nil && len(l.take)+len(l.toggles) > 0 {
		s = LockSet{}
	}
	for _, x := range l.take {
		s[x] = true
	}
	for _, x := range l.drops {
		delete(s, x)
	}
	for _, c := range l.toggles {
		if s[c] {
			delete(s, c)
		} else {
			s[c] = true
		}
	}
	return s
}

// Excludes reports whether two goroutines with these locks may keep each other out.
func (s LockSet) Excludes(t LockSet) bool {
	for l := range s {
		if m, ok := l.(*model.Sem); ok && m.Size != nil && len(m.Size.Terms) == 0 && m.Size.Const > 1 {
			continue
		}
		out := t[l]
		switch l := l.(type) {
		case readLock:
			out = t[l.lock]
		case *model.Lock:
			out = out || t[readLock{l}]
		}
		if out || t[unknownLock{}] {
			return true
		}
	}
	return s[unknownLock{}] && len(t) > 0
}

// excludesAny is Excludes for a list.
func (s LockSet) excludesAny(list []any) bool {
	t := LockSet{}
	for _, l := range list {
		t[l] = true
	}
	return s.Excludes(t)
}

// Common is what all tasks that are started where who is hold if one of them holds s:
// not what each makes, nor what is made for each before it is started.
func (o *Ordering) Common(s LockSet, who *Actor) LockSet {
	out := LockSet{}
	for l := range s {
		of := l
		if r, ok := l.(readLock); ok {
			of = r.lock
		}
		if !o.madeForEach(o.e.OriginOf[of], who) {
			out[l] = true
		}
	}
	return out
}

// madeForEach reports whether the object is made anew for each task that is started
// where who is: by the task, or in the same round of the loop that starts it.
func (o *Ordering) madeForEach(from flow.Origin, who *Actor) bool {
	made, ok := from.Val.(ssa.Instruction)
	if !ok || from.Frame == nil {
		return false
	}
	switch made.(type) {
	case *ssa.Alloc, *ssa.MakeChan:
	default:
		return false
	}
	for fr := from.Frame; fr != nil; fr = fr.Caller {
		if fr == o.e.FrameOf[who.Body] {
			return true
		}
	}
	p, ok := o.ops[who.Task.Spawn]
	if !ok || p.Body != o.root {
		return false
	}
	home := o.e.FrameOf[p.Body]
	fr := from.Frame
	for ; fr != home && fr.Caller != nil && fr.Site != nil; fr = fr.Caller {
		made = fr.Site // a function makes it
	}
	if fr != home {
		return false
	}
	start := home.Fn.Blocks[p.Block.Index]
	past := func(b *ssa.BasicBlock) []*ssa.BasicBlock {
		if b == made.Block() {
			return nil
		}
		return b.Succs
	}
	return source.InLoop(start) && made.Block().Dominates(start) && !model.Reaches(past(start), start, past)
}
