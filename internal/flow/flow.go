package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/source"
)

// A Flow answers for one package. It remembers what it was asked.
type Flow struct {
	*source.Package

	roots   map[*ssa.Function]*Frame
	origins map[ValueIn][]Origin
	cells   map[*ssa.Alloc]*Cell
	writes  *writes               // nil until somebody asks
	shallow map[*ssa.Function]int // the depth at which a root begins; see Bound
	fields  *fields               // nil until somebody asks
}

// New is the flow of the values of p.
func New(p *source.Package) *Flow {
	return &Flow{
		Package: p,
		roots:   map[*ssa.Function]*Frame{},
		origins: map[ValueIn][]Origin{},
		cells:   map[*ssa.Alloc]*Cell{},
		shallow: map[*ssa.Function]int{},
	}
}
