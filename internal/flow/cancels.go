package flow

import (
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
