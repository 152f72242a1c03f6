package value

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Conditions that other goroutines have a part in: what they ask is a variable that a
// goroutine sets, or a field of an object that they share. A count under a lock whose last
// one closes, a flag that is set once, the failure that a task has noted: which way such a
// condition goes depends on who came before, so that no schedule may choose it.

// AsksShared reports whether a branch in fr goes by what another goroutine sets. Left out:
// whether there is a channel at all, and what a sync.Cond is waited for, as the goroutine
// does not go on before.
func (e *Values) AsksShared(branch *ssa.If, fr *flow.Frame) bool {
	if cmp, ok := branch.Cond.(*ssa.BinOp); ok && known.IsChan(cmp.X.Type()) {
		return false
	}
	if slices.ContainsFunc(branch.Block().Succs, waitsForCond) {
		return false
	}
	return e.asksShared(branch.Cond, fr, model.MaxOperands)
}

// waitsForCond reports whether a block waits for a sync.Cond.
func waitsForCond(blk *ssa.BasicBlock) bool {
	return slices.ContainsFunc(blk.Instrs, func(in ssa.Instruction) bool {
		call, ok := in.(*ssa.Call)
		return ok && known.RoleOf(known.FuncName(source.Callee(&call.Call))) == known.RoleCondWait
	})
}

func (e *Values) asksShared(v ssa.Value, fr *flow.Frame, depth int) bool {
	if depth < 0 || fr == nil {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		return e.asksShared(v.X, fr, depth-1) || e.asksShared(v.Y, fr, depth-1)
	case *ssa.UnOp:
		if !Loads(v) {
			return e.asksShared(v.X, fr, depth-1)
		}
		if st := JustSet(v); st != nil {
			return e.asksShared(st.Val, fr, depth-1)
		}
		if f, ok := v.X.(*ssa.FieldAddr); ok {
			return e.isSharedField(f, fr)
		}
		home := fr
		a := CellAt(v.X, &home)
		return a != nil && e.setByTask(a, v.Parent())
	case *ssa.Call:
		return e.callShares(v, 0, fr, depth)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && e.callShares(call, v.Index, fr, depth)
	}
	return false
}

// callShares reports whether a result of a call tells what another goroutine sets: an atomic
// operation, the length of a list, or a function of the package that returns it.
func (e *Values) callShares(call *ssa.Call, result int, fr *flow.Frame, depth int) bool {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() == "len" && e.asksShared(call.Call.Args[0], fr, depth-1)
	}
	if fn := source.Callee(&call.Call); fn != nil && known.IsAtomicFunc(fn) {
		return true
	}
	t, ok := e.Target(&call.Call, fr)
	if !ok || e.Foreign(t.Fn) || depth == 0 {
		return false
	}
	child := e.Enter(fr, call, t, flow.CallArgs(&call.Call), false)
	return child != nil && slices.ContainsFunc(source.Returns(t.Fn), func(ret *ssa.Return) bool {
		return result < len(ret.Results) && e.asksShared(ret.Results[result], child, depth-1)
	})
}

// JustSet is the store to the same variable or field just before a load, on every way to it,
// nil if there is none: what the load gives is what its own goroutine has set.
func JustSet(ld *ssa.UnOp) *ssa.Store {
	at, before := ld.Block(), source.IndexOf(ld.Block(), ld)
	for {
		for _, in := range slices.Backward(at.Instrs[:before]) {
			if st, ok := in.(*ssa.Store); ok && flow.SamePlace(st.Addr, ld.X) {
				return st
			}
		}
		if len(at.Preds) != 1 {
			return nil
		}
		at = at.Preds[0]
		before = len(at.Instrs)
		if at == ld.Block() {
			return nil
		}
	}
}

// isSharedField reports whether a field may be set by another goroutine than the one that
// reads it in fr, or at another time: a function that has not made the object sets it, or
// many goroutines run the one that does, or that one asks whether it is set already.
func (e *Values) isSharedField(f *ssa.FieldAddr, fr *flow.Frame) bool {
	field, w := FieldOf(f), e.FieldWrites("."+source.FieldName(f))
	if field == nil || w == nil {
		return false
	}
	own := !e.isOneOfMany(f, fr)
	return slices.ContainsFunc(w.Stores, func(st *ssa.Store) bool {
		to, ok := st.Addr.(*ssa.FieldAddr)
		switch {
		case !ok || FieldOf(to) != field:
			return false
		case own && st.Parent() == f.Parent():
			return !st.Block().Dominates(f.Block()) // it is asked whether that was done before
		}
		return !e.isMadeIn(to.X, st.Parent())
	})
}

