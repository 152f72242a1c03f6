package value

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Counting by hand.
//
// "left--; if left == 0 { return }" in a loop leaves it after so many rounds. The
// scheduler does not follow such numbers, so that it must not take either way of
// the branch for one that is open. A number that is the same in all rounds, or
// that each round gets anew from elsewhere, is no count.

// ByHand reports whether a condition in blk compares a number that one of the loops
// around it counts. Conditions that the range statement itself has are left out.
func (e *Values) ByHand(cond ssa.Value, blk *ssa.BasicBlock, loops []*Loop, fr *flow.Frame) bool {
	cmp, ok := cond.(*ssa.BinOp)
	return ok && !OfRange(cmp.Block()) && slices.ContainsFunc(loops, func(l *Loop) bool {
		return l.Body[blk] && (e.countedIn(cmp.X, l, fr) || e.countedIn(cmp.Y, l, fr))
	})
}

// CountedElsewhere reports whether a condition compares a number that is also counted outside
// of the loop, before it or by another goroutine: then it is not known that there is a first round.
func (e *Values) CountedElsewhere(cond ssa.Value, header *ssa.BasicBlock, loops []*Loop, fr *flow.Frame) bool {
	cmp, ok := cond.(*ssa.BinOp)
	i := slices.IndexFunc(loops, func(l *Loop) bool { return l.Header == header })
	if !ok || i < 0 {
		return false
	}
	l := loops[i]
	return slices.ContainsFunc([]ssa.Value{cmp.X, cmp.Y}, func(v ssa.Value) bool {
		ld, ok := v.(*ssa.UnOp)
		if !ok || !Loads(ld) {
			return false
		}
		cell, home := ld.X, fr
		for fv, captured := cell.(*ssa.FreeVar); captured; fv, captured = cell.(*ssa.FreeVar) {
			if cell, home = home.Binding(fv); cell == nil {
				return false
			}
		}
		_, isCell := cell.(*ssa.Alloc)
		return isCell && countsOutside(cell, l)
	})
}

// countsOutside reports whether a variable is counted up or down where the loop is not.
func countsOutside(cell ssa.Value, l *Loop) bool {
	return slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Store:
			return ref.Addr == cell && !l.Body[ref.Block()] && Counts(ref)
		case *ssa.MakeClosure:
			i := slices.Index(ref.Bindings, cell)
			return i >= 0 && countsOutside(ref.Fn.(*ssa.Function).FreeVars[i], l)
		}
		return false
	})
}

// OfRange reports whether a block is the one in which a range statement looks whether
// there is another round.
func OfRange(blk *ssa.BasicBlock) bool {
	return strings.HasPrefix(blk.Comment, "range") && strings.HasSuffix(blk.Comment, ".loop")
}

// GoesByCount reports whether a condition asks for the rounds of a range over a number or
// list, or of a loop that counts up to one, that goes by what was counted before: a number that the function has counted itself,
// or the rounds of a loop that was left, as in the rest of a list (list[i+1:]). Within that
// loop, what goes by its round may be paired with what goes by it too.
func GoesByCount(cond ssa.Value, fr *flow.Frame) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.LSS {
		return false
	}
	_, ofNumber := counted(cmp, "rangeint.iter")
	_, ofList := counted(cmp, "rangeindex")
	return (ofNumber || ofList || IsZero(cmp.X) || isCounter(cmp.X)) && goesByCount(cmp.Y, fr, 2*model.MaxOperands)
}

// isCounter reports whether v reads a variable of the function that is counted up or down.
func isCounter(v ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok || !Loads(ld) {
		return false
	}
	cell, ok := ld.X.(*ssa.Alloc)
	return ok && slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		st, isStore := ref.(*ssa.Store)
		return isStore && Counts(st)
	})
}

// goesByCount reports whether v is computed from a number that is counted, within depth
// operands and copies.
func goesByCount(v ssa.Value, fr *flow.Frame, depth int) bool {
	if v == nil || fr == nil || depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		arg, caller := fr.Argument(v)
		return arg != nil && !source.InLoop(fr.Site.Block()) && goesByCount(arg, caller, depth-1)
	case *ssa.BinOp:
		return !source.InLoop(v.Block()) && (goesByCount(v.X, fr, depth-1) || goesByCount(v.Y, fr, depth-1))
	case *ssa.Slice:
		return !source.InLoop(v.Block()) && (goesByCount(v.X, fr, depth-1) || goesByCount(v.Low, fr, depth-1) || goesByCount(v.High, fr, depth-1))
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len" && goesByCount(v.Call.Args[0], fr, depth-1)
	case *ssa.UnOp:
		if !Loads(v) || !IsInteger(v.Type()) {
			return false // a list that was kept has one length, however it came about
		}
		if _, moved := v.X.(*ssa.Phi); moved {
			return true // the index of a loop
		}
		cell := CellAt(v.X, &fr)
		return cell != nil && slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
			st, ok := ref.(*ssa.Store)
			return ok && st.Addr == ssa.Value(cell) && (Counts(st) || goesByCount(st.Val, fr, depth-1))
		})
	}
	return false
}

