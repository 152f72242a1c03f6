package value

import (
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Loops: how often does the body run?
//
// A loop is natural: a header that dominates a jump back to it, and the blocks
// that get to that jump without passing the header. Jumps to one header make one
// loop. Loops that can be entered in the middle (by goto) are not found.
//
// A count is given for loops over something that has a size, and for those that
// move an index by one towards a bound. It is what happens when nothing leaves
// the loop early. In naive form an index is a cell; it is counted only if all
// stores to it are known: one before the loop, and one that every round executes
// exactly once. Since Go 1.22 each round has a variable of its own. The builder
// of the SSA keeps one cell if nobody can tell the difference. If a literal
// captures the variable, it makes this instead:
//
//	before:  first = alloc; *first = 0
//	header:  i = phi [first, next]; if *i < n
//	post:    copy = *i; next = alloc; *next = copy; *next = *next + 1
//
// A range over an integer asks before the first round and after each (so its
// header is the body, not the test); all others ask before each round. A range
// over a map, slice or integer evaluates its operand once. The bound of a
// three-clause loop is evaluated each time, but a Size is the same each time.
//
// Not counted: ranges over strings, channels and functions, conditions joined by
// && or ||, steps other than one (unless all is constant), an index that a
// literal stores to or whose address is taken, bounds without a size.

// A Loop is a natural loop of a function, seen from one frame.
type Loop struct {
	Header *ssa.BasicBlock
	Body   map[*ssa.BasicBlock]bool // header included
	// Count is how often the body runs when nothing leaves it early, nil if
	// that is not known. Below zero means not at all.
	Count *model.Size
	// Test is the block of the loop whose If decides about the next round, nil
	// without a Count. It is the header, except in a range over an integer.
	Test *ssa.BasicBlock
	// CountTrue: the next round is entered when the condition of Test is true.
	CountTrue bool
	// Guard is nil, except in a range over an integer: there it is the block
	// before the loop whose If decides about the first round, and Test comes
	// after each round.
	Guard *ssa.BasicBlock

	latches []*ssa.BasicBlock // where it jumps back to the header
}

// RunsMany reports whether a block is in a loop, other than one of a single round.
func (e *Values) RunsMany(blk *ssa.BasicBlock, fr *flow.Frame) bool {
	if !source.InLoop(blk) || fr == nil {
		return source.InLoop(blk)
	}
	around := 0
	for _, l := range e.LoopsOf(fr) {
		if !l.Body[blk] {
			continue
		}
		if around++; l.Count == nil || len(l.Count.Terms) > 0 || l.Count.Const > 1 {
			return true
		}
	}
	return around == 0
}

// LoopsOf are the loops of the function of fr, in the order of their headers.
func (e *Values) LoopsOf(fr *flow.Frame) []*Loop {
	var loops []*Loop
	for _, h := range fr.Fn.Blocks {
		l := &Loop{Header: h}
		for _, p := range h.Preds {
			if h.Dominates(p) && !slices.Contains(l.latches, p) {
				l.latches = append(l.latches, p)
			}
		}
		if len(l.latches) == 0 {
			continue
		}
		l.Body = model.Reached(l.latches, func(b *ssa.BasicBlock) []*ssa.BasicBlock {
			if b == h {
				return nil
			}
			return b.Preds
		})
		l.Body[h] = true
		loops = append(loops, l)
	}
	for _, l := range loops {
		e.countRange(l, fr)
		if l.Test == nil {
			e.countInteger(l, fr)
		}
		if l.Test == nil {
			e.countClauses(l, fr, loops)
		}
		if l.Count == nil {
			l.Test, l.Guard, l.CountTrue = nil, nil, false
		}
	}
	return loops
}

// test is the condition at the end of b if one of its outcomes stays in the loop
// and the other leaves it.
func (l *Loop) test(b *ssa.BasicBlock) (cond ssa.Value, stay bool, ok bool) {
	end, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || len(b.Succs) != 2 || l.Body[b.Succs[0]] == l.Body[b.Succs[1]] {
		return nil, false, false
	}
	return end.Cond, l.Body[b.Succs[0]], true
}

// countRange counts a range over a map, slice or array:
//
//	header:  ok = extract (next it) #0; if ok
//	header:  index = index + 1; if index < length
func (e *Values) countRange(l *Loop, fr *flow.Frame) {
	cond, stay, ok := l.test(l.Header)
	if !ok || !stay {
		return
	}
	switch cond := cond.(type) {
	case *ssa.Extract:
		next, ok := cond.Tuple.(*ssa.Next)
		if !ok || cond.Index != 0 || next.IsString || next.Block() != l.Header {
			return
		}
		rng, ok := next.Iter.(*ssa.Range)
		if !ok || l.Body[rng.Block()] {
			return
		}
		l.Test, l.CountTrue = l.Header, true
		l.Count = (&sizer{e: e}).length(rng.X, "len", rng, fr, 0)
	case *ssa.BinOp:
		cell, ok := counted(cond, "rangeindex")
		if !ok || cond.Block() != l.Header || l.Body[cell.Block()] || l.holds(cond.Y) || GoesByCount(cond, fr) {
			return
		}
		l.Test, l.CountTrue = l.Header, true
		l.Count = e.SizeOf(cond.Y, fr)
	}
}

// countInteger counts a range over an integer:
//
//	before:  if 0 < x
//	test:    iter = iter + 1; if iter < x
func (e *Values) countInteger(l *Loop, fr *flow.Frame) {
	if len(l.latches) != 1 {
		return
	}
	test := l.latches[0]
	cond, stay, ok := l.test(test)
	if !ok || !stay || test.Succs[0] != l.Header {
		return
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return
	}
	cell, ok := counted(cmp, "rangeint.iter")
	if !ok || l.Body[cell.Block()] || l.holds(cmp.Y) {
		return
	}
	var guard *ssa.BasicBlock
	for _, p := range l.Header.Preds {
		if l.Body[p] {
			continue
		}
		end, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
		if !ok || guard != nil || p.Succs[0] != l.Header {
			return
		}
		first, ok := end.Cond.(*ssa.BinOp)
		if !ok || first.Op != token.LSS || !IsZero(first.X) || !sameValue(first.Y, cmp.Y) {
			return
		}
		guard = p
	}
	if guard == nil {
		return
	}
	l.Test, l.Guard, l.CountTrue = test, guard, true
	if l.Count = e.SizeOf(cmp.Y, fr); l.Count == nil {
		l.Count = e.someRounds(l, fr)
	}
}

// someRounds is the number of the rounds of a loop that starts tasks, where nothing else is
// known of it; nil for other loops.
func (e *Values) someRounds(l *Loop, fr *flow.Frame) *model.Size {
	if !e.startsTasks(l) {
		return nil
	}
	at := l.Test.Instrs[len(l.Test.Instrs)-1].(*ssa.If).Cond.Pos()
	return &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "loop at " + e.PosText(at) + " " + strconv.Itoa(l.Test.Index) + " " + source.DisplayName(fr.Fn)}}}
}

