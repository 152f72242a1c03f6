package given

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// PicksRound reports whether a condition asks for the round of a loop, so that no schedule may
// choose for one round what holds for another: where many goroutines ask it, it compares the
// index of the round in which each was started, or what is computed from it, and anywhere an
// item of a list that is written out, or is the outcome of such a comparison.
func PicksRound(v ssa.Value, fr *flow.Frame) bool {
	asked, at := operands(v, fr)
	return slices.ContainsFunc(asked, func(x ssa.Value) bool {
		return ofRound(x, at, value.StartedInLoop(fr), model.MaxOperands)
	})
}

// operands are what a condition compares, or the comparison whose outcome it was given, or was
// kept in a variable just before, or in one that its function sets nowhere else, and where: a
// truth that is read from elsewhere is one itself.
func operands(v ssa.Value, fr *flow.Frame) ([]ssa.Value, *flow.Frame) {
	for range model.MaxOperands {
		switch x := v.(type) {
		case *ssa.BinOp:
			return []ssa.Value{x.X, x.Y}, fr
		case *ssa.Parameter:
			v, fr = fr.Argument(x)
		case *ssa.UnOp:
			if x.Op == token.NOT {
				v = x.X
				continue
			}
			if !value.Loads(x) {
				return nil, nil
			}
			st := value.JustSet(x)
			if st == nil {
				st = onlyStore(x.X, &fr)
			}
			if st == nil {
				return []ssa.Value{x}, fr
			}
			v = st.Val
		case *ssa.Field:
			return []ssa.Value{x}, fr
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// onlyStore is the store that sets the variable at addr, in the frame to which it turns fr, nil
// if its function has several.
func onlyStore(addr ssa.Value, fr **flow.Frame) *ssa.Store {
	home := *fr
	cell, ok := value.BoundTo(addr, &home).(*ssa.Alloc)
	if !ok {
		return nil
	}
	var only *ssa.Store
	for _, ref := range *cell.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(cell) {
			if only != nil {
				return nil
			}
			only = st
		}
	}
	if only != nil {
		*fr = home
	}
	return only
}

// ofRound reports whether v, within depth operands and copies, is computed from an item of a list
// that is written out, which a round takes by its index, or, with byIndex, from the index of a
// round: of a range over a number or a list or of a loop that counts its variable. The loop is
// none of many goroutines.
func ofRound(v ssa.Value, fr *flow.Frame, byIndex bool, depth int) bool {
	if depth == 0 || fr == nil {
		return false
	}
	switch v := v.(type) {
	case *ssa.Convert:
		return ofRound(v.X, fr, byIndex, depth-1)
	case *ssa.BinOp:
		return ofRound(v.X, fr, byIndex, depth-1) || ofRound(v.Y, fr, byIndex, depth-1)
	case *ssa.Parameter:
		arg, caller := fr.Argument(v)
		return arg != nil && ofRound(arg, caller, byIndex, depth-1)
	case *ssa.Index:
		return isWritten(v.X, fr, "") && ofRound(v.Index, fr, true, depth-1)
	case *ssa.UnOp:
		if !value.Loads(v) {
			return false
		}
		home := fr
		if isLoopIndex(value.BoundTo(v.X, &home)) {
			return byIndex && value.IsInteger(v.Type()) && !value.StartedInLoop(home)
		}
		if takesItem(v.X, fr, depth) {
			return true
		}
		st := onlyStore(v.X, &fr)
		return st != nil && ofRound(st.Val, fr, byIndex, depth-1)
	}
	return false
}

// takesItem reports whether at addr stands an item of a list that is written out, or a field of
// one, also of a variable that it was copied to, taken by the index of a round.
func takesItem(addr ssa.Value, fr *flow.Frame, depth int) bool {
	field := ""
	if f, ok := addr.(*ssa.FieldAddr); ok {
		addr, field = f.X, source.FieldName(f)
		if st := onlyStore(addr, &fr); st != nil {
			switch item := st.Val.(type) {
			case *ssa.Index:
				return isWritten(item.X, fr, field) && ofRound(item.Index, fr, true, depth-1)
			case *ssa.UnOp:
				addr = item.X
			}
		}
	}
	at, ok := addr.(*ssa.IndexAddr)
	return ok && isWritten(at.X, fr, field) && ofRound(at.Index, fr, true, depth-1)
}

// isWritten reports whether a list is written out, with nothing but constants for its items or,
// with a name, for that field of them.
func isWritten(list ssa.Value, fr *flow.Frame, field string) bool {
	for range 2 * model.MaxOperands {
		st := onlyStore(list, &fr)
		switch l := list.(type) {
		case *ssa.Slice:
			list = l.X
			continue
		case *ssa.UnOp:
			list = l.X
			continue
		}
		if st == nil {
			break
		}
		list = st.Val
	}
	cell, ok := value.BoundTo(list, &fr).(*ssa.Alloc)
	if !ok {
		return false
	}
	items := 0
	for _, ref := range *cell.Referrers() {
		item, ok := ref.(*ssa.IndexAddr)
		if !ok || item.Parent() != cell.Parent() {
			continue
		}
		if !setsConstants(item, field) {
			return false
		}
		items++
	}
	return items > 0
}

// setsConstants reports whether nothing but constants is stored at addr or, with a name, in that
// field of what stands there, also of another variable that is copied there.
func setsConstants(addr ssa.Value, field string) bool {
	return !slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			return source.FieldName(ref) == field && !setsConstants(ref, "")
		case *ssa.Store:
			switch from := ref.Val.(type) {
			case *ssa.Const:
				return false
			case *ssa.UnOp:
				cell, ok := from.X.(*ssa.Alloc)
				return !ok || field == "" || !setsConstants(cell, field)
			}
			return true
		}
		return false
	})
}

// isLoopIndex reports whether addr is a variable that is counted: the hidden one of a range, or
// that of a loop with three clauses, of which each round has its own.
func isLoopIndex(addr ssa.Value) bool {
	cell, ok := addr.(*ssa.Alloc)
	if !ok {
		_, moved := addr.(*ssa.Phi)
		return moved
	}
	return slices.ContainsFunc(*cell.Referrers(), func(ref ssa.Instruction) bool {
		st, ok := ref.(*ssa.Store)
		return ok && st.Addr == addr && value.Counts(st)
	})
}
