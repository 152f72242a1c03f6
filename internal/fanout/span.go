package fanout

import "go/token"

// A Span is a piece of source text of the analysed package.
type Span struct{ Pos, End token.Pos }

// A node is a piece of syntax.
type node interface {
	Pos() token.Pos
	End() token.Pos
}

// spanOf is the source of a piece of syntax.
func spanOf(n node) Span { return Span{n.Pos(), n.End()} }

// spanAt is a place without an extent.
func spanAt(p token.Pos) Span { return Span{p, p} }
