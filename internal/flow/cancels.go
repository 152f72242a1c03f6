package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// isCancel reports whether s is the CancelFunc of such a context.
func isCancel(s Origin) bool {
	call, ok := s.Val.(*ssa.Call)
	return ok && s.Index == 1 && s.Path == "" && known.Derives(known.FuncName(source.Callee(&call.Call))) == model.AddsCancel
}

// CancelSeen reports whether the CancelFunc that the call returns in fr is only called in
// the frames below root, wherever it is kept, and always known to be this one.
func (e *Flow) CancelSeen(call *ssa.Call, fr, root *Frame) bool {
	s := Origin{Val: call, Index: 1, Frame: fr}
	return e.Escape(s, root) == "" && (root.Life == nil || e.OutsideOf(s, root) == Outside{})
}

// CancelStays reports whether the CancelFunc that the call returns is only
// called, deferred or thrown away by the function that gets it and its literals.
func (e *Flow) CancelStays(call *ssa.Call) bool {
	for _, ref := range *call.Referrers() {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != 1 {
			continue
		}
		if !e.onlyCalled(ext, map[ssa.Value]bool{}) {
			return false
		}
	}
	return true
}

// runsHere reports whether a literal is only called, deferred or started, by the
// function that makes it or, as a task, by a group. What else a group is given, it calls
// when it wants to.
func (e *Flow) runsHere(mc *ssa.MakeClosure) bool {
	for _, ref := range *mc.Referrers() {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			if _, debug := ref.(*ssa.DebugRef); debug {
				continue
			}
			return false
		}
		if call.Common().Value == ssa.Value(mc) {
			continue
		}
		_, m, ok := e.Groups.Method(source.Callee(call.Common()))
		if !ok || m.Does != model.OpSpawn || source.Args(call.Common())[1+m.Arg] != ssa.Value(mc) {
			return false
		}
	}
	return true
}

// onlyCalled reports whether a function value goes nowhere but into local
// variables and calls.
func (e *Flow) onlyCalled(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return true
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val != v {
				continue // the variable gets another value
			}
			switch ref.Addr.(type) {
			case *ssa.Alloc:
				if !e.onlyCalled(ref.Addr, seen) {
					return false
				}
			default:
				return false
			}
		case *ssa.UnOp:
			if ref.Op != token.MUL || !e.onlyCalled(ref, seen) {
				return false
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			if !e.runsHere(ref) {
				return false
			}
			for i, b := range ref.Bindings {
				if b == v && i < len(lit.FreeVars) && !e.onlyCalled(lit.FreeVars[i], seen) {
					return false
				}
			}
		case ssa.CallInstruction:
			if ref.Common().Value != v {
				return false
			}
		default:
			return false
		}
	}
	return true
}
