package value

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Conditions in the life of an object.
//
// A method often asks what has become of its object: is it open, was it started, is
// there work left. Which way that goes depends on what was called before, so a
// schedule that needs the one or the other proves nothing. Only what an outsider
// decides stays open: whether a call fails, what is received, which case is ready,
// what the client gave. And a flag that nobody but the method itself ever sets is not
// set when it is called first.

// Decided says of a condition in the life of an object, in block blk of the function of
// fr, whether it is known which way it goes, and if not, whether that depends on the
// state of the object. Counted conditions are those of loops with a number of rounds.
func (e *Values) Decided(v ssa.Value, fr *flow.Frame, blk *ssa.BasicBlock, counted bool) (holds, sure, state bool) {
	negated := false
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, negated = not.X, !negated
	}
	if holds, sure = fr.Holds(v); !sure {
		holds, sure = e.firstTime(v, fr)
	}
	if sure {
		return holds != negated, true, false
	}
	return false, false, !counted && !OfRange(blk) && !e.decidedOutside(v, fr)
}

// decidedOutside reports whether what a condition asks does not depend on the state of
// the object.
func (e *Values) decidedOutside(v ssa.Value, fr *flow.Frame) bool {
	asked := []ssa.Value{v}
	if cmp, ok := v.(*ssa.BinOp); ok {
		asked = []ssa.Value{cmp.X, cmp.Y}
	}
	seen := map[flow.Origin]bool{}
	return !slices.ContainsFunc(asked, func(x ssa.Value) bool { return !e.areInputs(x, fr, seen) })
}

// areInputs reports whether all that v can be is an input. An origin that was met before
// is one that rests on itself, a count or a list that grows.
func (e *Values) areInputs(v ssa.Value, fr *flow.Frame, seen map[flow.Origin]bool) bool {
	for _, s := range e.Resolve(v, fr) {
		if seen[s] {
			continue
		}
		seen[s] = true
		if !e.isInput(s) && !e.ofInputs(s, seen) {
			return false
		}
	}
	return true
}

// ofInputs reports whether a value is computed from inputs only: what a goroutine has
// gathered of them in its own variables is no state of the object.
func (e *Values) ofInputs(s flow.Origin, seen map[flow.Origin]bool) bool {
	switch v := s.Val.(type) {
	case *ssa.BinOp:
		return e.areInputs(v.X, s.Frame, seen) && e.areInputs(v.Y, s.Frame, seen)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "append") {
			return !known.IsChan(v.Call.Args[0].Type()) && e.areInputs(v.Call.Args[0], s.Frame, seen)
		}
	}
	return false
}

// isInput reports whether a value is a constant, comes from a client, was received, or
// says whether a call of code that is not seen has failed.
func (e *Values) isInput(s flow.Origin) bool {
	switch v := s.Val.(type) {
	case nil, *ssa.Const:
		return true
	case *ssa.Parameter:
		return v.Parent().Signature.Recv() == nil || v != v.Parent().Params[0]
	case *ssa.UnOp:
		return v.Op == token.ARROW
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.UnOp:
			return t.Op == token.ARROW
		case *ssa.Select:
			return true
		}
	case *ssa.Call:
		res := v.Call.Signature().Results()
		return s.Path == "" && s.Index < res.Len() && known.IsError(res.At(s.Index).Type()) && !known.NeverNil(known.FuncName(source.Callee(&v.Call)))
	}
	return false
}

// firstTime is the outcome of a condition on a flag of the object that only the
// function itself sets, later on: in the last call of a life it is still unset.
func (e *Values) firstTime(v ssa.Value, fr *flow.Frame) (holds, sure bool) {
	in, ok := v.(ssa.Instruction)
	if !ok || !fr.IsLastCall() || source.InLoop(in.Block()) {
		return false, false
	}
	equal, isNil := true, false
	ld := v
	if cmp, ok := v.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) && source.IsNil(cmp.Y) {
		ld, equal, isNil = cmp.X, cmp.Op == token.EQL, true
	}
	switch x := ld.(type) {
	case *ssa.UnOp:
		f, ok := x.X.(*ssa.FieldAddr)
		if !ok || x.Op != token.MUL || !isNil && !isBool(x.Type()) || !e.unset(f, x, fr) {
			return false, false
		}
		return equal == isNil, true
	case *ssa.Call:
		name := source.Callee(&x.Call)
		if isNil || name == nil || len(x.Call.Args) == 0 {
			return false, false
		}
		f, ok := x.Call.Args[0].(*ssa.FieldAddr)
		if !ok || !e.unset(f, x, fr) {
			return false, false
		}
		switch called := known.FuncName(name); {
		case known.GivesFlag(called):
			return false, true
		case known.ClaimsFlag(called):
			old, ok := x.Call.Args[1].(*ssa.Const)
			return true, ok && old.Value != nil && old.Value.ExactString() == "false"
		}
	}
	return false, false
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// unset reports whether nothing has set the field f of the object before at, an
// instruction of the last call: only its own function does, and not before.
func (e *Values) unset(f *ssa.FieldAddr, at ssa.Instruction, fr *flow.Frame) bool {
	base := e.Resolve(f.X, fr)
	if len(base) != 1 || base[0].Path != "" {
		return false
	}
	if _, made := base[0].Val.(*ssa.Alloc); !made {
		return false
	}
	field := FieldOf(f)
	if field == nil || field.Exported() {
		return false
	}
	for _, t := range e.Touches(field) {
		_, loads := known.AtomicOp(t.Method)
		if reads := t.Kind == source.TouchAsk || loads; !reads && t.In != fr.Fn.Syntax() {
			return false
		}
	}
	for _, blk := range fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			if sets(in, field) && in != at && !source.Dominates(at, in) {
				return false
			}
		}
	}
	return true
}

// sets reports whether an instruction stores to a field, or calls a method of it that may.
func sets(in ssa.Instruction, field *types.Var) bool {
	switch in := in.(type) {
	case *ssa.Store:
		f, ok := in.Addr.(*ssa.FieldAddr)
		return ok && FieldOf(f) == field
	case ssa.CallInstruction:
		c := in.Common()
		if len(c.Args) == 0 {
			return false
		}
		f, ok := c.Args[0].(*ssa.FieldAddr)
		_, loads := known.AtomicOp(source.Callee(c))
		return ok && FieldOf(f) == field && source.Callee(c) != nil && !loads
	}
	return false
}

// FieldOf is the field whose address f is, as its type declares it.
func FieldOf(f *ssa.FieldAddr) *types.Var {
	p, ok := f.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	st, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(f.Field).Origin()
}
