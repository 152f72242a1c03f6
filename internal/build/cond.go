package build

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Conditions are compared by text. Two tests of the same expression over the
// same variables agree as long as none of the variables is set in between; that
// is enough to see that "if parallel { g.Go(...) }" and a later
// "if parallel { return g.Wait() }" go together. Fields and lengths count as
// unchanged: a path that this rules out wrongly is a path not reported.

// cond describes a branch condition, or nil when nothing is known of it.
func (e *Builder) cond(v ssa.Value, fr *flow.Frame) *model.Cond {
	c := &model.Cond{At: v.Pos()}
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, c.Neg = not.X, !c.Neg
	}
	negated := c.Neg
	cmp, isCmp := v.(*ssa.BinOp)
	op := token.ILLEGAL
	if isCmp {
		op = cmp.Op
		if e.aboveNought(cmp, fr) {
			op = token.NEQ // a length above zero is one that is not zero
		}
	}
	if isCmp {
		c.Rel = cmp.Op
		if c.Left = e.SizeOf(cmp.X, fr); c.Left != nil {
			c.Right = e.SizeOf(cmp.Y, fr)
		}
	}
	if op == token.EQL || op == token.NEQ {
		c.Fails = known.IsError(cmp.X.Type())
		if op == token.NEQ {
			c.Neg = !c.Neg
		}
		c.X, c.Y = e.term(cmp.X, fr), e.term(cmp.Y, fr)
		x, ok1 := e.exprKey(cmp.X, fr, c)
		y, ok2 := e.exprKey(cmp.Y, fr, c)
		if ok1 && ok2 {
			c.Key = x + " == " + y
		}
	} else if isCmp && (op == token.GTR || op == token.GEQ) {
		// a > b is not a <= b, and a >= b is not a < b.
		c.Neg = !c.Neg
		c.Key = e.orderKey(cmp, map[token.Token]string{token.GTR: " <= ", token.GEQ: " < "}[op], fr, c)
	} else if isCmp && (op == token.LSS || op == token.LEQ) {
		c.Key = e.orderKey(cmp, " "+op.String()+" ", fr, c)
	} else {
		c.X, c.Y = e.term(v, fr), &model.Term{Const: "true"}
		if key, ok := e.exprKey(v, fr, c); ok {
			c.Key = key
		}
	}
	e.part(c, v, cmp, fr)
	e.counter(c, v, cmp, negated, fr)
	if key, ok := e.StableKey(v, fr); ok {
		rest, inverse := strings.CutPrefix(key, "!")
		c.Stable, c.StableNeg = rest, negated != inverse
	}
	return c
}

// orderKey is the key of a comparison by order, "" if an operand has none.
func (e *Builder) orderKey(cmp *ssa.BinOp, op string, fr *flow.Frame, c *model.Cond) string {
	x, ok1 := e.exprKey(cmp.X, fr, c)
	y, ok2 := e.exprKey(cmp.Y, fr, c)
	if !ok1 || !ok2 {
		return ""
	}
	return x + op + y
}

// aboveNought reports whether cmp is "x > 0" where x is a length or the index of a range.
func (e *Builder) aboveNought(cmp *ssa.BinOp, fr *flow.Frame) bool {
	k, isConst := cmp.Y.(*ssa.Const)
	if cmp.Op != token.GTR || !isConst || k.Value == nil || k.Value.Kind() != constant.Int || k.Int64() != 0 {
		return false
	}
	switch x := cmp.X.(type) {
	case *ssa.Call:
		b, ok := x.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len"
	case *ssa.UnOp:
		return value.Loads(x) && e.holdsIndex(x.X, fr)
	}
	return false
}

// holdsIndex reports whether a variable holds the index of a range, and nothing else.
func (e *Builder) holdsIndex(addr ssa.Value, fr *flow.Frame) bool {
	a := value.CellAt(addr, &fr)
	if a == nil {
		return false
	}
	info := e.CellInfo(a)
	return !info.Wild && len(info.Whole) > 0 && !slices.ContainsFunc(info.Whole, func(st *ssa.Store) bool {
		ld, ok := st.Val.(*ssa.UnOp)
		return !ok || !value.Loads(ld) || !value.IsRangeIndex(ld.X)
	})
}

