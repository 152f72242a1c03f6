package value

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// HoldsOnly reports whether v reads a local variable to which nothing else is stored.
func HoldsOnly(v, val ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return false
	}
	a, ok := ld.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val != val || !ok && !IsLoad(ref) {
			return false
		}
	}
	return true
}

// ReadsInLoop reports whether a call that reads from something, or makes a reader, may be
// one of those that read it to its end: it, or any call of a reader's method in the
// function, stands in a loop.
func ReadsInLoop(in ssa.CallInstruction) bool {
	for _, blk := range in.Parent().Blocks {
		if !source.InLoop(blk) {
			continue
		}
		for _, x := range blk.Instrs {
			call, ok := x.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if x == in || known.ReadsOn(source.Callee(call.Common())) {
				return true
			}
		}
	}
	return false
}
