package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/source"
)

// A Flow answers for one package. It remembers what it was asked.
type Flow struct {
	*source.Package

	roots   map[*ssa.Function]*Frame
	origins map[ValueIn][]Origin
	cells   map[*ssa.Alloc]*Cell
	reaches map[cellAt]stores
	writes  *writes               // nil until somebody asks
	shallow map[*ssa.Function]int // the depth at which a root begins, below 0 for a small one; see BeginAt
}

// New is the flow of the values of p.
func New(p *source.Package) *Flow {
	return &Flow{
		Package: p,
		roots:   map[*ssa.Function]*Frame{},
		origins: map[ValueIn][]Origin{},
		cells:   map[*ssa.Alloc]*Cell{},
		reaches: map[cellAt]stores{},
		shallow: map[*ssa.Function]int{},
	}
}

// cellAt is a variable as it is just before an instruction.
type cellAt struct {
	cell *ssa.Alloc
	at   ssa.Instruction
}

type stores struct {
	of    []*ssa.Store
	entry bool
}

// ReachingStores is as in package source, and remembers the answers: functions are
// entered from many places, and the order in them is the same.
func (e *Flow) ReachingStores(cell *ssa.Alloc, at ssa.Instruction) (of []*ssa.Store, entry bool) {
	key := cellAt{cell, at}
	x, ok := e.reaches[key]
	if !ok {
		x.of, x.entry = source.ReachingStores(cell, at)
		x.of = slices.Clip(x.of)
		e.reaches[key] = x
	}
	return x.of, x.entry
}
