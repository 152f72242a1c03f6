package source

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// IsYield reports whether fn is the body of a range over a function, which the
// builder of the SSA makes a function of its own.
func IsYield(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// IsJump reports whether a variable is the one that says how a range over a
// function was left: the function around it and the loop's body store to it in
// turns, so that its value on a path is known although both do.
func IsJump(cell *ssa.Alloc) bool {
	return strings.HasPrefix(cell.Comment, "jump$") && !cell.Pos().IsValid()
}
