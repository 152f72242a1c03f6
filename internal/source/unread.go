package source

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Lists that only grow.
//
// What is appended to a variable of a function is lost if nobody reads that variable: the
// function and its literals name it to append to it, and for nothing else. Ignored:
// elements that the list shares with others.

// OnlyGrows reports whether a call appends to a list that nobody reads.
func OnlyGrows(call *ssa.Call) bool {
	for _, ref := range *call.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && Unread(st) {
			return true
		}
	}
	return false
}

// Unread reports whether st stores the list that a call has appended to in a variable
// which is only ever read to append to it.
func Unread(st *ssa.Store) bool {
	call, ok := st.Val.(*ssa.Call)
	if !ok || !appends(call) {
		return false
	}
	list := variable(st.Addr)
	return list != nil && onlyAppended(list)
}

func appends(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "append"
}

// variable is the variable of a function that v is the address of, maybe in one of its
// literals; nil if it is none.
func variable(v ssa.Value) *ssa.Alloc {
	for {
		switch x := v.(type) {
		case *ssa.Alloc:
			return x
		case *ssa.FreeVar:
			v = captured(x)
		default:
			return nil
		}
	}
}

// captured is what the literal of a free variable binds it to, nil if that is not known.
func captured(fv *ssa.FreeVar) ssa.Value {
	lit := fv.Parent()
	nth := slices.Index(lit.FreeVars, fv)
	for _, ref := range *lit.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok {
			return mc.Bindings[nth]
		}
	}
	return nil
}

// onlyAppended reports whether v, the address of a list, is used to append to the list
// and to store the result there, in the literals that hold it too.
func onlyAppended(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val == v {
				return false
			}
		case *ssa.UnOp:
			for _, use := range *ref.Referrers() {
				call, ok := use.(*ssa.Call)
				if _, debug := use.(*ssa.DebugRef); !debug && (!ok || !appends(call) || call.Call.Args[0] != ref || call.Call.Args[1] == ref) {
					return false
				}
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == v && !onlyAppended(lit.FreeVars[i]) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
