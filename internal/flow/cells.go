package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Cell is what is known of a local variable or object as a whole.
type Cell struct {
	Wild   bool // written by another function, or its address is handed on
	Leaks  bool // the object's address is used for more than field access
	Fields map[string][]*ssa.Store
	Whole  []*ssa.Store // stores of the whole value
	AtOnce bool         // set as a whole before anything else is done with it
}

// CellInfo is what is known of all uses of a local variable.
func (e *Flow) CellInfo(a *ssa.Alloc) *Cell {
	if c := e.cells[a]; c != nil {
		return c
	}
	c := &Cell{Fields: map[string][]*ssa.Store{}, AtOnce: isSetAtOnce(a)}
	e.cells[a] = c
	for _, ref := range *a.Referrers() {
		e.cellUse(c, a, a, ref)
	}
	return c
}

// isSetAtOnce reports whether the first that is done with a variable, in the block that declares
// it, is to set it as a whole; false where a recovered panic may come in between.
func isSetAtOnce(a *ssa.Alloc) bool {
	blk, uses := a.Block(), *a.Referrers()
	if a.Parent().Recover != nil {
		return false
	}
	for _, in := range blk.Instrs[source.IndexOf(blk, a)+1:] {
		if slices.Contains(uses, in) {
			st, ok := in.(*ssa.Store)
			return ok && st.Addr == ssa.Value(a) && st.Val != ssa.Value(a)
		}
	}
	return false
}

// cellUse records one use of the cell, seen as addr: the Alloc itself or the
// captured variable bound to it.
func (e *Flow) cellUse(c *Cell, a *ssa.Alloc, addr ssa.Value, ref ssa.Instruction) {
	switch ref := ref.(type) {
	case *ssa.Store:
		if ref.Addr != addr {
			c.Leaks = true // the address is stored; loads of it are followed by resolve
			if !PointsToObject(a) {
				c.Wild = true
			}
			return
		}
		c.Whole = append(c.Whole, ref)
		if addr != ssa.Value(a) && (!runsLast(ref.Parent(), a) || IsResult(a)) && !renews(ref) && !takenOver(a) {
			c.Wild = true
		}
	case *ssa.UnOp, *ssa.DebugRef:
	case *ssa.FieldAddr:
		e.fieldUses(c, ref, "."+source.FieldName(ref))
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
		c.Leaks = true
		if !PointsToObject(a) {
			c.Wild = true
		}
	default:
		c.Leaks = true
		if !PointsToObject(a) {
			c.Wild = true
		}
	}
}

// runsLast reports whether the literal lit is only deferred by the function that has
// the variable: what it sets is set when that function has computed its results.
func runsLast(lit *ssa.Function, a *ssa.Alloc) bool {
	refs := lit.Referrers()
	if lit.Parent() != a.Parent() || refs == nil || len(*refs) == 0 {
		return false
	}
	for _, ref := range *refs {
		mc, ok := ref.(*ssa.MakeClosure)
		if !ok {
			return false
		}
		for _, use := range *mc.Referrers() {
			if d, ok := use.(*ssa.Defer); !ok || d.Call.Value != ssa.Value(mc) {
				return false
			}
		}
	}
	return true
}

// IsResult reports whether the variable is a named result.
func IsResult(cell *ssa.Alloc) bool {
	for r := range cell.Parent().Signature.Results().Variables() {
		if r.Pos() == cell.Pos() {
			return true
		}
	}
	return false
}

// takenOver reports whether a variable is only used by one goroutine, once that is started,
// which is one literal.
func takenOver(a *ssa.Alloc) bool {
	var start *ssa.Go
	for _, ref := range *a.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok {
			refs := *mc.Referrers()
			if start != nil || len(refs) != 1 || source.InLoop(mc.Block()) {
				return false
			}
			if start, ok = refs[0].(*ssa.Go); !ok || start.Call.Value != ssa.Value(mc) {
				return false
			}
		}
	}
	return start != nil && !slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
		_, starts := ref.(*ssa.MakeClosure)
		st, stores := ref.(*ssa.Store)
		_, reads := ref.(*ssa.UnOp)
		_, debug := ref.(*ssa.DebugRef)
		before := source.Dominates(ref, start) && (reads || stores && st.Addr == ssa.Value(a))
		return !before && !starts && !debug
	})
}

