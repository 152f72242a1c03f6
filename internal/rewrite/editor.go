package rewrite

import (
	"go/ast"

	"github.com/gatherlint/gatherlint/internal/build"
)

// An Editor answers for one package.
type Editor struct {
	*build.Builder

	last   ast.Decl // that was asked about last, and its syntax
	syntax *syntax
}

// New edits what b has built.
func New(b *build.Builder) *Editor { return &Editor{Builder: b} }
