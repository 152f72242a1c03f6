package source

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// Recorded reports whether an error comes from a call that was given what the function
// itself records another error on, with a call that takes both and gives nothing back:
// each error is then told by what it belongs to.
func Recorded(v ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	cell, ok := ld.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	stores, _ := ReachingStores(cell, ld)
	for _, st := range stores {
		if from, ok := st.Val.(*ssa.Call); ok && len(recorders(from)) > 0 {
			return true
		}
	}
	return false
}

// recorders are the calls in the function of a call that record an error on one of its arguments.
func recorders(from *ssa.Call) []*ssa.Call {
	given := variablesOf(from)
	var out []*ssa.Call
	for _, blk := range from.Parent().Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok || call.Call.Signature().Results().Len() > 0 || !slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return known.IsError(a.Type()) }) {
				continue
			}
			if slices.ContainsFunc(variablesOf(call), func(c *ssa.Alloc) bool { return slices.Contains(given, c) }) {
				out = append(out, call)
			}
		}
	}
	return out
}

// variablesOf are the variables of the function itself that a call is given the values of,
// contexts and errors apart.
func variablesOf(call *ssa.Call) []*ssa.Alloc {
	var out []*ssa.Alloc
	for _, a := range call.Call.Args {
		if ld, ok := a.(*ssa.UnOp); ok && !known.IsError(a.Type()) && !known.IsContext(a.Type()) {
			if cell, ok := ld.X.(*ssa.Alloc); ok {
				out = append(out, cell)
			}
		}
	}
	return out
}
