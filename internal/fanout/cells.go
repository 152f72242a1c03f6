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

// storedElsewhere lists the functions, other than the one that makes the object,
// that store to a field of that name and struct type.
func (e *engine) storedElsewhere(a *ssa.Alloc, field string) map[*ssa.Function]bool {
	t := a.Type().(*types.Pointer).Elem()
	e.indexFieldStores()
	writers := map[*ssa.Function]bool{}
	for _, st := range e.fieldStores[field] {
		if _, own := st.Addr.(*ssa.FieldAddr).X.(*ssa.Alloc); own {
			continue // of an object that is made there
		}
		if st.Parent() != a.Parent() && types.Identical(structOf(st), t) {
			writers[declared(st.Parent())] = true
		}
	}
	return writers
}

// declared is the function declaration around a literal.
func declared(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// calls reports whether the declaration around fr, or a literal in it, calls or
// names one of the functions.
func (e *engine) calls(fr *frame, fns map[*ssa.Function]bool) bool {
	for fr.around() != nil {
		fr = fr.around()
	}
	var names func(fn *ssa.Function) bool
	names = func(fn *ssa.Function) bool {
		if fns[fn] {
			return true
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(nil) {
					if f, ok := (*op).(*ssa.Function); ok && fns[f] {
						return true
					}
				}
			}
		}
		for _, a := range fn.AnonFuncs {
			if names(a) {
				return true
			}
		}
		return false
	}
	return names(declared(fr.fn))
}

// structOf is the struct type whose field a store writes.
func structOf(st *ssa.Store) types.Type {
	t := st.Addr.(*ssa.FieldAddr).X.Type()
	return t.Underlying().(*types.Pointer).Elem()
}

// indexFieldStores collects the stores to struct fields of all built functions.
func (e *engine) indexFieldStores() {
	if e.fieldStores != nil {
		return
	}
	e.fieldStores = map[string][]*ssa.Store{}
	for _, fn := range e.funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if st, ok := in.(*ssa.Store); ok {
					if f, ok := st.Addr.(*ssa.FieldAddr); ok {
						name := "." + fieldName(f)
						e.fieldStores[name] = append(e.fieldStores[name], st)
					}
				}
			}
		}
	}
}
