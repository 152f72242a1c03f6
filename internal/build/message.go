package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// What a message says.
//
// Who receives a struct often goes by one of its fields: an error, a mark of the
// last item. So what is known of the fields is kept where a struct is put
// together for the send, and a condition tells which field of a variable it asks.

// message is the value that is sent.
func (e *Builder) message(v ssa.Value, fr *flow.Frame) *model.Term {
	lit, ok := v.(*ssa.Alloc)
	if ld, isLoad := v.(*ssa.UnOp); isLoad && value.Loads(ld) {
		lit, ok = ld.X.(*ssa.Alloc)
	}
	if !ok || lit.Comment != "complit" {
		t := e.term(v, fr)
		if t != nil && t.Var != nil && known.IsError(v.Type()) {
			t.Fails = true
		}
		return t
	}
	st, ok := lit.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return e.term(v, fr)
	}
	t := &model.Term{NonNil: true}
	info := e.CellInfo(lit)
	for i := range st.NumFields() {
		f := st.Field(i)
		stores := info.Fields["."+f.Name()]
		var val *model.Term
		switch {
		case len(stores) == 0:
			val = zeroTerm(f.Type())
		case len(stores) == 1:
			val = e.term(stores[0].Val, fr)
			if val != nil && val.Var != nil && known.IsError(f.Type()) {
				val.Fails = true
			}
		}
		if val != nil {
			t.Fields = append(t.Fields, model.FieldTerm{Name: f.Name(), Val: val})
		}
	}
	return t
}

// zeroTerm is the zero value of a type that is asked for nil or false.
func zeroTerm(t types.Type) *model.Term {
	switch t := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return &model.Term{Const: "nil"}
	case *types.Basic:
		if t.Kind() == types.Bool {
			return &model.Term{Const: "false"}
		}
	}
	return nil
}

// part notes which field of a variable a condition asks.
func (e *Builder) part(c *model.Cond, v ssa.Value, cmp *ssa.BinOp, fr *flow.Frame) {
	if call, ok := v.(*ssa.Call); ok {
		if known.AsksKind(known.FuncName(source.Callee(&call.Call))) {
			c.Part, c.Implies = e.fieldTerm(call.Call.Args[0], fr), true
			if c.Part == nil {
				c.Part = e.term(call.Call.Args[0], fr)
			}
		}
		return
	}
	switch {
	case c.X != nil || c.Y == nil:
	case cmp == nil:
		c.Part = e.fieldTerm(v, fr)
	default:
		c.Part = e.fieldTerm(cmp.X, fr)
	}
}

// fieldTerm is the field of a local variable, or of what one points to, that v was
// read from.
func (e *Builder) fieldTerm(v ssa.Value, fr *flow.Frame) *model.Term {
	ld, ok := v.(*ssa.UnOp)
	if !ok || !value.Loads(ld) {
		return nil
	}
	f, ok := ld.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	base := f.X
	if ptr, ok := base.(*ssa.UnOp); ok && value.Loads(ptr) {
		base = ptr.X
	}
	cell, ok := base.(*ssa.Alloc)
	if !ok || base == f.X && len(e.CellInfo(cell).Fields["."+source.FieldName(f)]) > 0 {
		return nil
	}
	if x := e.varOf(cell, fr); x != nil {
		return &model.Term{Var: x, Field: source.FieldName(f)}
	}
	return nil
}

// counter notes what a condition asks that other goroutines change: how full a
// channel is, or an atomic variable.
func (e *Builder) counter(c *model.Cond, v ssa.Value, cmp *ssa.BinOp, negated bool, fr *flow.Frame) {
	if cmp != nil {
		v = cmp.X
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return
	}
	if fn := source.Callee(&call.Call); fn != nil {
		c.Atomic = known.IsAtomicFunc(fn)
		return
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "len" || cmp == nil {
		return
	}
	_, isChan := call.Call.Args[0].Type().Underlying().(*types.Chan)
	than, isConst := cmp.Y.(*ssa.Const)
	if !isChan || !isConst || than.Value == nil {
		return
	}
	if s := e.Resolve(call.Call.Args[0], fr); len(s) == 1 && s[0].Val != nil {
		c.Filled, c.Than, c.Negated, c.Rel = e.chanOf(s[0], ""), than.Int64(), negated, cmp.Op
	}
}
