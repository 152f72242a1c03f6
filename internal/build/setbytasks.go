package build

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Conditions that other goroutines have a part in: what they ask is a variable that a
// goroutine sets. A count under a lock whose last one closes, a flag that is set once, the
// failure that a task has noted: which way such a condition goes depends on who came before.

// asksShared reports whether a condition, depth operands deep, reads a variable that a
// started literal sets.
func (e *Builder) asksShared(v ssa.Value, fr *flow.Frame, depth int) bool {
	switch v := v.(type) {
	case *ssa.BinOp:
		return depth > 0 && (e.asksShared(v.X, fr, depth-1) || e.asksShared(v.Y, fr, depth-1))
	case *ssa.UnOp:
		if !value.Loads(v) {
			return depth > 0 && e.asksShared(v.X, fr, depth-1)
		}
		home, at := fr, v.Block()
		for _, in := range slices.Backward(at.Instrs[:source.IndexOf(at, v)]) {
			if st, ok := in.(*ssa.Store); ok && st.Addr == v.X {
				return depth > 0 && e.asksShared(st.Val, fr, depth-1) // what it has just set itself
			}
		}
		a := cellAt(v.X, &home)
		return a != nil && e.setByTask(a, v.Parent())
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return depth > 0 && e.asksShared(v.Call.Args[0], fr, depth-1)
		}
	}
	return false
}

// setByTask reports whether a literal that is started sets the variable at addr, other than
// the function that asks, unless that is started several times.
func (e *Builder) setByTask(addr ssa.Value, asks *ssa.Function) bool {
	for _, ref := range *addr.Referrers() {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		lit := mc.Fn.(*ssa.Function)
		alone := !source.InLoop(mc.Block()) && within(asks, lit)
		for i, b := range mc.Bindings {
			if b == addr && (!alone && e.isStarted(mc) && sets(lit.FreeVars[i]) || e.setByTask(lit.FreeVars[i], asks)) {
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
func (e *Builder) isStarted(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Go:
			return true
		case *ssa.Call:
			if e.Groups.Starts(source.Callee(&ref.Call)) {
				return true
			}
		}
	}
	return false
}

// sets reports whether a literal, or one in it, sets what it has captured.
func sets(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && sets(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			}
		}
	}
	return false
}
