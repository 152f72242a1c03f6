package order

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// readsInLoop reports whether a call that reads from something, or makes a reader, may be
// one of those that read it to its end: it, or any call of a reader's method in the
// function, stands in a loop.
func readsInLoop(in ssa.CallInstruction) bool {
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
