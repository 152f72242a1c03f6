package fanout

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// reaching returns the stores to the cell that may be the last one before at,
// and whether the start of the cell's life may be reached without a store: the
// Alloc for a variable of the function, its entry for a captured one.
func reaching(cell ssa.Value, at ssa.Instruction) (stores []*ssa.Store, entry bool) {
	b := at.Block()
	i := indexOf(b, at)
	seen := map[*ssa.BasicBlock]bool{}
	type work struct {
		b *ssa.BasicBlock
		n int // instructions before n
	}
	todo := []work{{b, i}}
	for len(todo) > 0 {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		st, born := lastStore(cell, w.b, w.n)
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
			if !seen[p] {
				seen[p] = true
				todo = append(todo, work{p, len(p.Instrs)})
			}
		}
	}
	return dedupe(stores), entry
}

func dedupe(stores []*ssa.Store) []*ssa.Store {
	seen := map[*ssa.Store]bool{}
	out := stores[:0]
	for _, s := range stores {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// lastStore looks back from instruction n of b for a store to the cell.
func lastStore(cell ssa.Value, b *ssa.BasicBlock, n int) (st *ssa.Store, born bool) {
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

// following returns the stores to the cell that may come after at, in the same
// life of the cell: a loop that makes the variable anew is not followed round.
func following(cell ssa.Value, at ssa.Instruction) []*ssa.Store {
	var out []*ssa.Store
	seen := map[*ssa.BasicBlock]bool{}
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
			if !seen[s] {
				seen[s] = true
				visit(s, 0)
			}
		}
	}
	visit(at.Block(), indexOf(at.Block(), at)+1)
	return dedupe(out)
}

func indexOf(b *ssa.BasicBlock, in ssa.Instruction) int {
	for i, x := range b.Instrs {
		if x == in {
			return i
		}
	}
	return len(b.Instrs)
}

// cellInfo is what is known of a local variable or object as a whole.
type cellInfo struct {
	wild   bool // written by another function, or its address is handed on
	leaks  bool // the object's address is used for more than field access
	fields map[string][]*ssa.Store
	whole  []*ssa.Store // stores of the whole value
}

func (e *engine) cellInfo(a *ssa.Alloc) *cellInfo {
	if c := e.cells[a]; c != nil {
		return c
	}
	c := &cellInfo{fields: map[string][]*ssa.Store{}}
	e.cells[a] = c
	for _, ref := range *a.Referrers() {
		e.cellUse(c, a, a, ref)
	}
	return c
}

// cellUse records one use of the cell, seen as addr: the Alloc itself or the
// captured variable bound to it.
func (e *engine) cellUse(c *cellInfo, a *ssa.Alloc, addr ssa.Value, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.Store:
		if ref.Addr != addr {
			c.leaks = true // the address is stored; loads of it are followed by resolve
			if !pointsToObject(a) {
				c.wild = true
			}
			return
		}
		c.whole = append(c.whole, ref)
		if addr != ssa.Value(a) {
			c.wild = true
		}
	case *ssa.UnOp, *ssa.DebugRef:
	case *ssa.FieldAddr:
		e.fieldUses(c, ref, "."+fieldName(ref))
	case *ssa.MakeClosure:
		lit := ref.Fn.(*ssa.Function)
		for i, b := range ref.Bindings {
			if b == addr && i < len(lit.FreeVars) && lit.FreeVars[i].Referrers() != nil {
				for _, r := range *lit.FreeVars[i].Referrers() {
					e.cellUse(c, a, lit.FreeVars[i], r)
				}
			}
		}
	case ssa.CallInstruction:
		c.leaks = true
		if !pointsToObject(a) {
			c.wild = true
		}
	default:
		c.leaks = true
		if !pointsToObject(a) {
			c.wild = true
		}
	}
}

// pointsToObject reports whether the cell is an object with fields of its own
// (a struct), rather than a variable that holds a value.
func pointsToObject(a *ssa.Alloc) bool {
	_, ok := a.Type().(*types.Pointer).Elem().Underlying().(*types.Struct)
	return ok
}

func (e *engine) fieldUses(c *cellInfo, f *ssa.FieldAddr, path string) {
	for _, ref := range *f.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == ssa.Value(f) {
				c.fields[path] = append(c.fields[path], ref)
			}
		case *ssa.FieldAddr:
			e.fieldUses(c, ref, path+"."+fieldName(ref))
		}
	}
}
