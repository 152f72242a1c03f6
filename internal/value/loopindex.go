package value

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// The index of a three-clause loop: which cell it is, where it starts, and how
// far each round moves it (see loops.go).

// A loopIndex is the variable that a three-clause loop moves.
type loopIndex struct {
	// first is its cell before the loop; now is the cell as the header and the
	// body see it, and next the cell of the next round. All are the same unless
	// each round has a variable of its own.
	first, next *ssa.Alloc
	now         ssa.Value
}

// indexRead is the index that v is read from in the header, nil if it is not one.
func (l *Loop) indexRead(v ssa.Value) *loopIndex {
	ld, ok := v.(*ssa.UnOp)
	if !ok || !Loads(ld) || ld.Block() != l.Header || !IsInteger(v.Type()) {
		return nil
	}
	switch cell := ld.X.(type) {
	case *ssa.Alloc:
		if l.Body[cell.Block()] {
			return nil
		}
		return &loopIndex{first: cell, next: cell, now: cell}
	case *ssa.Phi:
		if cell.Block() != l.Header {
			return nil
		}
		ix := &loopIndex{now: cell}
		for i, edge := range cell.Edges {
			a, ok := edge.(*ssa.Alloc)
			into := &ix.first
			if l.Body[cell.Block().Preds[i]] {
				into = &ix.next
			}
			if !ok || *into != nil && *into != a {
				return nil
			}
			*into = a
		}
		if ix.first == nil || ix.next == nil || l.Body[ix.first.Block()] || !l.Body[ix.next.Block()] {
			return nil
		}
		return ix
	}
	return nil
}

// step is how far each round moves the index, if each moves it exactly once and
// nothing else can.
func (ix *loopIndex) step(l *Loop, loops []*Loop) (int64, bool) {
	var post, copied *ssa.Store
	for _, cell := range []ssa.Value{ix.first, ix.now, ix.next} {
		if !onlyRead(cell, ix.now) {
			return 0, false
		}
		for _, ref := range *cell.Referrers() {
			st, ok := ref.(*ssa.Store)
			switch {
			case !ok || !l.Body[st.Block()] || st == post || st == copied:
			case ix.now != ssa.Value(ix.next) && copied == nil && isLoadOf(st.Val, ix.now):
				copied = st
			case post != nil:
				return 0, false
			default:
				post = st
			}
		}
	}
	if post == nil || (copied == nil) != (ix.now == ssa.Value(ix.next)) {
		return 0, false
	}
	if copied != nil && (post.Addr != ssa.Value(ix.next) || copied.Addr != ssa.Value(ix.next) || copied.Block() != post.Block() || source.IndexOf(post.Block(), copied) > source.IndexOf(post.Block(), post)) {
		return 0, false
	}
	for _, latch := range l.latches {
		if !post.Block().Dominates(latch) {
			return 0, false
		}
	}
	for _, inner := range loops {
		if inner != l && l.Body[inner.Header] && inner.Body[post.Block()] {
			return 0, false // moved any number of times in a round
		}
	}
	return moved(post)
}

// moved is what a store adds to the cell that it stores to.
func moved(st *ssa.Store) (int64, bool) {
	sum, ok := st.Val.(*ssa.BinOp)
	if !ok || sum.Op != token.ADD && sum.Op != token.SUB || !isLoadOf(sum.X, st.Addr) || sum.X.(*ssa.UnOp).Block() != st.Block() {
		return 0, false
	}
	k, ok := sum.Y.(*ssa.Const)
	if !ok {
		return 0, false
	}
	n := numberOf(k)
	if n == nil || n.Const == 0 {
		return 0, false
	}
	if sum.Op == token.SUB {
		return -n.Const, true
	}
	return n.Const, true
}

func isLoadOf(v, addr ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	return ok && Loads(ld) && ld.X == addr
}

// IsRangeIndex reports whether addr is the hidden variable in which a range over a
// list counts: it begins at -1, and each round moves it by one.
func IsRangeIndex(addr ssa.Value) bool {
	cell, ok := addr.(*ssa.Alloc)
	return ok && cell.Comment == "rangeindex"
}

// start is the value of the index before the first round; zero if it was declared
// without one.
func (ix *loopIndex) start(e *Values, l *Loop, fr *flow.Frame) *model.Size {
	var found *model.Size
	for _, p := range l.Header.Preds {
		if l.Body[p] {
			continue
		}
		var n *model.Size
		stores, entry := source.ReachingStores(ix.first, p.Instrs[len(p.Instrs)-1])
		switch {
		case len(stores) == 0 && entry:
			n = &model.Size{}
		case len(stores) == 1 && !entry && !l.Body[stores[0].Block()]:
			n = e.SizeOf(stores[0].Val, fr)
		}
		if n == nil || found != nil && found.String() != n.String() {
			return nil
		}
		found = n
	}
	return found
}

// onlyRead reports whether nothing but plain stores of the function itself can
// change the cell: literals that capture it only read it, and its address goes
// nowhere but to phi.
func onlyRead(cell, phi ssa.Value) bool {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != cell {
				return false
			}
			if _, captured := cell.(*ssa.FreeVar); captured {
				return false
			}
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Phi:
			if ssa.Value(ref) != phi {
				return false
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == cell && (i >= len(lit.FreeVars) || lit.FreeVars[i].Referrers() == nil || !onlyRead(lit.FreeVars[i], phi)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// rounds is how many values an index takes that starts at start, is moved by
// step, and stays while "index op end" holds. One of the two ends must be a
// constant: from one unknown number to another there may be any number of rounds.
func rounds(start, end *model.Size, step int64, op token.Token, unsigned bool) *model.Size {
	if start == nil || end == nil {
		return nil
	}
	if step < 0 {
		if unsigned && (op == token.GEQ && end.String() == "0" || step != -1) {
			return nil // goes on below zero
		}
		start, end, step = end, start, -step
		op = mirrored(op)
	}
	if len(start.Terms) > 0 {
		return nil
	}
	n := end.Plus(-1, start)
	switch op {
	case token.LSS:
	case token.LEQ:
		n = n.Plus(1, model.ConstSize(1))
	case token.NEQ:
		if step != 1 || n != nil && len(n.Terms) == 0 && n.Const < 0 {
			return nil
		}
	default:
		return nil
	}
	if n == nil || len(n.Terms) > 0 {
		switch {
		case step == 1:
			return n
		case step > model.MaxDivisor:
			return nil
		}
		return model.Computed(model.CalcQuot, n.Plus(1, model.ConstSize(step-1)), model.ConstSize(step))
	}
	return model.ConstSize(max(0, (n.Const+step-1)/step))
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// mirrored is the comparison with its operands exchanged.
func mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.GTR:
		return token.LSS
	case token.LEQ:
		return token.GEQ
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// opposite is the comparison that holds when op does not.
func opposite(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GEQ
	case token.GEQ:
		return token.LSS
	case token.GTR:
		return token.LEQ
	case token.LEQ:
		return token.GTR
	case token.EQL:
		return token.NEQ
	}
	return token.EQL
}
