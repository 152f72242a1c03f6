package fanout

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
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
// that may change afterwards, the length of a channel. Products, quotients,
// minima and the like have none either: a symbol of their own would let the
// checker pick numbers for them that cannot be.
//
// resolve finds where a value comes from. It is asked for one source, and fixed
// goes the same way again and sees that each cell passed has one store only:
// in "for p != nil { p = p.next }" resolve cuts the cycle and sees one source.
//
// Taken to be unchanging, though other code could change it: fields and pointers
// below a parameter, a package variable or a call, and package variables, unless
// a function of this frame's chain (or a literal in one) stores to them.
// Integers are taken not to overflow.

// A Size is a number: a constant plus multiples of symbols, sorted by symbol.
type Size struct {
	Const int64
	Terms []SizeTerm
}

// A SizeTerm is a multiple of a symbol.
type SizeTerm struct {
	Coef   int64
	Sym    string
	Length bool // the length of a collection: it can be zero
}

// maxConst bounds the constants of a size, so that sums cannot overflow.
const maxConst = 1 << 40

// maxSizeDepth bounds how far one size is looked into.
const maxSizeDepth = 40

// String writes the size in one way only: equal sizes have equal texts.
func (s *Size) String() string {
	var b strings.Builder
	add := func(n int64, sym string) {
		switch {
		case b.Len() > 0 && n < 0:
			b.WriteString(" - ")
			n = -n
		case b.Len() > 0:
			b.WriteString(" + ")
		}
		switch {
		case sym == "":
			b.WriteString(strconv.FormatInt(n, 10))
		case n == 1 || n == -1:
			b.WriteString(strings.TrimSuffix(strconv.FormatInt(n, 10), "1") + sym)
		default:
			b.WriteString(strconv.FormatInt(n, 10) + "*" + sym)
		}
	}
	for _, t := range s.Terms {
		add(t.Coef, t.Sym)
	}
	if s.Const != 0 || len(s.Terms) == 0 {
		add(s.Const, "")
	}
	return b.String()
}

// Eval is the size when the symbols have the given values.
func (s *Size) Eval(value func(SizeTerm) int64) int64 {
	n := s.Const
	for _, t := range s.Terms {
		n += t.Coef * value(t)
	}
	return n
}

func constSize(n int64) *Size {
	if n > maxConst || n < -maxConst {
		return nil
	}
	return &Size{Const: n}
}

// numberOf is the value of an integer constant, nil if it is none or too large.
func numberOf(c *ssa.Const) *Size {
	if c.Value == nil {
		return nil
	}
	v := constant.ToInt(c.Value)
	if v.Kind() != constant.Int {
		return nil
	}
	if n, exact := constant.Int64Val(v); exact {
		return constSize(n)
	}
	return nil
}

// plus is s + k*t, nil when one of them is not known or a number is too large.
func (s *Size) plus(k int64, t *Size) *Size {
	if s == nil || t == nil || k > maxConst || k < -maxConst {
		return nil
	}
	small := func(n int64) bool { return k == 0 || n <= maxConst/max(k, -k) && n >= -maxConst/max(k, -k) }
	if !small(t.Const) {
		return nil
	}
	sum := constSize(s.Const + k*t.Const)
	if sum == nil {
		return nil
	}
	terms := slices.Clone(s.Terms)
	for _, x := range t.Terms {
		if !small(x.Coef) {
			return nil
		}
		x.Coef *= k
		if i := slices.IndexFunc(terms, func(y SizeTerm) bool { return y.Sym == x.Sym }); i >= 0 {
			terms[i].Coef += x.Coef
		} else {
			terms = append(terms, x)
		}
	}
	terms = slices.DeleteFunc(terms, func(x SizeTerm) bool { return x.Coef == 0 })
	slices.SortFunc(terms, func(a, b SizeTerm) int { return cmp.Compare(a.Sym, b.Sym) })
	if slices.ContainsFunc(terms, func(x SizeTerm) bool { return x.Coef > maxConst || x.Coef < -maxConst }) {
		return nil
	}
	sum.Terms = terms
	return sum
}

