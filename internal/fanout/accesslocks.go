package fanout

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Locks held at an access, and accesses that only one of many tasks makes.

// lockSet is what may be held: *Lock, *Sem and *Chan values, or unknownToken.
type lockSet map[any]bool

// held lists the locks that may be held when the goroutine makes the access: those
// taken on some path to it and not given back on that path. A helper that locks
// or unlocks for its caller counts; one that does both does not.
func (o *ordering) held(who *actor, a *access) lockSet {
	out := lockSet{}
	body := who.body
	for depth := 0; depth <= maxDepth+1; depth++ {
		at, ok := o.within(body, a)
		if !ok {
			return out
		}
		for l := range heldAt(body, at) {
			out[l] = true
		}
		if at.op == nil {
			return out
		}
		next := at.op.Into
		if next == nil || !reachesBody(next, a.Body, 0) {
			next = nil
			for _, l := range at.op.Lits {
				if reachesBody(l, a.Body, 0) {
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

// heldAt is what may be held at the spot, as far as the body itself takes it.
func heldAt(body *Body, at spot) lockSet {
	in := make([]lockSet, len(body.Blocks))
	for i := range in {
		in[i] = lockSet{}
	}
	for changed := true; changed; {
		changed = false
		for _, blk := range body.Blocks {
			now := lockSet{}
			for l := range in[blk.Index] {
				now[l] = true
			}
			for _, op := range blk.Ops {
				now.apply(op)
			}
			for i, s := range blk.Succs {
				more := lockSet{}
				for l := range now {
					more[l] = true
				}
				if c := blk.Cond; c != nil && c.Taken != nil && i == 0 {
					more.apply(c.Taken)
				}
				for l := range more {
					if !in[s.Index][l] {
						in[s.Index][l], changed = true, true
					}
				}
			}
		}
	}
	now := in[at.blk.Index]
	for _, op := range at.blk.Ops[:at.before] {
		now.apply(op)
	}
	return now
}

// apply follows one op. A channel with room for one that is sent to and received
// from is a lock too.
func (s lockSet) apply(op *Op) {
	if op.Deferred {
		return
	}
	switch op.Kind {
	case OpLock:
		s.take(op.Lock, op.Lock == nil)
	case OpUnlock:
		s.drop(op.Lock, op.Lock == nil)
	case OpAcquire:
		s.take(op.Sem, op.Sem == nil)
	case OpRelease:
		s.drop(op.Sem, op.Sem == nil)
	case OpSend, OpReceive:
		if op.Chan != nil && op.Chan.Cap == "1" {
			if s[op.Chan] {
				delete(s, op.Chan)
			} else {
				s[op.Chan] = true
			}
		}
	case OpCall:
		if op.Into == nil {
			switch name := op.Text[strings.LastIndexByte(op.Text, '.')+1:]; {
			case strings.HasSuffix(name, "Unlock") || name == "Release" || name == "Leave":
				delete(s, unknownToken{})
			case strings.HasSuffix(name, "Lock") || name == "Acquire" || name == "Enter":
				s[unknownToken{}] = true
			}
			return
		}
		net := lockSet{}
		drops := lockSet{}
		for _, x := range bodyOps(op.Into) {
			switch x.Kind {
			case OpLock:
				net.take(x.Lock, x.Lock == nil)
			case OpUnlock:
				drops.take(x.Lock, x.Lock == nil)
			}
		}
		for l := range net {
			if !drops[l] {
				s[l] = true
			}
		}
		for l := range drops {
			if !net[l] {
				delete(s, l)
			}
		}
	}
}

func (s lockSet) take(l any, unknown bool) {
	if unknown {
		l = unknownToken{}
	}
	s[l] = true
}

func (s lockSet) drop(l any, unknown bool) {
	if unknown {
		l = unknownToken{}
	}
	delete(s, l)
}

// excludes reports whether two goroutines with these locks may keep each other out.
func (s lockSet) excludes(t lockSet) bool {
	for l := range s {
		if m, ok := l.(*Sem); ok && m.Size != nil && len(m.Size.Terms) == 0 && m.Size.Const > 1 {
			continue
		}
		if t[l] || t[unknownToken{}] {
			return true
		}
	}
	return s[unknownToken{}] && len(t) > 0
}

// inline reports whether a call outside the package is named like one that calls
// the function it is given before it returns, and not under a lock of its own.
func inline(text string) bool {
	name := strings.ToLower(text)
	for _, part := range []string{"once", "lock", "single", "flight", "cache", "async"} {
		if strings.Contains(name, part) {
			return false
		}
	}
	for _, part := range []string{"retry", "retries", "poll", "backoff", "walk", "sort", "foreach", "measure", "withspan", "trace", "instrument"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// chosen reports whether the instruction is only reached where a comparison has
// picked one of many (an index, a name, a kind, a mark), or where an atomic operation has:
// then not every goroutine that runs this code gets there.
func chosen(in ssa.Instruction) bool {
	blk := in.Block()
	for d := blk.Idom(); d != nil; d = d.Idom() {
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		// A branch back to the head of a loop dominates the block without leading there.
		yes := d.Succs[0].Dominates(blk) && !d.Succs[0].Dominates(d)
		no := d.Succs[1].Dominates(blk) && !d.Succs[1].Dominates(d)
		if yes == no {
			continue
		}
		if picks(cond.Cond, yes, 0) {
			return true
		}
	}
	return false
}

// picks reports whether a condition with this outcome picks one of many.
func picks(v ssa.Value, yes bool, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return picks(v.X, !yes, depth+1)
		}
		if f, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			b, basic := f.Type().(*types.Pointer).Elem().Underlying().(*types.Basic)
			return yes && basic && b.Kind() == types.Bool // a mark on one of them
		}
		if v.Op == token.MUL {
			if a, ok := v.X.(*ssa.Alloc); ok {
				for _, ref := range *a.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(a) && picks(st.Val, yes, depth+1) {
						return true
					}
				}
			}
		}
	case *ssa.Extract:
		return picks(v.Tuple, yes, depth+1)
	case *ssa.Call:
		if _, ok := v.Call.Value.(*ssa.Builtin); ok {
			return false
		}
		fn := staticFunc(&v.Call)
		if fn == nil {
			return true // given from outside: it may know
		}
		switch fn.Name() {
		case "CompareAndSwap", "Swap", "Add", "TryLock", "TryAcquire", "LoadOrStore", "LoadAndDelete", "Inc", "Dec":
			return true
		}
		return strings.HasPrefix(fn.Name(), "CompareAndSwap") || strings.HasPrefix(fn.Name(), "Add") || strings.HasPrefix(fn.Name(), "Swap") || strings.HasSuffix(fn.Name(), "Once") || strings.HasPrefix(fn.Name(), "Is")
	case *ssa.BinOp:
		if picks(v.X, yes, depth+1) || picks(v.Y, yes, depth+1) {
			return true
		}
		if v.Op == token.EQL && yes || v.Op == token.NEQ && !yes {
			b, ok := v.X.Type().Underlying().(*types.Basic)
			return ok && b.Info()&types.IsBoolean == 0 && !isEmptyText(v.Y) || !ok && !isNil(v.Y) && !isNil(v.X)
		}
	}
	return false
}

// isEmptyText reports whether v is "": a comparison with it picks nothing.
func isEmptyText(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.ExactString() == `""`
}
