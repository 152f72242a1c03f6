package fanout

import (
	"go/ast"
	"go/token"
)

// A Span is a piece of source text of the analysed package.
type Span struct{ Pos, End token.Pos }

func spanOf(n ast.Node) Span { return Span{n.Pos(), n.End()} }

func spanAt(p token.Pos) Span { return Span{p, p} }
