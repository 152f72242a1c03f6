// Package method reads what the instructions of a method do to the fields of its object, and
// which functions of the package it calls. It looks at one instruction at a time: objects in
// parameters, fields of fields and what literals do are ignored.
package method

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// EachInstr does something with each instruction of a function.
func EachInstr(fn *ssa.Function, do func(ssa.Instruction)) {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			do(in)
		}
	}
}

// Callees are the functions of the package that a function calls by their names.
func Callees(fn *ssa.Function) (out []*ssa.Function) {
	EachInstr(fn, func(in ssa.Instruction) {
		if f := CalledByName(in); f != nil && !slices.Contains(out, f) {
			out = append(out, f)
		}
	})
	return out
}

// CalledByName is the function of the package that an instruction calls, nil if it is none.
func CalledByName(in ssa.Instruction) *ssa.Function {
	call, ok := in.(*ssa.Call)
	if !ok {
		return nil
	}
	if f := call.Call.StaticCallee(); f != nil && f.Pkg == in.Parent().Pkg && f.Parent() == nil {
		return f
	}
	return nil
}

// Stored is the value that a variable of one assignment is read for, or v itself.
func Stored(v ssa.Value) ssa.Value {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return v
	}
	cell, ok := ld.X.(*ssa.Alloc)
	if !ok {
		return v
	}
	var only ssa.Value
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if only != nil || ref.Addr != ssa.Value(cell) {
				return v
			}
			only = ref.Val
		default:
			return v // a literal may assign it
		}
	}
	if only == nil {
		return v
	}
	return Stored(only)
}

// OwnField is the field of the receiver of fn that stands at an address, nil if there is none.
func OwnField(addr ssa.Value, fn *ssa.Function) *types.Var {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok || Stored(f.X) != ssa.Value(fn.Params[0]) {
		return nil
	}
	return value.FieldOf(f)
}

// HeldField is the field of the receiver of fn that a value is read from, nil if there is none.
func HeldField(v ssa.Value, fn *ssa.Function) *types.Var {
	if ld, ok := Stored(v).(*ssa.UnOp); ok && ld.Op == token.MUL {
		return OwnField(ld.X, fn)
	}
	return nil
}

// Called is the function that an instruction calls at once, and the field of the receiver that
// it is a method of.
func Called(in ssa.Instruction, fn *ssa.Function) (callee *types.Func, of *types.Var) {
	call, ok := in.(*ssa.Call)
	if !ok {
		return nil, nil
	}
	callee = source.Callee(&call.Call)
	if args := call.Call.Args; callee != nil && len(args) > 0 && callee.Signature().Recv() != nil {
		if of = OwnField(args[0], fn); of == nil {
			of = HeldField(args[0], fn)
		}
	}
	return callee, of
}

// Locking is what an instruction does to a mutex of the receiver.
func Locking(in ssa.Instruction, fn *ssa.Function) (role known.Role, lock *types.Var) {
	callee, of := Called(in, fn)
	switch role = known.RoleOf(known.FuncName(callee)); role {
	case known.RoleLock, known.RoleUnlock:
		return role, of
	}
	return 0, nil
}

// LockAt is the one mutex of the receiver that is held at an instruction; sure is false if fn
// uses others, or has a literal run at its end, which may recover.
func LockAt(at ssa.Instruction) (lock *types.Var, sure bool) {
	fn := at.Parent()
	held := false
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			if d, ok := in.(*ssa.Defer); ok && source.Callee(&d.Call) == nil {
				return nil, false
			}
			role, of := Locking(in, fn)
			if role == 0 {
				continue
			}
			if of == nil || lock != nil && of != lock {
				return nil, false
			}
			lock = of
			if source.Dominates(in, at) {
				held = role == known.RoleLock
			}
		}
	}
	return lock, lock == nil || held
}