// isMadeIn reports whether what a pointer points to is made in the function.
func (e *Values) isMadeIn(ptr ssa.Value, fn *ssa.Function) bool {
	made := e.Resolve(ptr, e.RootFrame(fn))
	return len(made) > 0 && !slices.ContainsFunc(made, func(s flow.Origin) bool {
		a, ok := s.Val.(*ssa.Alloc)
		return !ok || s.Path != "" || a.Parent() != fn
	})
}

// isOneOfMany reports whether fr runs in several goroutines, and the object whose field is
// read is not made for each of them.
func (e *Values) isOneOfMany(f *ssa.FieldAddr, fr *flow.Frame) bool {
	if !StartedInLoop(fr) {
		return false
	}
	return !slices.ContainsFunc(e.Resolve(f.X, fr), func(s flow.Origin) bool {
		a, ok := s.Val.(*ssa.Alloc)
		return ok && (source.InLoop(a.Block()) || s.Frame != nil && StartedInLoop(s.Frame))
	})
}

// StartedInLoop reports whether fr runs in a goroutine of which a loop starts several.
func StartedInLoop(fr *flow.Frame) bool {
	spawned := false
	for f := fr; f != nil && f.Site != nil; f = f.Caller {
		spawned = spawned || f.Spawned
		if spawned && source.InLoop(f.Site.Block()) {
			return true
		}
	}
	return false
}

// setByTask reports whether a literal that runs in a goroutine sets the variable at addr,
// other than the function that asks, unless several goroutines run that.
func (e *Values) setByTask(addr ssa.Value, asks *ssa.Function) bool {
	for _, ref := range *addr.Referrers() {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		lit := mc.Fn.(*ssa.Function)
		alone := !source.InLoop(mc.Block()) && within(asks, lit)
		for i, b := range mc.Bindings {
			if b != addr {
				continue
			}
			runs := !alone && e.isStarted(mc) || e.calledByTask(mc)
			if runs && setsCaptured(lit.FreeVars[i]) || e.setByTask(lit.FreeVars[i], asks) {
				return true
			}
		}
	}
	return false
}

// within reports whether fn is the function lit, or a literal in it.
func within(fn, lit *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == lit {
			return true
		}
	}
	return false
}

// isStarted reports whether a literal is what a goroutine runs.
func (e *Values) isStarted(mc *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*mc.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Go:
			return true
		case *ssa.Call:
			return e.Groups.Starts(source.Callee(&ref.Call))
		}
		return false
	})
}

// calledByTask reports whether a literal is held in a variable that what a goroutine runs has
// captured.
func (e *Values) calledByTask(mc *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*mc.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Val == ssa.Value(mc) && e.capturedByTask(st.Addr)
	})
}

func (e *Values) capturedByTask(addr ssa.Value) bool {
	refs := addr.Referrers()
	return refs != nil && slices.ContainsFunc(*refs, func(ref ssa.Instruction) bool {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			return false
		}
		i := slices.Index(mc.Bindings, addr)
		return i >= 0 && (e.isStarted(mc) || e.capturedByTask(mc.Fn.(*ssa.Function).FreeVars[i]))
	})
}

// setsCaptured reports whether a literal, or one in it, sets what it has captured.
func setsCaptured(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && setsCaptured(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			}
		}
	}
	return false
}

// CellAt is the local variable at addr, which may be captured, and turns fr into the
// frame that it is a variable of; nil if there is none.
func CellAt(addr ssa.Value, fr **flow.Frame) *ssa.Alloc {
	a, _ := BoundTo(addr, fr).(*ssa.Alloc)
	return a
}

// BoundTo is what a captured address is bound to, in the frame to which it turns fr; nil if
// that is not known. Any other address is its own.
func BoundTo(addr ssa.Value, fr **flow.Frame) ssa.Value {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			return addr
		}
		addr, *fr = (*fr).Binding(fv)
		if addr == nil {
			return nil
		}
	}
}