// renews reports whether st, in a literal, puts into a context variable what a call
// makes of the context that is in it, and nothing else (`ctx = with(ctx)`): whoever
// reads the variable gets the context that was there, or one that lives as long.
func renews(st *ssa.Store) bool {
	call, ok := st.Val.(*ssa.Call)
	if !ok || !known.IsContext(call.Type()) {
		return false
	}
	for _, a := range call.Call.Args {
		if ld, ok := a.(*ssa.UnOp); ok && ld.X == st.Addr {
			return true
		}
	}
	return false
}

// PointsToObject reports whether the cell is an object with fields of its own
// (a struct), rather than a variable that holds a value.
func PointsToObject(a *ssa.Alloc) bool {
	_, ok := a.Type().(*types.Pointer).Elem().Underlying().(*types.Struct)
	return ok
}

func (e *Flow) fieldUses(c *Cell, f *ssa.FieldAddr, path string) {
	for _, ref := range *f.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == ssa.Value(f) {
				c.Fields[path] = append(c.Fields[path], ref)
			}
		case *ssa.FieldAddr:
			e.fieldUses(c, ref, path+"."+source.FieldName(ref))
		}
	}
}

// Operand returns the sources of the channel that an operation is on. What was read from a
// field that is set to nil somewhere, or from a variable that a function around sets to nil,
// is not nil where the operation stands alone, as it would never be over; a case of a select
// may be, and is so switched off (see Switch).
func (e *Flow) Operand(v ssa.Value, fr *Frame, alone bool) []Origin {
	sources := e.Resolve(v, fr)
	if len(sources) < 2 || !known.IsChan(v.Type()) {
		return sources
	}
	if !(alone && e.isField(v) || !alone && e.Switch(v, fr) != nil || isCaptured(v)) {
		return sources
	}
	return slices.DeleteFunc(slices.Clone(sources), Origin.IsZero)
}

// Switch is the variable of the function that holds the channel of a case and that nobody else
// assigns, nil if there is none: where it is nil, the case is off.
func (e *Flow) Switch(v ssa.Value, fr *Frame) ssa.Value {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL || isCaptured(v) {
		return nil
	}
	if cell, _ := variable(ld.X, fr); cell == nil || e.CellInfo(cell).Wild {
		return nil
	}
	return ld.X
}

// isCaptured reports whether v was read from a captured variable that the literal does not
// assign.
func isCaptured(v ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return false
	}
	cell, ok := ld.X.(*ssa.FreeVar)
	return ok && !slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == ssa.Value(cell)
	})
}

// isField reports whether v was read from a field, or from a variable that is only ever
// set to what was.
func (e *Flow) isField(v ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return false
	}
	switch addr := ld.X.(type) {
	case *ssa.FieldAddr:
		return true
	case *ssa.Alloc:
		info := e.CellInfo(addr)
		return len(info.Whole) == 1 && !info.Wild && e.isField(info.Whole[0].Val)
	}
	return false
}

// SamePlace reports whether two addresses of a function are of one variable, or of a field
// of what one variable points to.
func SamePlace(x, y ssa.Value) bool {
	if x == y {
		return true
	}
	switch x := x.(type) {
	case *ssa.FieldAddr:
		y, ok := y.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && types.Identical(x.X.Type(), y.X.Type()) && SamePlace(x.X, y.X)
	case *ssa.UnOp:
		y, ok := y.(*ssa.UnOp)
		return ok && x.Op == token.MUL && y.Op == token.MUL && SamePlace(x.X, y.X)
	}
	return false
}