// sizeOf is the number that the integer v is in fr, nil if it is not known.
func (e *engine) sizeOf(v ssa.Value, fr *frame) *Size {
	return (&sizer{e: e}).size(v, fr, 0)
}

// A sizer is one question about a size or a key. lasting asks for values that
// nothing else can change: package variables and memory behind a pointer do not
// count.
type sizer struct {
	e       *engine
	lasting bool
}

func (q *sizer) size(v ssa.Value, fr *frame, depth int) *Size {
	if depth > maxSizeDepth || fr == nil || !isInteger(v.Type()) {
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
			return (&Size{}).plus(-1, q.size(v.X, fr, depth))
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			if b.Name() == "len" || b.Name() == "cap" {
				return q.length(v.Call.Args[0], b.Name(), v, fr, depth)
			}
			return nil
		}
	}
	s, ok := q.single(v, fr)
	if !ok {
		return nil
	}
	if s.path == "" && (s.val != v || s.fr != fr) {
		if _, isConst := s.val.(*ssa.Const); isConst {
			return q.size(s.val, fr, depth)
		}
		if computed(s.val) {
			return q.size(s.val, s.fr, depth)
		}
	}
	return q.symbol(s, "")
}

// sum is the size of an addition, subtraction or multiplication.
func (q *sizer) sum(v *ssa.BinOp, fr *frame, depth int) *Size {
	if v.Op != token.ADD && v.Op != token.SUB && v.Op != token.MUL {
		return nil
	}
	x, y := q.size(v.X, fr, depth), q.size(v.Y, fr, depth)
	switch {
	case x == nil || y == nil:
		return nil
	case v.Op == token.ADD:
		return x.plus(1, y)
	case v.Op == token.SUB:
		return x.plus(-1, y)
	case len(y.Terms) == 0:
		return (&Size{}).plus(y.Const, x)
	case len(x.Terms) == 0:
		return (&Size{}).plus(x.Const, y)
	}
	return nil
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

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// symbol is the size that consists of what s is, or of its length or capacity.
func (q *sizer) symbol(s source, of string) *Size {
	id, ok := q.identity(s)
	if !ok {
		return nil
	}
	if of != "" {
		id = of + "(" + id + ")"
	}
	return &Size{Terms: []SizeTerm{{Coef: 1, Sym: id, Length: of == "len"}}}
}

// length is len(x) or cap(x), computed by the instruction at.
func (q *sizer) length(x ssa.Value, of string, at ssa.Instruction, fr *frame, depth int) *Size {
	if depth > maxSizeDepth {
		return nil
	}
	t := x.Type().Underlying()
	if n, ok := arrayLen(t); ok {
		return constSize(n)
	}
	s, ok := q.single(x, fr)
	if !ok {
		return nil
	}
	whole := s.path == ""
	switch t := t.(type) {
	case *types.Slice, *types.Basic:
		if whole {
			if n, known := q.made(s, of, depth+1); known {
				return n
			}
		}
		return q.symbol(s, of)
	case *types.Map:
		if q.e.mapChanges(t, at, fr) {
			return nil
		}
		if mk, ok := s.val.(*ssa.MakeMap); ok && whole {
			if id, ok := q.executed(mk, s.fr); ok {
				return &Size{Terms: []SizeTerm{{Coef: 1, Sym: "len(map" + id + ")", Length: true}}}
			}
			return nil
		}
		return q.symbol(s, of)
	case *types.Chan:
		if of == "len" {
			return nil // changes all the time
		}
		if mk, ok := s.val.(*ssa.MakeChan); ok && whole {
			return q.size(mk.Size, s.fr, depth+1)
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
func (q *sizer) made(s source, of string, depth int) (n *Size, known bool) {
	switch mk := s.val.(type) {
	case *ssa.Const:
		if of == "len" && mk.Value != nil && mk.Value.Kind() == constant.String {
			return constSize(int64(len(constant.StringVal(mk.Value)))), true
		}
		return nil, true
	case *ssa.MakeSlice:
		if of == "cap" {
			return q.size(mk.Cap, s.fr, depth), true
		}
		return q.size(mk.Len, s.fr, depth), true
	case *ssa.Slice:
		high, low := mk.High, mk.Low
		if of == "cap" {
			high = mk.Max
		}
		var n *Size
		if high != nil {
			n = q.size(high, s.fr, depth)
		} else {
			n = q.length(mk.X, of, mk, s.fr, depth)
		}
		if low != nil {
			n = n.plus(-1, q.size(low, s.fr, depth))
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
		old := q.length(mk.Call.Args[0], of, mk, s.fr, depth)
		return old.plus(1, q.length(mk.Call.Args[1], of, mk, s.fr, depth)), true
	}
	return nil, false
}

// single is the one source of v, if there is one that stays what it is.
func (q *sizer) single(v ssa.Value, fr *frame) (source, bool) {
	if !q.e.fixed(v, fr, 0) {
		return source{}, false
	}
	got := q.e.resolve(v, fr)
	if len(got) != 1 || got[0].zero() || strings.Contains(got[0].path, "[]") {
		return source{}, false
	}
	s := got[0]
	if strings.Contains(s.path, ".*") && (q.lasting || q.e.storesThrough(v.Type(), fr)) {
		return source{}, false
	}
	if g, ok := s.val.(*ssa.Global); ok && (q.lasting || q.e.storesGlobal(g, fr)) {
		return source{}, false
	}
	return s, true
}

// identity names a source: a parameter of a root, a package variable, or the
// result of a call that is executed once in an activation of the root.
func (q *sizer) identity(s source) (string, bool) {
	name := ""
	switch v := s.val.(type) {
	case *ssa.Parameter:
		if s.fr.caller != nil || !v.Pos().IsValid() {
			return "", false // of a callback, which may be called many times
		}
		name = v.Name() + "{" + q.e.posText(v.Pos()) + "}"
	case *ssa.Global:
		name = v.String()
	case *ssa.Call:
		fn := funcName(staticFunc(&v.Call))
		if fn == "runtime.NumCPU" || fn == "runtime.GOMAXPROCS" && isZero(callArgs(&v.Call)[0]) {
			if len(callArgs(&v.Call)) > 0 {
				return fn + "(0)", true
			}
			return fn + "()", true
		}
		id, ok := q.executed(v, s.fr)
		if _, builtin := v.Call.Value.(*ssa.Builtin); builtin || !ok {
			return "", false
		}
		name = fn + "()" + id
	default:
		return "", false
	}
	if s.idx > 0 {
		name += "#" + strconv.Itoa(s.idx)
	}
	return name + s.path, true
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0
}

// executed names the place of an instruction that is executed at most once in
// an activation of the root: its position and those of the calls that lead to it.
func (q *sizer) executed(v ssa.Value, fr *frame) (string, bool) {
	in, ok := v.(ssa.Instruction)
	if !ok || fr == nil || inLoop(in.Block()) {
		return "", false
	}
	pos := v.Pos()
	if x, ok := v.(*ssa.Extract); ok {
		pos = x.Tuple.Pos()
	}
	if !pos.IsValid() || !q.e.runsOnce(fr) {
		return "", false
	}
	text := q.e.posText(pos)
	for f := fr; f.caller != nil; f = f.caller {
		if !f.site.Pos().IsValid() {
			return "", false
		}
		text += "<" + q.e.posText(f.site.Pos())
	}
	return "{" + text + "}", true
}

// posText is a position that does not depend on the order in which the files of
// the package were read.
func (e *engine) posText(p token.Pos) string {
	at := e.pass.Fset.PositionFor(p, false)
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}
