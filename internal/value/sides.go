package value

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Two sides of a condition that stays the same: "if parallel { go ... } else { ... }" in
// a loop takes one side in all rounds.

// OtherSides reports whether two instructions of a function are on different sides of a
// condition that has the same outcome whenever it is asked.
func OtherSides(a, b ssa.Instruction) bool {
	if a == nil || b == nil || a.Parent() != b.Parent() {
		return false
	}
	for d := a.Block().Idom(); d != nil; d = d.Idom() {
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || !d.Dominates(b.Block()) {
			continue
		}
		for i, s := range d.Succs {
			other := d.Succs[1-i]
			if len(s.Preds) == 1 && len(other.Preds) == 1 && s.Dominates(a.Block()) && other.Dominates(b.Block()) && isSteady(branch.Cond, 0) {
				return true
			}
		}
	}
	return false
}

// isSteady reports whether an expression has the same value each time, as far as the
// function itself says: it is made of constants, parameters, and of variables and fields
// that the function stores nothing to. What others store is ignored.
func isSteady(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const, *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Alloc:
		return true
	case *ssa.BinOp:
		return isSteady(v.X, depth+1) && isSteady(v.Y, depth+1)
	case *ssa.UnOp:
		return v.Op != token.ARROW && isSteady(v.X, depth+1) && (v.Op != token.MUL || !storedIn(v.X, v.Parent()))
	case *ssa.FieldAddr:
		return isSteady(v.X, depth+1)
	case *ssa.Field:
		return isSteady(v.X, depth+1)
	}
	return false
}

// storedIn reports whether the function stores to the address, or to the same field of
// whatever object, other than to set a variable up.
func storedIn(addr ssa.Value, fn *ssa.Function) bool {
	field, isField := addr.(*ssa.FieldAddr)
	n := 0
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok {
				continue
			}
			if f, ok := st.Addr.(*ssa.FieldAddr); ok && isField && f.Field == field.Field && f.X.Type() == field.X.Type() {
				return true
			}
			if st.Addr == addr {
				n++
			}
		}
	}
	_, local := addr.(*ssa.Alloc)
	return n > 1 || n == 1 && !local
}
