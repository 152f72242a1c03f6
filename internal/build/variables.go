package build

import (
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// CallAt is a call in one activation.
type CallAt struct {
	Call *ssa.Call
	Fr   *flow.Frame
}

// varOf is the variable behind an address, if it is a local one, seen from fr;
// a captured variable is the variable that it is bound to. Variables that
// functions running elsewhere may write are left out: their value at a point
// is not known from the path.
func (e *Builder) varOf(addr ssa.Value, fr *flow.Frame) *model.Var {
	a := value.CellAt(addr, &fr)
	if a == nil || e.CellInfo(a).Wild && !source.IsJump(a) {
		return nil
	}
	key := flow.Variable{Cell: a, Frame: fr}
	v := e.vars[key]
	if v == nil {
		v = &model.Var{Name: a.Comment, Pos: a.Pos(), ID: len(e.vars)}
		e.vars[key] = v
	}
	return v
}