// term is an operand whose value a path may know.
func (e *Builder) term(v ssa.Value, fr *flow.Frame) *model.Term {
	switch v := v.(type) {
	case *ssa.Const:
		t := &model.Term{Const: value.ConstText(v)}
		if strings.HasPrefix(t.Const, `"`) {
			t.Named = known.WordHints(t.Const)
		}
		return t
	case *ssa.UnOp:
		if v.Op == token.MUL {
			if x := e.varOf(v.X, fr); x != nil {
				return &model.Term{Var: x}
			}
			if g, ok := v.X.(*ssa.Global); ok && known.IsErrorInterface(g.Type().Underlying().(*types.Pointer).Elem()) {
				return &model.Term{NonNil: true} // a sentinel
			}
		}
		if v.Op == token.ARROW {
			return &model.Term{Gives: e.event(v, fr)}
		}
	case *ssa.ChangeInterface:
		return e.term(v.X, fr)
	case *ssa.ChangeType:
		return e.term(v.X, fr)
	case *ssa.MakeInterface:
		if c, ok := v.X.(*ssa.Const); ok && c.Value == nil {
			return nil
		}
		return &model.Term{NonNil: true}
	case *ssa.BinOp:
		if k, ok := v.Y.(*ssa.Const); ok && v.Op == token.ADD && k.Value != nil && k.Value.Kind() == constant.Int && k.Int64() > 0 {
			if ld, isLoad := v.X.(*ssa.UnOp); isLoad && value.IsRangeIndex(ld.X) {
				return &model.Term{After: e.varOf(ld.X, fr)}
			}
			return &model.Term{Counted: true}
		}
	case *ssa.Parameter:
		if fr.Caller != nil && fr.Args != nil {
			for i, q := range fr.Fn.Params {
				if q == v && fr.Args[i] != nil {
					return e.term(fr.Args[i], fr.Caller)
				}
			}
		}
	case *ssa.Alloc, *ssa.MakeClosure, *ssa.MakeChan, *ssa.MakeMap, *ssa.MakeSlice, *ssa.Function:
		return &model.Term{NonNil: true}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			switch {
			case known.NeverNil(known.FuncName(source.Callee(&call.Call))):
				return &model.Term{NonNil: true}
			case known.IsError(v.Type()) && e.NeverFails(&call.Call):
				return &model.Term{Const: "nil"}
			}
		}
		return &model.Term{Gives: e.event(v.Tuple, fr), Index: v.Index}
	case *ssa.Call:
		return e.callTerm(v, fr)
	}
	return nil
}

// callTerm is the one result of a call.
func (e *Builder) callTerm(v *ssa.Call, fr *flow.Frame) *model.Term {
	name := known.FuncName(source.Callee(&v.Call))
	switch {
	case known.NeverNil(name):
		return &model.Term{NonNil: true}
	case e.NeverFails(&v.Call):
		return &model.Term{Const: "nil"}
	case known.TellsEnd(name):
		return &model.Term{CtxErr: e.contexts(source.Args(&v.Call)[0], fr)}
	}
	t := &model.Term{Gives: e.event(v, fr)}
	if known.IsError(v.Type()) {
		for _, w := range value.Wrapped(&v.Call) {
			if x := e.term(w, fr); x != nil {
				t.Wraps = append(t.Wraps, x)
			}
		}
	}
	return t
}

// exprKey writes a side-effect free expression in a form that equal expressions
// share, and adds the variables it reads to c.
func (e *Builder) exprKey(v ssa.Value, fr *flow.Frame, c *model.Cond) (string, bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return value.ConstText(v), true
	case *ssa.Parameter:
		return "param " + v.Name(), true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			x, ok := e.exprKey(v.X, fr, c)
			return v.Op.String() + x, ok && v.Op != token.ARROW
		}
		return e.placeKey(v.X, fr, c)
	case *ssa.Field:
		x, ok := e.exprKey(v.X, fr, c)
		return x + "." + source.StructField(v.X.Type(), v.Field), ok
	case *ssa.BinOp:
		x, ok1 := e.exprKey(v.X, fr, c)
		y, ok2 := e.exprKey(v.Y, fr, c)
		return "(" + x + " " + v.Op.String() + " " + y + ")", ok1 && ok2
	case *ssa.MakeInterface:
		return e.exprKey(v.X, fr, c)
	case *ssa.ChangeType:
		return e.exprKey(v.X, fr, c)
	case *ssa.Convert:
		return e.exprKey(v.X, fr, c)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			x, ok := e.exprKey(v.Call.Args[0], fr, c)
			return b.Name() + "(" + x + ")", ok
		}
	}
	return "", false
}

func (e *Builder) placeKey(addr ssa.Value, fr *flow.Frame, c *model.Cond) (string, bool) {
	switch addr := addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		v := e.varOf(addr, fr)
		if v == nil {
			return "", false
		}
		c.Vars = append(c.Vars, v)
		return v.Key(), true
	case *ssa.FieldAddr:
		var x string
		var ok bool
		if a, isCell := addr.X.(*ssa.Alloc); isCell {
			if v := e.varOf(a, fr); v != nil {
				x, ok = v.Key(), true
				c.Vars = append(c.Vars, v)
			}
		} else {
			x, ok = e.exprKey(addr.X, fr, c)
		}
		return x + "." + source.FieldName(addr), ok
	case *ssa.Global:
		return "global " + addr.Name(), true
	}
	return "", false
}

// capacity is the capacity of a channel: its number where that is known, else as the author
// wrote it.
func capacity(e *Builder, mk *ssa.MakeChan, size *model.Size) string {
	if size != nil && len(size.Terms) == 0 {
		return size.String()
	}
	if call := e.Positions.Call(mk.Pos()); call != nil && len(call.Args) == 2 {
		return source.Short(call.Args[1])
	}
	return "?"
}
