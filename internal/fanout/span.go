package fanout

import "go/token"

// A Span is a piece of source text of the analysed package.
type Span struct{ Pos, End token.Pos }
