package value

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Sizes: how many? A loop bound, a capacity, a limit, the length of a slice.
//
// Whether "one task for each item, a channel of len(items)" balances does not
// depend on how many items there are, but on both numbers being the same one.
// So a size is a sum of a constant and of multiples of symbols, and a symbol
// stands for one number of one activation of the root function: two sizes with
// the same text are the same number, in whichever goroutine they are computed.
// Two symbols say nothing of each other.
//
// A symbol is written from where its value comes from: a parameter of the root,
// a package variable, the result of a call that is executed once, or a field
// below one of them. Everything that may be another value another time has no
// size: what several stores reach, what is computed in a loop, in a function
// that is called in a loop or in a callback, an element, the length of a map
// that may change afterwards, the length of a channel. Products, quotients, minima
// and maxima keep what they are computed from: a symbol of their own would let the
// checker pick numbers for them that cannot be.
//
// resolve finds where a value comes from. It is asked for one source, and isInvariant
// goes the same way again and sees that each cell passed has one store only:
// in "for p != nil { p = p.next }" resolve cuts the cycle and sees one source.
//
// Taken to be unchanging, though other code could change it: fields and pointers
// below a parameter, a package variable or a call, and package variables, unless
// a function of this frame's chain (or a literal in one) stores to them.
// Integers are taken not to overflow.

// numberOf is the value of an integer constant, nil if it is none or too large.
func numberOf(c *ssa.Const) *model.Size {
	if c.Value == nil {
		return nil
	}
	v := constant.ToInt(c.Value)
	if v.Kind() != constant.Int {
		return nil
	}
	if n, exact := constant.Int64Val(v); exact {
		return model.ConstSize(n)
	}
	return nil
}

// SizeOf is the number that the integer v is in fr, nil if it is not known.
func (e *Values) SizeOf(v ssa.Value, fr *flow.Frame) *model.Size {
	return (&sizer{e: e}).size(v, fr, 0)
}

// A sizer is one question about a size or a key. lasting asks for values that
// nothing else can change: package variables and memory behind a pointer do not
// count.
type sizer struct {
	e       *Values
	lasting bool
}

func (q *sizer) size(v ssa.Value, fr *flow.Frame, depth int) *model.Size {
	if depth > model.MaxSizeDepth || fr == nil || !IsInteger(v.Type()) {
		return nil
	}
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		return numberOf(v)
	case *ssa.BinOp:
		return q.sum(v, fr, depth)
	case *ssa.ChangeType:
		return q.size(v.X, fr, depth)
	case *ssa.Convert:
		if b, ok := v.Type().Underlying().(*types.Basic); ok && (b.Kind() == types.Int8 || b.Kind() == types.Int16 || b.Kind() == types.Uint8 || b.Kind() == types.Uint16) {
			return nil // may cut the number off
		}
		return q.size(v.X, fr, depth)
	case *ssa.UnOp:
		if v.Op == token.SUB {
			return (&model.Size{}).Plus(-1, q.size(v.X, fr, depth))
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "len", "cap":
				return q.length(v.Call.Args[0], b.Name(), v, fr, depth)
			case "min", "max":
				n := q.size(v.Call.Args[0], fr, depth)
				for _, x := range v.Call.Args[1:] {
					n = model.Computed(model.CalcOp(b.Name()), n, q.size(x, fr, depth))
				}
				return n
			}
			return nil
		}
	}
	s, ok := q.single(v, fr)
	if !ok {
		return q.settled(v, "", fr)
	}
	if s.Path == "" && (s.Val != v || s.Frame != fr) {
		if _, isConst := s.Val.(*ssa.Const); isConst {
			return q.size(s.Val, fr, depth)
		}
		if computed(s.Val) {
			return q.size(s.Val, s.Frame, depth)
		}
	}
	return q.symbol(s, "")
}

