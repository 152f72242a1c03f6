package model

import "go/token"

// A Span is a piece of source text of the analysed package.
type Span struct{ Pos, End token.Pos }

// A node is a piece of syntax.
type node interface {
	Pos() token.Pos
	End() token.Pos
}

// SpanOf is the source of a piece of syntax.
func SpanOf(n node) Span { return Span{n.Pos(), n.End()} }

// SpanAt is a place without an extent.
func SpanAt(p token.Pos) Span { return Span{p, p} }
