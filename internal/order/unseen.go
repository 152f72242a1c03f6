package order

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
)

// leftOut reports whether the op calls a function of the package that is not followed,
// as it is too deep or the model is full, and that hands something to other goroutines
// or waits for them: which of them is not known. A call that closes a circle does no
// more than what is around it.
func (o *Ordering) leftOut(in ssa.CallInstruction, fr *flow.Frame) bool {
	fn := in.Common().StaticCallee()
	if fn == nil || o.e.Foreign(fn) {
		return false
	}
	for f := fr; f != nil; f = f.Caller {
		if f.Fn == fn {
			return false
		}
	}
	return o.e.synchronizes(fn)
}

// synchronizes reports whether the function, or one of the package that it calls, may
// send, receive or close. What is too deep to be followed has no SSA (relevant.Set).
func (e *Orders) synchronizes(fn *ssa.Function) bool {
	out, ok := e.synced[fn]
	if !ok {
		for f := range model.Reached([]*ssa.Function{fn}, e.calledIn) {
			out = out || len(f.Blocks) == 0 || slices.ContainsFunc(f.Blocks, func(b *ssa.BasicBlock) bool { return slices.ContainsFunc(b.Instrs, usesChan) })
		}
		e.synced[fn] = out
	}
	return out
}

// calledIn lists the functions of the package that fn calls by name.
func (e *Orders) calledIn(fn *ssa.Function) []*ssa.Function {
	var out []*ssa.Function
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok {
				if f := call.Common().StaticCallee(); f != nil && !e.Foreign(f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

func usesChan(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send, *ssa.Select:
		return true
	case *ssa.UnOp:
		return known.IsChan(in.X.Type())
	case ssa.CallInstruction:
		b, ok := in.Common().Value.(*ssa.Builtin)
		return ok && b.Name() == "close"
	}
	return false
}
