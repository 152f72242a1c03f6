package value

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
)

// ConstText is the exact text of a constant.
func ConstText(c *ssa.Const) string {
	if c.Value == nil {
		if _, ok := c.Type().Underlying().(*types.Basic); ok {
			return "zero"
		}
		return "nil"
	}
	return c.Value.ExactString()
}

// Keys: do two conditions ask the same thing?
//
// The spawner tests opts.Parallel, and so does the task, in another function and
// at another time. A key is the text of an expression over values that are the
// same throughout one activation of the root, written in one way only, so both
// tests have the same key and must go the same way. Comparisons of integers are
// brought to the form "d == 0" or "d <= 0" where d is a Size: "len(xs) > 0",
// "0 != len(xs)" and "len(xs) >= 1" are all !(len(xs) == 0).
//
// What is not followed has no key: package variables, memory behind a pointer
// variable, elements, variables with several stores, values computed in loops.

// StableKey writes a side-effect free expression in a form that equal expressions
// share, if its value is the same whenever and wherever it is computed in one
// activation of the root: it has constants, parameters of the root and fields
// below them, results of calls executed once, and lengths and comparisons of
// those. A key that starts with "!" is the negation of the rest. ok is false for
// all else, package variables included.
func (e *Values) StableKey(v ssa.Value, fr *flow.Frame) (key string, ok bool) {
	return (&sizer{e: e, lasting: true}).key(v, fr, 0)
}

// compared writes a comparison of sizes as d == 0 or d <= 0, the first symbol
// with a positive factor; d is nil if it is none.
func (q *sizer) compared(v *ssa.BinOp, fr *flow.Frame, depth int) (d *model.Size, op token.Token, neg bool) {
	d = q.size(v.X, fr, depth).Plus(-1, q.size(v.Y, fr, depth))
	one, op := model.ConstSize(1), token.LEQ
	switch v.Op {
	case token.EQL, token.NEQ:
		op, neg = token.EQL, v.Op == token.NEQ
	case token.LEQ:
	case token.LSS:
		d = d.Plus(1, one)
	case token.GTR:
		neg = true
	case token.GEQ:
		d, neg = d.Plus(1, one), true
	default:
		return nil, op, false
	}
	if d != nil && len(d.Terms) > 0 && d.Terms[0].Coef < 0 {
		if d = (&model.Size{}).Plus(-1, d); op == token.LEQ {
			d, neg = d.Plus(1, one), !neg // not above zero is not below one
		}
	}
	if d != nil && d.Const == 0 && len(d.Terms) == 1 && d.Terms[0].Length {
		op = token.EQL // no length is below zero
	}
	return d, op, neg
}

func (q *sizer) key(v ssa.Value, fr *flow.Frame, depth int) (string, bool) {
	if depth > model.MaxSizeDepth || fr == nil {
		return "", false
	}
	depth++
	if n := q.size(v, fr, depth); n != nil {
		return n.String(), true
	}
	switch v := v.(type) {
	case *ssa.Const:
		return ConstText(v), true
	case *ssa.ChangeType:
		return q.key(v.X, fr, depth)
	case *ssa.ChangeInterface:
		return q.key(v.X, fr, depth)
	case *ssa.MakeInterface:
		x, ok := q.key(v.X, fr, depth)
		return "any(" + x + ")", ok
	case *ssa.Convert:
		x, ok := q.key(v.X, fr, depth)
		return types.TypeString(v.Type(), nil) + "(" + x + ")", ok
	case *ssa.UnOp:
		switch v.Op {
		case token.NOT:
			x, ok := q.key(v.X, fr, depth)
			return Negate(x), ok
		case token.SUB, token.XOR:
			x, ok := q.key(v.X, fr, depth)
			return v.Op.String() + x, ok
		}
	case *ssa.BinOp:
		if key, ok := q.binaryKey(v, fr, depth); ok {
			return key, true
		}
	}
	s, ok := q.single(v, fr)
	if !ok {
		return "", false
	}
	return q.sourceKey(s, v, fr, depth)
}

// Negate is the key of the opposite.
func Negate(key string) string {
	if rest, ok := strings.CutPrefix(key, "!"); ok {
		return rest
	}
	return "!" + key
}

// binaryKey is the key of an operation on two values. Comparisons are written
// with == and <, except of floating-point numbers, which may not be ordered.
func (q *sizer) binaryKey(v *ssa.BinOp, fr *flow.Frame, depth int) (string, bool) {
	if d, op, neg := q.compared(v, fr, depth); d != nil {
		key := "(" + d.String() + " " + op.String() + " 0)"
		if neg {
			key = "!" + key
		}
		return key, true
	}
	x, ok := q.key(v.X, fr, depth)
	if !ok {
		return "", false
	}
	y, ok := q.key(v.Y, fr, depth)
	if !ok {
		return "", false
	}
	op, neg := v.Op, false
	b, basic := v.X.Type().Underlying().(*types.Basic)
	ordered := !basic || b.Info()&(types.IsFloat|types.IsComplex) == 0
	switch {
	case op == token.EQL || op == token.NEQ:
		op, neg = token.EQL, op == token.NEQ
		if y < x {
			x, y = y, x
		}
	case op == token.GTR && ordered:
		op, x, y = token.LSS, y, x
	case op == token.LEQ && ordered:
		op, x, y, neg = token.LSS, y, x, true
	case op == token.GEQ && ordered:
		op, neg = token.LSS, true
	}
	key := "(" + x + " " + op.String() + " " + y + ")"
	if neg {
		key = "!" + key
	}
	return key, true
}

// sourceKey is the key of s, the source of v in fr.
func (q *sizer) sourceKey(s flow.Origin, v ssa.Value, fr *flow.Frame, depth int) (string, bool) {
	if id, ok := q.identity(s); ok {
		return id, true
	}
	if s.Path != "" {
		return "", false
	}
	if _, isConst := s.Val.(*ssa.Const); isConst || computed(s.Val) && (s.Val != v || s.Frame != fr) {
		if key, ok := q.key(s.Val, s.Frame, depth); ok {
			return key, true
		}
	}
	switch x := s.Val.(type) {
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return "", false // resolve names memory that it does not know so
		}
	case *ssa.BinOp, *ssa.Lookup, *ssa.Extract:
	default:
		return "", false
	}
	if s.Val == v && s.Frame == fr {
		return "", false // nobody can ask for it again
	}
	// Computed once and kept: the value is what it was then.
	id, ok := q.executed(s.Val, s.Frame)
	if x, isExtract := s.Val.(*ssa.Extract); isExtract {
		id += "#" + strconv.Itoa(x.Index)
	}
	return "value" + id, ok
}
