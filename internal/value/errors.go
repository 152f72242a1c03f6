package value

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What single instructions do with errors: wrap them, put them somewhere, tell them.

// Wrapped is the errors among the arguments of a call, those in its variadic
// part too.
func Wrapped(c *ssa.CallCommon) []ssa.Value {
	var out []ssa.Value
	for _, a := range source.PlainArgs(c) {
		if known.IsError(a.Type()) {
			out = append(out, a)
			continue
		}
		sl, ok := a.(*ssa.Slice)
		if !ok {
			continue
		}
		arr, ok := sl.X.(*ssa.Alloc)
		if !ok {
			continue
		}
		for _, ref := range *arr.Referrers() {
			ia, ok := ref.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, r := range *ia.Referrers() {
				st, ok := r.(*ssa.Store)
				if !ok || st.Addr != ssa.Value(ia) {
					continue
				}
				v := st.Val
				if ci, ok := v.(*ssa.ChangeInterface); ok {
					v = ci.X
				}
				if known.IsError(v.Type()) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// TellsErrors reports whether a function, or a literal of it, writes an error to a log or
// prints it.
func TellsErrors(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if to := source.Callee(call.Common()); to != nil && known.Tells(to) && len(Wrapped(call.Common())) > 0 {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, TellsErrors)
}

// IsLocalTo reports whether addr, seen from fr, is a variable of the frame task or
// of what it calls.
func IsLocalTo(addr ssa.Value, fr, task *flow.Frame) bool {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b, home := fr.Binding(fv)
		if b == nil {
			return false
		}
		addr, fr = b, home
	}
	if _, ok := addr.(*ssa.Alloc); !ok {
		return false
	}
	for ; fr != nil; fr = fr.Caller {
		if fr == task {
			return true
		}
	}
	return false
}

// KeepsTrace reports whether in writes to something that outlives the function:
// where an error was found, that is a trace of it.
func KeepsTrace(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Store:
		switch in.Addr.(type) {
		case *ssa.FreeVar, *ssa.Global:
			return true
		}
	case *ssa.MapUpdate:
		return true
	}
	return false
}

// KeepsError reports whether in puts an error somewhere besides the results of its
// function.
func KeepsError(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Store:
		if !known.IsError(in.Val.Type()) {
			return false
		}
		if c, ok := in.Val.(*ssa.Const); ok && c.IsNil() {
			return false
		}
		switch addr := in.Addr.(type) {
		case *ssa.FreeVar, *ssa.Global:
			return true
		case *ssa.FieldAddr:
			return true
		case *ssa.IndexAddr:
			_, local := addr.X.(*ssa.Alloc) // the array of a variadic call
			return !local
		}
	case *ssa.Send:
		return HoldsError(in.X.Type())
	case *ssa.MapUpdate:
		return known.IsError(in.Value.Type())
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" {
				return false
			}
			s, ok := c.Args[0].Type().Underlying().(*types.Slice)
			return ok && HoldsError(s.Elem())
		}
		if c.Signature().Results().Len() != 0 {
			return false
		}
		for p := range c.Signature().Params().Variables() {
			if known.IsError(p.Type()) {
				return true
			}
		}
	}
	return false
}

// HoldsError reports whether t is an error or a struct with one.
func HoldsError(t types.Type) bool {
	if known.IsError(t) {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if known.IsError(f.Type()) {
			return true
		}
	}
	return false
}

// ReadAfter reports whether the variable that st writes is read before it is
// written again. Captured variables count as read.
func ReadAfter(st *ssa.Store) bool {
	cell, ok := st.Addr.(*ssa.Alloc)
	if !ok {
		return true
	}
	for _, ref := range *cell.Referrers() {
		switch ref.(type) {
		case *ssa.Store, *ssa.UnOp, *ssa.DebugRef:
		default:
			return true
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	var visit func(blk *ssa.BasicBlock, from int) bool
	visit = func(blk *ssa.BasicBlock, from int) bool {
		for _, in := range blk.Instrs[from:] {
			switch in := in.(type) {
			case *ssa.UnOp:
				if in.Op == token.MUL && in.X == ssa.Value(cell) && len(*in.Referrers()) > 0 {
					return true
				}
			case *ssa.Store:
				if in.Addr == ssa.Value(cell) {
					return false
				}
			}
		}
		for _, s := range blk.Succs {
			if !seen[s] {
				seen[s] = true
				if visit(s, 0) {
					return true
				}
			}
		}
		return false
	}
	return visit(st.Block(), source.IndexOf(st.Block(), st)+1)
}
