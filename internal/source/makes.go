package source

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// MakesChan reports whether fn itself makes a channel.
func MakesChan(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			if _, ok := in.(*ssa.MakeChan); ok {
				return true
			}
		}
	}
	return false
}

// StartsCancellable reports whether fn itself has a go statement and derives a context
// that can be cancelled.
func StartsCancellable(fn *ssa.Function) bool {
	starts, derives := false, false
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Go:
				starts = true
			case *ssa.Call:
				derives = derives || known.Derives(known.FuncName(Callee(&in.Call))) == model.AddsCancel
			}
		}
	}
	return starts && derives
}