// sum is the size of an addition, subtraction, multiplication or division.
func (q *sizer) sum(v *ssa.BinOp, fr *flow.Frame, depth int) *model.Size {
	switch v.Op {
	case token.ADD, token.SUB, token.MUL, token.QUO:
	default:
		return nil
	}
	x, y := q.size(v.X, fr, depth), q.size(v.Y, fr, depth)
	switch {
	case x == nil || y == nil:
		return nil
	case v.Op == token.ADD:
		return x.Plus(1, y)
	case v.Op == token.SUB:
		return x.Plus(-1, y)
	case v.Op == token.QUO:
		if len(y.Terms) > 0 || y.Const < 1 || y.Const > model.MaxDivisor {
			return nil
		}
		return model.Computed(model.CalcQuot, x, y)
	case len(y.Terms) == 0:
		return (&model.Size{}).Plus(y.Const, x)
	case len(x.Terms) == 0:
		return (&model.Size{}).Plus(x.Const, y)
	}
	return model.Computed(model.CalcProduct, x, y)
}

// computed reports whether v is an expression over other values, which size or
// key looks into rather than giving it a symbol.
func computed(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.BinOp, *ssa.Convert, *ssa.ChangeType:
		return true
	case *ssa.UnOp:
		return v.Op != token.MUL && v.Op != token.ARROW
	case *ssa.Call:
		_, ok := v.Call.Value.(*ssa.Builtin)
		return ok
	}
	return false
}

// IsInteger reports whether t is an integer type.
func IsInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// symbol is the size that consists of what s is, or of its length or capacity.
func (q *sizer) symbol(s flow.Origin, of string) *model.Size {
	id, ok := q.identity(s)
	if !ok {
		return nil
	}
	if of != "" {
		id = of + "(" + id + ")"
	}
	return &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: id, Length: of == "len"}}}
}

// length is len(x) or cap(x), computed by the instruction at.
func (q *sizer) length(x ssa.Value, of string, at ssa.Instruction, fr *flow.Frame, depth int) *model.Size {
	if depth > model.MaxSizeDepth {
		return nil
	}
	t := x.Type().Underlying()
	if n, ok := arrayLen(t); ok {
		return model.ConstSize(n)
	}
	s, ok := q.single(x, fr)
	if !ok {
		if _, isMap := t.(*types.Map); isMap || known.IsChan(t) {
			return nil
		}
		return q.settled(x, of, fr)
	}
	whole := s.Path == ""
	switch t := t.(type) {
	case *types.Slice, *types.Basic:
		if whole {
			if n, known := q.made(s, of, depth+1); known {
				return n
			}
		}
		return q.symbol(s, of)
	case *types.Map:
		if q.e.MapChanges(t, at, fr) {
			return nil
		}
		if mk, ok := s.Val.(*ssa.MakeMap); ok && whole {
			if id, ok := q.executed(mk, s.Frame); ok {
				return &model.Size{Terms: []model.SizeTerm{{Coef: 1, Sym: "len(map" + id + ")", Length: true}}}
			}
			return nil
		}
		return q.symbol(s, of)
	case *types.Chan:
		if of == "len" {
			return nil // changes all the time
		}
		if mk, ok := s.Val.(*ssa.MakeChan); ok && whole {
			return q.size(mk.Size, s.Frame, depth+1)
		}
		return q.symbol(s, of)
	}
	return nil
}

// arrayLen is the length of an array or of what a pointer to an array points to.
func arrayLen(t types.Type) (int64, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, ok := t.Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len(), true
}

