package value

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
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

// FlagGuarded reports whether a and b are both reached only where a flag was found not
// to be set, or a variable to be nil, and the function sets it there: once one of them was
// reached, none is again until the flag is set back. The flag is asked for in each round
// of a loop; errors are no flags.
func FlagGuarded(a, b ssa.Instruction) bool {
	if a == nil || b == nil || a.Parent() != b.Parent() {
		return false
	}
	for d := a.Block().Idom(); d != nil; d = d.Idom() {
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || !source.InLoop(d) {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) != 1 || !s.Dominates(a.Block()) || !s.Dominates(b.Block()) {
				continue
			}
			if f, ok := flagOf(branch.Cond, i == 0); ok && f.setIn(s) {
				return true
			}
		}
	}
	return false
}

// A flag is a variable or field that a condition has found to be false, true or nil.
type flag struct {
	addr  ssa.Value
	isNil bool
	found bool // the value of a boolean
}

// flagOf is the flag that a condition asks for, and what it has found if its outcome is
// yes; ok is false for other conditions.
func flagOf(v ssa.Value, yes bool) (f flag, ok bool) {
	switch c := v.(type) {
	case *ssa.UnOp:
		switch c.Op {
		case token.NOT:
			return flagOf(c.X, !yes)
		case token.MUL:
			return flag{addr: c.X, found: yes}, true
		}
	case *ssa.BinOp:
		ld, reads := c.X.(*ssa.UnOp)
		if reads && ld.Op == token.MUL && source.IsNil(c.Y) && !known.IsError(ld.Type()) && (c.Op == token.EQL && yes || c.Op == token.NEQ && !yes) {
			return flag{addr: ld.X, isNil: true}, true
		}
	}
	return flag{}, false
}

// setIn reports whether the flag gets another value where the block dominates, by a
// store to the same address or to the same field.
func (f flag) setIn(top *ssa.BasicBlock) bool {
	field, isField := f.addr.(*ssa.FieldAddr)
	for _, blk := range top.Parent().Blocks {
		if !top.Dominates(blk) {
			continue
		}
		for _, in := range blk.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok || !f.changedBy(st.Val) {
				continue
			}
			to, ok := st.Addr.(*ssa.FieldAddr)
			if st.Addr == f.addr || ok && isField && to.Field == field.Field && to.X.Type() == field.X.Type() {
				return true
			}
		}
	}
	return false
}

func (f flag) changedBy(v ssa.Value) bool {
	if f.isNil {
		return !source.IsNil(v)
	}
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) != f.found
}
