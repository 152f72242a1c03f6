package source

import (
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
)

// What a method is for, told by what it does: to start goroutines, to run as one, to end
// them. Ignored: what is done through interfaces and function values.

// Spawns reports whether a function starts a goroutine, itself or in what it calls.
func (p *Package) Spawns(fn *ssa.Function, depth int) bool {
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := in.(*ssa.Go); ok || p.Groups.Starts(Callee(call.Common())) {
				return true
			}
			if f := call.Common().StaticCallee(); f != nil && depth > 0 && f.Pkg == p.SSA && p.Spawns(f, depth-1) {
				return true
			}
		}
	}
	return false
}

// RunsUntil are the channels in fields of the object, a t, of which a method hears when to
// leave a loop: for each whether it leaves by whatever is received.
func (p *Package) RunsUntil(t *types.Named, m *ssa.Function) map[*types.Var]bool {
	out := map[*types.Var]bool{}
	p.runsUntil(t, m, 1, out)
	return out
}

// Hears are the channels in fields of the object, a t, that a method waits for beside
// others.
func (p *Package) Hears(t *types.Named, m *ssa.Function) map[*types.Var]bool {
	out := map[*types.Var]bool{}
	for _, blk := range m.Blocks {
		for _, in := range blk.Instrs {
			sel, ok := in.(*ssa.Select)
			if !ok {
				continue
			}
			for _, st := range sel.States {
				if f := fieldRead(st.Chan, t); f != nil && st.Dir == types.RecvOnly {
					out[f] = false
				}
			}
		}
	}
	return out
}

func (p *Package) runsUntil(t *types.Named, fn *ssa.Function, depth int, out map[*types.Var]bool) {
	note := func(ch ssa.Value, leaves bool) {
		if f := fieldRead(ch, t); f != nil {
			out[f] = out[f] || leaves
		}
	}
	for _, blk := range fn.Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				if f := in.Call.StaticCallee(); f != nil && depth > 0 && f.Pkg == p.SSA {
					p.runsUntil(t, f, depth-1, out)
				}
			case *ssa.UnOp:
				if in.Op == token.ARROW && InLoop(blk) {
					note(in.X, false)
				}
			case *ssa.Select:
				for i, st := range in.States {
					if st.Dir == types.RecvOnly && InLoop(blk) {
						note(st.Chan, leavesAt(in, i))
					}
				}
			}
		}
	}
}

// fieldRead is the field of a t that a value is read from, nil if it is none.
func fieldRead(v ssa.Value, t *types.Named) *types.Var {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return nil
	}
	f, ok := ld.X.(*ssa.FieldAddr)
	if !ok || known.NamedType(f.X.Type()) != t {
		return nil
	}
	return t.Underlying().(*types.Struct).Field(f.Field)
}

// leavesAt reports whether case i of a select leads out of the loop around it.
func leavesAt(sel *ssa.Select, i int) bool {
	for _, ref := range *sel.Referrers() {
		which, ok := ref.(*ssa.Extract)
		if !ok || which.Index != 0 {
			continue
		}
		for _, use := range *which.Referrers() {
			cmp, ok := use.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			if k, ok := cmp.Y.(*ssa.Const); !ok || k.Value == nil || k.Int64() != int64(i) {
				continue
			}
			for _, at := range *cmp.Referrers() {
				if branch, ok := at.(*ssa.If); ok {
					arm := branch.Block().Succs[0]
					return !Follows(arm, sel.Block()) && arm != sel.Block()
				}
			}
		}
	}
	return false
}

// Tellers are the functions that close one of the channels, or send on one that who
// receives leaves at, themselves or in what they name.
func (p *Package) Tellers(until map[*types.Var]bool) map[*types.Func]bool {
	return p.DoneBy(func(f *types.Var, t Touch) bool {
		return t.Kind == TouchClose || t.Kind == TouchSend && until[f]
	}, maps.Keys(until))
}