// made is the length or capacity of a slice or string where the code says how
// long it is made; known is false when its source is something else.
func (q *sizer) made(s flow.Origin, of string, depth int) (n *model.Size, known bool) {
	switch mk := s.Val.(type) {
	case *ssa.Const:
		if of == "len" && mk.Value != nil && mk.Value.Kind() == constant.String {
			return model.ConstSize(int64(len(constant.StringVal(mk.Value)))), true
		}
		return nil, true
	case *ssa.MakeSlice:
		if of == "cap" {
			return q.size(mk.Cap, s.Frame, depth), true
		}
		return q.size(mk.Len, s.Frame, depth), true
	case *ssa.Slice:
		high, low := mk.High, mk.Low
		if of == "cap" {
			high = mk.Max
		}
		var n *model.Size
		if high != nil {
			n = q.size(high, s.Frame, depth)
		} else {
			n = q.length(mk.X, of, mk, s.Frame, depth)
		}
		if low != nil {
			n = n.Plus(-1, q.size(low, s.Frame, depth))
		}
		return n, true
	case *ssa.Call:
		b, ok := mk.Call.Value.(*ssa.Builtin)
		if !ok {
			return nil, false
		}
		if b.Name() != "append" || of != "len" || len(mk.Call.Args) != 2 {
			return nil, true
		}
		old := q.length(mk.Call.Args[0], of, mk, s.Frame, depth)
		return old.Plus(1, q.length(mk.Call.Args[1], of, mk, s.Frame, depth)), true
	}
	return nil, false
}

// single is the one source of v, if there is one that stays what it is.
func (q *sizer) single(v ssa.Value, fr *flow.Frame) (flow.Origin, bool) {
	if !q.e.isInvariant(v, fr, 0) {
		return flow.Origin{}, false
	}
	got := q.e.Resolve(v, fr)
	if len(got) != 1 || got[0].IsZero() || strings.Contains(got[0].Path, "[]") {
		return flow.Origin{}, false
	}
	s := got[0]
	if strings.Contains(s.Path, ".*") && (q.lasting || q.e.storesThrough(v.Type(), fr)) {
		return flow.Origin{}, false
	}
	if g, ok := s.Val.(*ssa.Global); ok && (q.lasting || q.e.storesGlobal(g, fr)) {
		return flow.Origin{}, false
	}
	return s, true
}

// identity names a source: a parameter of a root, a package variable, or the
// result of a call that is executed once in an activation of the root.
func (q *sizer) identity(s flow.Origin) (string, bool) {
	name := ""
	switch v := s.Val.(type) {
	case *ssa.Parameter:
		if s.Frame.Caller != nil || !v.Pos().IsValid() {
			return "", false // of a callback, which may be called many times
		}
		name = v.Name() + "{" + q.e.PosText(v.Pos()) + "}"
	case *ssa.Global:
		name = v.String()
	case *ssa.Call:
		fn := known.FuncName(source.Callee(&v.Call))
		if known.CountsProcessors(fn) && (len(v.Call.Args) == 0 || IsZero(v.Call.Args[0])) {
			if len(source.Args(&v.Call)) > 0 {
				return fn + "(0)", true
			}
			return fn + "()", true
		}
		id, ok := q.executed(v, s.Frame)
		if _, builtin := v.Call.Value.(*ssa.Builtin); builtin || !ok {
			return "", false
		}
		name = fn + "()" + id
	default:
		return "", false
	}
	if s.Index > 0 {
		name += "#" + strconv.Itoa(s.Index)
	}
	return name + s.Path, true
}

// IsZero reports whether a value is the constant 0.
func IsZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0
}

// executed names the place of an instruction that is executed at most once in
// an activation of the root: its position and those of the calls that lead to it.
func (q *sizer) executed(v ssa.Value, fr *flow.Frame) (string, bool) {
	in, ok := v.(ssa.Instruction)
	if !ok || fr == nil || source.InLoop(in.Block()) {
		return "", false
	}
	pos := v.Pos()
	if x, ok := v.(*ssa.Extract); ok {
		pos = x.Tuple.Pos()
	}
	if !pos.IsValid() || !q.e.runsOnce(fr) {
		return "", false
	}
	text := q.e.PosText(pos)
	for f := fr; f.Caller != nil; f = f.Caller {
		if !f.Site.Pos().IsValid() {
			return "", false
		}
		text += "<" + q.e.PosText(f.Site.Pos())
	}
	return "{" + text + "}", true
}
