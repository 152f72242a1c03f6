package source

import "golang.org/x/tools/go/ssa"

// AskedAtOnce reports whether all that is done with the number that a call of len gives is
// to compare it with a constant, for a branch: what a number that is kept says of a channel
// later is not followed.
func AskedAtOnce(site ssa.CallInstruction) bool {
	call, ok := site.(*ssa.Call)
	if !ok {
		return true // nobody has the number
	}
	for _, ref := range *call.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if _, debug := ref.(*ssa.DebugRef); debug {
			continue
		}
		if !ok {
			return false
		}
		_, left := cmp.X.(*ssa.Const)
		if _, right := cmp.Y.(*ssa.Const); !left && !right {
			return false
		}
		for _, use := range *cmp.Referrers() {
			_, branches := use.(*ssa.If)
			if _, debug := use.(*ssa.DebugRef); !branches && !debug {
				return false
			}
		}
	}
	return true
}
