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
