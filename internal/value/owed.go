package value

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Functions that owe a Done: they are given a WaitGroup to count down, by a parameter, and
// do nothing else with it. Those that say how they went, by a result, may leave that to their
// caller where they fail, and what a caller's choice decides is not theirs.

// Owed are the calls of Done that a function owes whoever gives it a WaitGroup: each is
// made once at most, and not deferred. There are none where the group is handed on.
func Owed(fn *ssa.Function) []*ssa.Call {
	if fn.Signature.Results().Len() > 0 {
		return nil
	}
	var owed []*ssa.Call
	for _, p := range fn.Params {
		ptr, ok := p.Type().(*types.Pointer)
		if !ok || !known.IsNamed(ptr.Elem(), "sync", "WaitGroup") {
			continue
		}
		dones, ok := onlyDone(p)
		if ok && len(dones) > 0 {
			owed = append(owed, dones...)
		}
	}
	return owed
}

// onlyDone are the calls of Done on a parameter; ok is false if anything else is done with it.
func onlyDone(p *ssa.Parameter) (dones []*ssa.Call, ok bool) {
	rest := []ssa.Value{p}
	for len(rest) > 0 {
		v := rest[0]
		rest = rest[1:]
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef:
			case *ssa.Store:
				cell, isCell := ref.Addr.(*ssa.Alloc)
				if !isCell || ref.Val != ssa.Value(p) {
					return nil, false
				}
				if v == ssa.Value(p) {
					rest = append(rest, cell)
				}
			case *ssa.UnOp:
				rest = append(rest, ref)
			case *ssa.Call:
				if what, takes := known.Takes(source.Callee(&ref.Call)); what != known.ACount || takes || source.InLoop(ref.Block()) {
					return nil, false
				}
				dones = append(dones, ref)
			default:
				return nil, false
			}
		}
	}
	return dones, true
}

// LeavesByItself reports whether a return comes after a branch that goes by what the function
// has found, and not by what it was given.
func LeavesByItself(ret *ssa.Return) bool {
	for blk := ret.Block(); blk.Idom() != nil; blk = blk.Idom() {
		d := blk.Idom()
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(blk.Preds) != 1 {
			continue
		}
		return !asksParameter(branch.Cond)
	}
	return false
}

// asksParameter reports whether a condition asks for nothing but parameters and constants.
func asksParameter(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Parameter:
		return true
	case *ssa.BinOp:
		return asksParameter(v.X) && asksParameter(v.Y)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return asksParameter(v.X)
		}
		switch addr := v.X.(type) {
		case *ssa.FieldAddr:
			return asksParameter(addr.X)
		case *ssa.Alloc:
			return !slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
				st, ok := ref.(*ssa.Store)
				return ok && st.Addr == ssa.Value(addr) && !asksParameter(st.Val)
			})
		}
		return false
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len" && asksParameter(v.Call.Args[0])
	}
	return false
}