// countedIn reports whether v is read from a place that the loop counts.
func (e *Values) countedIn(v ssa.Value, l *Loop, fr *flow.Frame) bool {
	if sum, ok := v.(*ssa.BinOp); ok && sum.Op == token.ADD {
		return e.countedIn(sum.X, l, fr) || e.countedIn(sum.Y, l, fr)
	}
	if resizedIn(v, l) {
		return true
	}
	ld, ok := v.(*ssa.UnOp)
	if !ok || !Loads(ld) || !IsInteger(v.Type()) {
		return false
	}
	switch addr := ld.X.(type) {
	case *ssa.Alloc:
		return countsCell(addr, l)
	case *ssa.FreeVar:
		var cell ssa.Value = addr
		for {
			if countsCell(cell, l) {
				return true
			}
			fv, captured := cell.(*ssa.FreeVar)
			if !captured {
				return false
			}
			if cell, fr = fr.Binding(fv); cell == nil {
				return true // whose variable it is, is not known
			}
		}
	case *ssa.FieldAddr:
		w := e.FieldWrites("." + source.FieldName(addr))
		return w != nil && slices.ContainsFunc(w.Stores, func(st *ssa.Store) bool {
			f, isField := st.Addr.(*ssa.FieldAddr)
			return isField && types.Identical(f.X.Type(), addr.X.Type()) && (Counts(st) || l.Body[st.Block()] && !isData(st.Val))
		})
	}
	return true
}

// resizedIn reports whether v is the length of a list or map that a round of the loop
// adds to or takes from: the length is a count of rounds then.
func resizedIn(v ssa.Value, l *Loop) bool {
	held, ok := argOf(v, "len").(*ssa.UnOp)
	if !ok || !Loads(held) {
		return false
	}
	isHeld := func(v ssa.Value) bool {
		ld, ok := v.(*ssa.UnOp)
		return ok && Loads(ld) && sameVariable(ld.X, held.X)
	}
	resizes := func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.Store:
			_, cut := in.Val.(*ssa.Slice)
			return sameVariable(in.Addr, held.X) && (cut || argOf(in.Val, "append") != nil)
		case *ssa.MapUpdate:
			return isHeld(in.Map)
		case *ssa.Call:
			return isHeld(argOf(in, "delete"))
		}
		return false
	}
	for blk := range l.Body {
		if slices.ContainsFunc(blk.Instrs, resizes) {
			return true
		}
	}
	return false
}

// sameVariable reports whether two addresses are of one variable, or of one field of what
// may be one struct.
func sameVariable(x, y ssa.Value) bool {
	f, isField := x.(*ssa.FieldAddr)
	g, ok := y.(*ssa.FieldAddr)
	return x == y || isField && ok && f.Field == g.Field && types.Identical(f.X.Type(), g.X.Type())
}

// argOf gives the first argument of a call of the builtin, or nil if v is no such call.
func argOf(v ssa.Value, builtin string) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != builtin {
		return nil
	}
	return call.Call.Args[0]
}

// countsCell reports whether a round of the loop changes the variable, or a
// literal counts it.
func countsCell(cell ssa.Value, l *Loop) bool {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			inside := l.Body[ref.Block()]
			if ref.Addr == cell && (inside && !isData(ref.Val) || !inside && ref.Parent() != l.Header.Parent() && Counts(ref)) {
				return true
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, x := range ref.Bindings {
				if x == cell && lit != l.Header.Parent() && countsCell(lit.FreeVars[i], l) {
					return true
				}
			}
		}
	}
	return false
}

// Counts reports whether a store moves the number that it stores to.
func Counts(st *ssa.Store) bool {
	sum, ok := st.Val.(*ssa.BinOp)
	return ok && (sum.Op == token.ADD || sum.Op == token.SUB)
}

// isData reports whether a value is computed elsewhere or written down, and so no
// count of rounds.
func isData(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Extract, *ssa.Field, *ssa.Lookup, *ssa.TypeAssert:
		return true
	case *ssa.Convert:
		return isData(v.X)
	case *ssa.ChangeType:
		return isData(v.X)
	case *ssa.Call:
		_, builtin := v.Call.Value.(*ssa.Builtin)
		return !builtin
	case *ssa.UnOp:
		switch v.X.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr:
			return true
		}
		return v.Op == token.ARROW
	}
	return false
}