// startsTasks reports whether the loop starts tasks: then it has at least one
// round, as nobody starts no workers.
func (e *Values) startsTasks(l *Loop) bool {
	for b := range l.Body {
		for _, in := range b.Instrs {
			if _, ok := in.(*ssa.Go); ok {
				return true
			}
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if fn := source.Callee(&call.Call); fn != nil && fn.Signature().Recv() != nil && e.Groups.Is(fn.Signature().Recv().Type()) {
				return true
			}
		}
	}
	return false
}

// sameValue reports whether two operands are the same value; constants are made
// anew for each use.
func sameValue(x, y ssa.Value) bool {
	if x == y {
		return true
	}
	a, ok1 := x.(*ssa.Const)
	b, ok2 := y.(*ssa.Const)
	return ok1 && ok2 && ConstText(a) == ConstText(b)
}

// counted recognises "incr < y" where incr is one more than the hidden cell of a
// range loop held, and is what it holds now.
func counted(cmp *ssa.BinOp, name string) (*ssa.Alloc, bool) {
	incr, ok := cmp.X.(*ssa.BinOp)
	if !ok || cmp.Op != token.LSS || incr.Op != token.ADD {
		return nil, false
	}
	ld, ok := incr.X.(*ssa.UnOp)
	if !ok || !Loads(ld) {
		return nil, false
	}
	cell, ok := ld.X.(*ssa.Alloc)
	return cell, ok && cell.Comment == name && !cell.Pos().IsValid()
}

// holds reports whether v is computed in the loop.
func (l *Loop) holds(v ssa.Value) bool {
	in, ok := v.(ssa.Instruction)
	return ok && l.Body[in.Block()]
}

// countClauses counts "for i := 0; i < n; i++" and the like.
func (e *Values) countClauses(l *Loop, fr *flow.Frame, loops []*Loop) {
	cond, stay, ok := l.test(l.Header)
	if !ok {
		return
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || !l.onlyTests() {
		return
	}
	next := l.Header.Succs[1]
	if stay {
		next = l.Header.Succs[0]
	}
	if next.Comment == "cond.true" || next.Comment == "cond.false" {
		return // the condition goes on
	}
	l.CountTrue = stay
	op := cmp.Op
	if !stay {
		op = opposite(op)
	}
	if !e.countIndex(l, cmp.X, op, cmp.Y, fr, loops) {
		e.countIndex(l, cmp.Y, mirrored(op), cmp.X, fr, loops)
	}
}

// countIndex counts the rounds in which "x op bound" holds, if x is an index.
func (e *Values) countIndex(l *Loop, x ssa.Value, op token.Token, bound ssa.Value, fr *flow.Frame, loops []*Loop) bool {
	ix := l.indexRead(x)
	if ix == nil {
		return false
	}
	step, ok := ix.step(l, loops)
	if !ok {
		return false
	}
	l.Test = l.Header
	l.Count = rounds(ix.start(e, l, fr), e.SizeOf(bound, fr), step, op, isUnsigned(x.Type()))
	if l.Count == nil && (step > 1 && op == token.LSS || step < -1 && op == token.GTR) {
		l.Count = e.someRounds(l, fr) // some steps at a time
	}
	return true
}

// onlyTests reports whether the header does nothing but compute its condition.
func (l *Loop) onlyTests() bool {
	needed := map[ssa.Value]bool{}
	for i := len(l.Header.Instrs) - 1; i >= 0; i-- {
		in := l.Header.Instrs[i]
		v, isValue := in.(ssa.Value)
		_, isIf := in.(*ssa.If)
		_, isPhi := in.(*ssa.Phi)
		if !isIf && !isPhi && !(isValue && needed[v]) {
			return false
		}
		for _, op := range in.Operands(nil) {
			if *op != nil {
				needed[*op] = true
			}
		}
	}
	return true
}
