package value

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
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
