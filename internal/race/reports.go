package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// onlyReported reports whether what is loaded goes into the report of a test and nowhere
// else. A race with that makes a wrong word in what a person reads of a test that has
// failed, mostly because the time for the task was over.
func onlyReported(ld *ssa.UnOp) bool {
	reported := false
	var goes func(v ssa.Value) bool
	goes = func(v ssa.Value) bool {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef:
			case *ssa.MakeInterface:
				if !goes(ref) {
					return false
				}
			case *ssa.Convert:
				if !goes(ref) {
					return false
				}
			case *ssa.Store:
				list := listOfArguments(ref)
				if list == nil || !goes(list) {
					return false
				}
			case *ssa.Call:
				if fn := source.Callee(&ref.Call); fn == nil || !known.ReportsTest(fn) {
					return false
				}
				reported = true
			default:
				return false
			}
		}
		return true
	}
	return goes(ld) && reported
}

// listOfArguments is the list of a variadic call that the store puts a value in, nil if it
// stores somewhere else.
func listOfArguments(st *ssa.Store) ssa.Value {
	at, ok := st.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	array, ok := at.X.(*ssa.Alloc)
	if !ok || array.Comment != "varargs" {
		return nil
	}
	for _, ref := range *array.Referrers() {
		if list, ok := ref.(*ssa.Slice); ok {
			return list
		}
	}
	return nil
}

// unheard reports whether the place is a result of the function that only its callers come
// to see, and none of them looks at it.
func (x *racer) unheard(a *access) bool {
	cell, ok := a.root.(*ssa.Alloc)
	if !ok || a.path != "" || !isResult(cell) || !onlyReturned(cell) {
		return false
	}
	fn, ok := cell.Parent().Object().(*types.Func)
	return ok && x.e.Package.Discarded(fn)
}

// isResult reports whether the variable is a named result of its function.
func isResult(cell *ssa.Alloc) bool {
	for v := range cell.Parent().Signature.Results().Variables() {
		if v.Name() != "" && v.Pos() == cell.Pos() {
			return true
		}
	}
	return false
}

// onlyReturned reports whether nobody reads the variable but a return, in its function or
// in a literal.
func onlyReturned(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != addr {
				return false
			}
		case *ssa.UnOp:
			for _, use := range *ref.Referrers() {
				_, returns := use.(*ssa.Return)
				st, stores := use.(*ssa.Store)
				if !returns && !(stores && st.Addr == addr) {
					return false
				}
			}
		case *ssa.MakeClosure:
			i := slices.Index(ref.Bindings, addr)
			if lit := ref.Fn.(*ssa.Function); i < 0 || !onlyReturned(lit.FreeVars[i]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
