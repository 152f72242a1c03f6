package source

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// ReachingStores returns the stores to the cell that may be the last one before at,
// and whether the start of the cell's life may be reached without a store: the
// Alloc for a variable of the function, its entry for a captured one.
func ReachingStores(cell ssa.Value, at ssa.Instruction) (stores []*ssa.Store, entry bool) {
	if refs := cell.Referrers(); refs != nil && !slices.ContainsFunc(*refs, func(in ssa.Instruction) bool { return storesTo(in, cell) }) {
		return nil, true
	}
	b := at.Block()
	i := IndexOf(b, at)
	seen := make([]bool, len(b.Parent().Blocks))
	type work struct {
		b *ssa.BasicBlock
		n int // instructions before n
	}
	todo := []work{{b, i}}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		st, born := LastStore(cell, w.b, w.n)
		switch {
		case st != nil:
			stores = append(stores, st)
			continue
		case born:
			entry = true
			continue
		}
		if len(w.b.Preds) == 0 {
			entry = true
		}
		for _, p := range w.b.Preds {
			if !seen[p.Index] {
				seen[p.Index] = true
				todo = append(todo, work{p, len(p.Instrs)})
			}
		}
	}
	return UniqueStores(stores), entry
}

// storesTo reports whether an instruction is a store to the cell.
func storesTo(in ssa.Instruction, cell ssa.Value) bool {
	st, ok := in.(*ssa.Store)
	return ok && st.Addr == cell
}

// UniqueStores lists each store once.
func UniqueStores(stores []*ssa.Store) []*ssa.Store {
	if len(stores) < 2 {
		return stores
	}
	seen := make(map[*ssa.Store]bool, len(stores))
	out := stores[:0]
	for _, s := range stores {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// LastStore looks back from instruction n of b for a store to the cell.
func LastStore(cell ssa.Value, b *ssa.BasicBlock, n int) (st *ssa.Store, born bool) {
	for i := n - 1; i >= 0; i-- {
		switch in := b.Instrs[i].(type) {
		case *ssa.Store:
			if in.Addr == cell {
				return in, false
			}
		case *ssa.Alloc:
			if ssa.Value(in) == cell {
				return nil, true
			}
		}
	}
	return nil, false
}

// FollowingStores returns the stores to the cell that may come after at, in the same
// life of the cell: a loop that makes the variable anew is not followed round.
func FollowingStores(cell ssa.Value, at ssa.Instruction) []*ssa.Store {
	var out []*ssa.Store
	seen := make([]bool, len(at.Parent().Blocks))
	var visit func(b *ssa.BasicBlock, from int)
	visit = func(b *ssa.BasicBlock, from int) {
		for _, in := range b.Instrs[from:] {
			switch in := in.(type) {
			case *ssa.Store:
				if in.Addr == cell {
					out = append(out, in)
				}
			case *ssa.Alloc:
				if ssa.Value(in) == cell {
					return
				}
			}
		}
		for _, s := range b.Succs {
			if !seen[s.Index] {
				seen[s.Index] = true
				visit(s, 0)
			}
		}
	}
	// What is called when a function has returned comes after its last instruction.
	visit(at.Block(), min(IndexOf(at.Block(), at)+1, len(at.Block().Instrs)))
	return UniqueStores(out)
}

// IndexOf is the place of an instruction in its block.
func IndexOf(b *ssa.BasicBlock, in ssa.Instruction) int {
	for i, x := range b.Instrs {
		if x == in {
			return i
		}
	}
	return len(b.Instrs)
}

// ReturnedValue is the value that a return statement names. In a function with deferred
// calls it goes through an unnamed cell, so that the calls can run in between.
func ReturnedValue(r ssa.Value, name string) ssa.Value {
	ld, ok := r.(*ssa.UnOp)
	if !ok || name != "" {
		return r
	}
	if cell, ok := ld.X.(*ssa.Alloc); ok {
		if stores, entry := ReachingStores(cell, ld); len(stores) == 1 && !entry {
			return stores[0].Val
		}
	}
	return r
}

// OnlyAsked reports whether the last result of a call is compared with nil, and nothing
// else is done with it.
func OnlyAsked(in ssa.CallInstruction) bool {
	call, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	v := LastResult(call)
	return v != nil && onlyCompared(v)
}

func onlyCompared(v ssa.Value) bool {
	compared := false
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.BinOp:
			compared = true
		case *ssa.Store:
			cell, ok := ref.Addr.(*ssa.Alloc)
			if !ok {
				return false
			}
			for _, use := range *cell.Referrers() {
				switch use := use.(type) {
				case *ssa.DebugRef, *ssa.Store:
				case *ssa.UnOp:
					stores, _ := ReachingStores(cell, use)
					if !slices.Contains(stores, ref) {
						continue
					}
					if !onlyCompared(use) {
						return false
					}
					compared = true
				default:
					return false
				}
			}
		default:
			return false
		}
	}
	return compared
}

// IsCarrier reports whether the store only carries the operand of a return statement to
// the result.
func IsCarrier(st *ssa.Store) bool {
	instrs := st.Block().Instrs
	ret, ok := instrs[len(instrs)-1].(*ssa.Return)
	return ok && st.Pos() == ret.Pos()
}
