package given

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Outcome is which way a branch goes in an activation, whoever calls; sure is false where
// that is not known, or calls differ.
func (c *Callers) Outcome(branch *ssa.If, fr *flow.Frame) (holds, sure bool) {
	var calls []call
	for _, x := range c.callsOf(outermost(fr).Fn) {
		if c.eval(branch.Cond, fr, x, 0).constant == nil {
			return false, false // of most branches nothing is known
		}
		calls = append(calls, x)
	}
	calls = slices.DeleteFunc(calls, func(x call) bool { return !c.comes(x, branch.Block(), fr) })
	for i, x := range calls {
		goes := constant.BoolVal(c.eval(branch.Cond, fr, x, 0).constant)
		if i > 0 && goes != holds {
			return false, false
		}
		holds = goes
	}
	return holds, len(calls) > 0
}

// outermost is the activation of the function around all that leads to fr.
func outermost(fr *flow.Frame) *flow.Frame {
	for {
		switch {
		case fr.Caller != nil:
			fr = fr.Caller
		case fr.Home != nil:
			fr = fr.Home
		default:
			return fr
		}
	}
}

// comes reports whether a call may come to a block of an activation: each branch before it
// goes that way, or it is not known which way it goes.
func (c *Callers) comes(x call, blk *ssa.BasicBlock, fr *flow.Frame) bool {
	asked := 0
	for {
		for d := blk.Idom(); d != nil; blk, d = d, d.Idom() {
			if asked++; asked > model.MaxGuards {
				return true
			}
			if branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok && !c.leads(branch, blk, fr, x) {
				return false
			}
		}
		switch {
		case fr.Caller != nil && fr.Site != nil:
			blk, fr = fr.Site.Block(), fr.Caller
		case fr.Home != nil && fr.Lit != nil:
			blk, fr = fr.Lit.Block(), fr.Home
		default:
			return true
		}
	}
}

// leads reports whether a branch may go to the block that it dominates.
func (c *Callers) leads(branch *ssa.If, blk *ssa.BasicBlock, fr *flow.Frame, x call) bool {
	yes, no := branch.Block().Succs[0], branch.Block().Succs[1]
	if yes == no || len(blk.Preds) != 1 || blk != yes && blk != no {
		return true
	}
	outcome := c.eval(branch.Cond, fr, x, 0).constant
	return outcome == nil || constant.BoolVal(outcome) == (blk == yes)
}

// eval is what a value is in an activation, for one call of the outermost function.
func (c *Callers) eval(v ssa.Value, fr *flow.Frame, x call, depth int) datum {
	if v == nil || fr == nil || depth > 2*model.MaxOperands {
		return datum{}
	}
	switch v := v.(type) {
	case *ssa.Const:
		if source.IsNil(v) {
			return datum{isNil: true}
		}
		return datum{constant: v.Value}
	case *ssa.Parameter:
		return c.argument(v, fr, x, depth)
	case *ssa.Function, *ssa.MakeClosure, *ssa.Alloc, *ssa.MakeInterface, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice:
		return datum{notNil: true}
	case *ssa.ChangeType:
		return c.eval(v.X, fr, x, depth+1)
	case *ssa.UnOp:
		switch {
		case value.Loads(v):
			return c.loaded(v.X, fr, x, depth)
		case v.Op == token.NOT:
			if d := c.eval(v.X, fr, x, depth+1); d.constant != nil {
				return datum{constant: constant.UnaryOp(token.NOT, d.constant, 0)}
			}
		}
	case *ssa.BinOp:
		return compare(v.Op, boxed(c.eval(v.X, fr, x, depth+1), v.X), boxed(c.eval(v.Y, fr, x, depth+1), v.Y))
	}
	return datum{}
}

// boxed is what is known of v where it is compared: of a constant in an interface only that
// it is not nil, as the type counts there too.
func boxed(d datum, v ssa.Value) datum {
	if d.constant != nil && types.IsInterface(v.Type()) {
		return datum{notNil: true}
	}
	return d
}

// argument is what a parameter is given: by the call in the activation around, or by x.
func (c *Callers) argument(p *ssa.Parameter, fr *flow.Frame, x call, depth int) datum {
	i := slices.Index(fr.Fn.Params, p)
	if fr.Caller == nil && fr.Home == nil {
		return x[i]
	}
	if arg, caller := fr.Argument(p); arg != nil {
		if d := c.eval(arg, caller, x, depth+1); d.known() {
			return d
		}
	}
	if fr.Site == nil {
		return datum{}
	}
	return c.written(fr)[i] // a struct that is made for the call
}

// loaded is what stands at an address: a parameter that nobody assigns, or a field of one.
func (c *Callers) loaded(addr ssa.Value, fr *flow.Frame, x call, depth int) datum {
	field := ""
	if f, ok := addr.(*ssa.FieldAddr); ok {
		addr, field = f.X, source.FieldName(f)
	}
	cell := value.CellAt(addr, &fr)
	if cell == nil {
		return datum{}
	}
	p, ok := c.kept[cell]
	if !ok {
		p = keeps(cell)
		c.kept[cell] = p
	}
	if p == nil {
		return datum{}
	}
	d := c.eval(p, fr, x, depth+1)
	if field != "" {
		return d.fields[field]
	}
	return d
}

// keeps is the parameter that a variable is for, if nothing else is ever stored there; nil
// otherwise.
func keeps(cell *ssa.Alloc) ssa.Value {
	var p ssa.Value
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			param, ok := ref.Val.(*ssa.Parameter)
			if !ok || p != nil || ref.Addr != ssa.Value(cell) {
				return nil
			}
			p = param
		case *ssa.FieldAddr:
			if !onlyRead(ref) {
				return nil
			}
		case *ssa.MakeClosure:
			i := slices.Index(ref.Bindings, ssa.Value(cell))
			if i < 0 || !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i]) {
				return nil
			}
		default:
			return nil
		}
	}
	return p
}

// onlyRead reports whether what stands at an address is read and nothing else is done with it.
func onlyRead(addr ssa.Value) bool {
	return !slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
			return false
		case *ssa.FieldAddr:
			return !onlyRead(ref)
		case *ssa.MakeClosure:
			i := slices.Index(ref.Bindings, addr)
			return i < 0 || !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i])
		}
		return true
	})
}

// compare is the outcome of a comparison, if it is known.
func compare(op token.Token, x, y datum) datum {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return datum{}
	}
	if x.constant != nil && y.constant != nil && x.constant.Kind() == y.constant.Kind() {
		return datum{constant: constant.MakeBool(constant.Compare(x.constant, op, y.constant))}
	}
	oneIsNil := x.isNil && (y.isNil || y.notNil) || y.isNil && x.notNil
	if !oneIsNil || op != token.EQL && op != token.NEQ {
		return datum{}
	}
	return datum{constant: constant.MakeBool((x.isNil && y.isNil) == (op == token.EQL))}
}
