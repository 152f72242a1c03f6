package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A Size is a number: a constant plus multiples of symbols, sorted by symbol.
type Size struct {
	Const int64
	Terms []SizeTerm
}

// A SizeTerm is a multiple of a symbol.
type SizeTerm struct {
	Coef   int64
	Sym    string
	Length bool // the length of a collection: it can be zero
	Calc   *Calc
}

// A Calc is a number that is computed from two others other than by a sum: Sym is
// the text of it, so equal texts are equal numbers.
type Calc struct {
	Op   CalcOp
	X, Y *Size
}

// A CalcOp is how.
type CalcOp string

// The ways.
const (
	CalcMin     CalcOp = "min"
	CalcMax     CalcOp = "max"
	CalcProduct CalcOp = "*"
	CalcQuot    CalcOp = "/" // cut off towards zero, as in Go; by zero it is zero
)

// Computed is the size of a Calc, nil if one of the numbers is not known.
func Computed(op CalcOp, x, y *Size) *Size {
	if x == nil || y == nil {
		return nil
	}
	if op != CalcQuot && x.String() > y.String() {
		x, y = y, x
	}
	c := &Calc{op, x, y}
	if len(x.Terms) == 0 && len(y.Terms) == 0 {
		if op == CalcProduct {
			return (&Size{}).Plus(x.Const, y)
		}
		return ConstSize(c.eval(nil))
	}
	text := string(op) + "(" + x.String() + ", " + y.String() + ")"
	if op == CalcProduct || op == CalcQuot {
		text = "(" + x.String() + ") " + string(op) + " (" + y.String() + ")"
	}
	return &Size{Terms: []SizeTerm{{Coef: 1, Sym: text, Calc: c}}}
}

func (c *Calc) eval(value func(SizeTerm) int64) int64 {
	x, y := c.X.Eval(value), c.Y.Eval(value)
	switch c.Op {
	case CalcMin:
		return min(x, y)
	case CalcMax:
		return max(x, y)
	case CalcProduct:
		return x * y
	}
	if y == 0 {
		return 0
	}
	return x / y
}

// Symbols calls f for each symbol that the size depends on.
func (s *Size) Symbols(f func(SizeTerm)) {
	if s == nil {
		return
	}
	for _, t := range s.Terms {
		if t.Calc == nil {
			f(t)
			continue
		}
		t.Calc.X.Symbols(f)
		t.Calc.Y.Symbols(f)
	}
}

// String writes the size in one way only: equal sizes have equal texts.
func (s *Size) String() string {
	var b strings.Builder
	add := func(n int64, sym string) {
		switch {
		case b.Len() > 0 && n < 0:
			b.WriteString(" - ")
			n = -n
		case b.Len() > 0:
			b.WriteString(" + ")
		}
		switch {
		case sym == "":
			b.WriteString(strconv.FormatInt(n, 10))
		case n == 1 || n == -1:
			b.WriteString(strings.TrimSuffix(strconv.FormatInt(n, 10), "1") + sym)
		default:
			b.WriteString(strconv.FormatInt(n, 10) + "*" + sym)
		}
	}
	for _, t := range s.Terms {
		add(t.Coef, t.Sym)
	}
	if s.Const != 0 || len(s.Terms) == 0 {
		add(s.Const, "")
	}
	return b.String()
}

// Eval is the size when the symbols have the given values.
func (s *Size) Eval(value func(SizeTerm) int64) int64 {
	n := s.Const
	for _, t := range s.Terms {
		if t.Calc != nil {
			n += t.Coef * t.Calc.eval(value)
			continue
		}
		n += t.Coef * value(t)
	}
	return n
}

// ConstSize is the number n, nil if it is too large.
func ConstSize(n int64) *Size {
	if n > MaxConst || n < -MaxConst {
		return nil
	}
	return &Size{Const: n}
}

// Plus is s + k*t, nil when one of them is not known or a number is too large.
func (s *Size) Plus(k int64, t *Size) *Size {
	if s == nil || t == nil || k > MaxConst || k < -MaxConst {
		return nil
	}
	small := func(n int64) bool { return k == 0 || n <= MaxConst/max(k, -k) && n >= -MaxConst/max(k, -k) }
	if !small(t.Const) {
		return nil
	}
	sum := ConstSize(s.Const + k*t.Const)
	if sum == nil {
		return nil
	}
	terms := slices.Clone(s.Terms)
	for _, x := range t.Terms {
		if !small(x.Coef) {
			return nil
		}
		x.Coef *= k
		if i := slices.IndexFunc(terms, func(y SizeTerm) bool { return y.Sym == x.Sym }); i >= 0 {
			terms[i].Coef += x.Coef
		} else {
			terms = append(terms, x)
		}
	}
	terms = slices.DeleteFunc(terms, func(x SizeTerm) bool { return x.Coef == 0 })
	slices.SortFunc(terms, func(a, b SizeTerm) int { return cmp.Compare(a.Sym, b.Sym) })
	if slices.ContainsFunc(terms, func(x SizeTerm) bool { return x.Coef > MaxConst || x.Coef < -MaxConst }) {
		return nil
	}
	sum.Terms = terms
	return sum
}
