package errtrace

import (
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Which of a function's branches can be taken, as far as its error variables decide.
//
// Each variable of type error that no literal holds is nil, not nil, or either, at
// each place: nil when it is declared, not nil where a test found it so or a call
// made it (errors.New). A branch that contradicts this is never taken, and what it
// would store never counts: `if e != nil && err != nil { err = e }` leaves err nil
// for ever. The analysis goes on until nothing changes; a spent budget makes
// every branch possible.

// Nilness of an error: the bits of what it may be.
const (
	beNil = 1 << iota
	beError
	beEither = beNil | beError
)

// nilness is what is known of one function.
type nilness struct {
	live  map[*ssa.BasicBlock]map[*ssa.Alloc]int // at the entry of each block that can be reached
	whole bool                                   // nothing is known
}

// nilnessOf analyses fn.
func nilnessOf(fn *ssa.Function) *nilness { return nilnessWithout(fn, nil) }

// nilnessWithout analyses the paths of fn that do not come to certain blocks.
func nilnessWithout(fn *ssa.Function, without map[*ssa.BasicBlock]bool) *nilness {
	n := &nilness{live: map[*ssa.BasicBlock]map[*ssa.Alloc]int{fn.Blocks[0]: {}}}
	todo := []*ssa.BasicBlock{fn.Blocks[0]}
	for steps := 0; len(todo) > 0; steps++ {
		if steps > model.MaxNilSteps {
			n.whole = true
			return n
		}
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for i, s := range b.Succs {
			out, possible := n.leave(b, i)
			if possible && !without[s] && n.enter(s, out) {
				todo = append(todo, s)
			}
		}
	}
	return n
}

// enter joins what is known on one more way into b; it reports whether that changed
// anything.
func (n *nilness) enter(b *ssa.BasicBlock, out map[*ssa.Alloc]int) bool {
	in := n.live[b]
	if in == nil {
		n.live[b] = maps.Clone(out)
		return true
	}
	changed := false
	for cell, is := range in {
		if both := is | out[cell]; both != is || out[cell] == 0 {
			if out[cell] == 0 {
				delete(in, cell) // declared on one way only
			} else {
				in[cell] = both
			}
			changed = true
		}
	}
	return changed
}

// leave is what is known on the way from b to its successor i, and whether it can be
// taken.
func (n *nilness) leave(b *ssa.BasicBlock, i int) (out map[*ssa.Alloc]int, possible bool) {
	out = maps.Clone(n.live[b])
	vals := n.through(b, len(b.Instrs), out)
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return out, true
	}
	v, isNil, ok := asksNil(cond, i)
	if !ok || vals[v] == 0 {
		return out, true
	}
	want := beError
	if isNil {
		want = beNil
	}
	if vals[v]&want == 0 {
		return out, false
	}
	if ld, ok := v.(*ssa.UnOp); ok {
		if cell, ok := ld.X.(*ssa.Alloc); ok && out[cell] != 0 && !storesAfter(ld, cell) {
			out[cell] = want
		}
	}
	return out, true
}

// storesAfter reports whether the variable is set between ld and the end of its block.
func storesAfter(ld *ssa.UnOp, cell *ssa.Alloc) bool {
	b := ld.Block()
	for _, in := range b.Instrs[source.IndexOf(b, ld):] {
		if st, ok := in.(*ssa.Store); ok && st.Addr == ssa.Value(cell) {
			return true
		}
	}
	return false
}

// asksNil is the error that cond compares with nil, and whether it is nil on the way
// to successor i.
func asksNil(cond *ssa.If, i int) (v ssa.Value, isNil, ok bool) {
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !known.IsError(cmp.X.Type()) || !comparesNil(cmp) {
		return nil, false, false
	}
	return cmp.X, (cmp.Op == token.EQL) == (i == 0), true
}

// through runs the first instructions of b over what is known at its entry, and gives
// what is known of the errors that they read.
func (n *nilness) through(b *ssa.BasicBlock, upTo int, env map[*ssa.Alloc]int) map[ssa.Value]int {
	vals := map[ssa.Value]int{}
	for _, in := range b.Instrs[:upTo] {
		switch in := in.(type) {
		case *ssa.Alloc:
			if known.IsError(in.Type().Underlying().(*types.Pointer).Elem()) && !captured(in) {
				env[in] = beNil
			}
		case *ssa.UnOp:
			if cell, ok := in.X.(*ssa.Alloc); ok && in.Op == token.MUL && env[cell] != 0 {
				vals[in] = env[cell]
			}
		case *ssa.Store:
			if cell, ok := in.Addr.(*ssa.Alloc); ok && env[cell] != 0 {
				env[cell] = nilnessOfValue(in.Val, vals)
			}
		}
	}
	return vals
}

// nilnessOfValue is what an error that is stored may be.
func nilnessOfValue(v ssa.Value, vals map[ssa.Value]int) int {
	if is := vals[v]; is != 0 {
		return is
	}
	switch v := v.(type) {
	case *ssa.Const:
		return beNil
	case *ssa.MakeInterface:
		return beError
	case *ssa.Call:
		if known.IsErrorConstructor(known.FuncName(source.Callee(&v.Call))) {
			return beError
		}
	}
	return beEither
}

// reaches reports whether b can be reached.
func (n *nilness) reaches(b *ssa.BasicBlock) bool { return n.whole || n.live[b] != nil }

// next are the blocks that can follow b.
func (n *nilness) next(b *ssa.BasicBlock) []*ssa.BasicBlock {
	if n.whole {
		return b.Succs
	}
	var out []*ssa.BasicBlock
	for i, s := range b.Succs {
		if n.live[b] == nil {
			break
		}
		if _, possible := n.leave(b, i); possible {
			out = append(out, s)
		}
	}
	return out
}

// gives is what the last result of a return statement may be.
func (n *nilness) gives(ret *ssa.Return) int {
	v := ret.Results[len(ret.Results)-1]
	if source.IsNil(v) {
		return beNil
	}
	return n.at(v, ret)
}

// at is what the error v may be at an instruction of its block or a later one.
func (n *nilness) at(v ssa.Value, in ssa.Instruction) int {
	if b := in.Block(); !n.whole && n.live[b] != nil {
		if is := n.through(b, source.IndexOf(b, in), maps.Clone(n.live[b]))[v]; is != 0 {
			return is
		}
	}
	return beEither
}
