package model

import (
	"encoding/binary"
	"slices"
)

// facts is what a path knows. Nothing in it is written after it is shared.
type facts struct {
	index        *pathIndex
	set          []setFact // the last assignment of variables, by their numbers
	known, holds Bits      // conditions, by the numbers of their keys: of which the outcome is known, and is true
}

// setFact is the last assignment of a variable.
type setFact struct {
	v, id int
	op    *Op
}

// lastSet is the last assignment of the variable, nil if none is known.
func (f facts) lastSet(v *Var) *Op {
	if len(f.set) == 0 {
		return nil
	}
	n, ok := f.index.vars[v]
	if !ok {
		return nil
	}
	if i, ok := f.find(n); ok {
		return f.set[i].op
	}
	return nil
}

func (f facts) find(v int) (int, bool) {
	return slices.BinarySearchFunc(f.set, v, func(s setFact, v int) int { return s.v - v })
}

// with is the facts after an assignment, those about conditions apart.
func (f facts) with(op *Op) []setFact {
	s := setFact{f.index.variable(op.Var), f.index.set(op), op}
	i, found := f.find(s.v)
	out := make([]setFact, 0, len(f.set)+1)
	out = append(append(out, f.set[:i]...), s)
	if found {
		i++
	}
	return append(out, f.set[i:]...)
}

func (f facts) assign(op *Op) facts {
	g := facts{index: f.index, set: f.with(f.counted(op)), known: f.known, holds: f.holds}
	if reads := f.index.reads[f.index.variable(op.Var)]; g.known.Intersects(reads) {
		g.known, g.holds = g.known.Without(reads), g.holds.Without(reads)
	}
	return g
}

// counted is the assignment with the value that the index of a range has then: 0 in the
// first round, and counted up in the others.
func (f facts) counted(op *Op) *Op {
	if op.Val == nil || op.Val.After == nil {
		return op
	}
	switch before := f.lastSet(op.Val.After); {
	case before == nil || before.Val == nil:
		return op
	case before.Val.Const == "-1":
		return f.index.constant(op.Var, &Term{Const: "0"})
	default:
		return f.index.constant(op.Var, &Term{Counted: true})
	}
}

// branch is what is known after taking successor i of b, and whether that
// agrees with what was known.
func (f facts) branch(b *Block, i int) (facts, bool) {
	c := b.Cond
	if c == nil || len(b.Succs) != 2 {
		return f, true
	}
	want := i == 0 != c.Neg // what the condition proper must be
	if known, ok := f.compare(c.X, c.Y); ok {
		return f, known == want
	}
	if c.Key == "" {
		return f, true
	}
	key := f.index.key(c.Key)
	if f.known.Has(key) {
		return f, f.holds.Has(key) == want
	}
	g := f
	g.known = g.known.With(key)
	if want {
		g.holds = g.holds.With(key)
	}
	if want && c.X != nil && c.Y != nil && c.X.Var != nil && c.Y.Const != "" && c.Y.Const != "true" {
		// From here on the variable is that constant, and no other.
		g.set = f.with(f.index.constant(c.X.Var, c.Y))
	}
	return g, true
}

// forget drops the facts that do not matter at a block.
func (f facts) forget(l liveSet) facts {
	g := facts{index: f.index, set: f.set, known: f.known.Within(l.keys), holds: f.holds.Within(l.keys)}
	if !slices.ContainsFunc(f.set, func(s setFact) bool { return !l.vars.Has(s.v) }) {
		return g
	}
	var keep Bits
	for _, s := range f.set {
		if !l.vars.Has(s.v) {
			continue
		}
		keep.Add(s.v)
		// The value may be another variable, whose value then matters.
		for t := s.op.Val; t != nil && t.Var != nil; {
			i, ok := f.find(f.index.variable(t.Var))
			if !ok || keep.Has(f.set[i].v) {
				break
			}
			keep.Add(f.set[i].v)
			t = f.set[i].op.Val
		}
	}
	g.set = nil // most paths know nothing
	for _, s := range f.set {
		if keep.Has(s.v) {
			g.set = append(g.set, s)
		}
	}
	return g
}

// compare evaluates x == y where the path knows both.
func (f facts) compare(x, y *Term) (equal, known bool) {
	x, y = f.value(x), f.value(y)
	if x == nil || y == nil {
		return false, false
	}
	switch {
	case y.Const == "nil" && x.Gives.cannotFail(x.Index), x.Const == "nil" && y.Gives.cannotFail(y.Index):
		return true, true
	case x.Const != "" && y.Const != "":
		return x.Const == y.Const, true
	case x.NonNil && y.Const == "nil", y.NonNil && x.Const == "nil":
		return false, true
	case x.Counted && y.Const == "0", y.Counted && x.Const == "0":
		return false, true // a counter that was counted up from nought
	}
	return false, false
}

func (f facts) value(t *Term) *Term {
	for n := 0; t != nil && t.Var != nil && n < 8; n++ {
		op := f.lastSet(t.Var)
		if op == nil {
			return nil
		}
		t = op.Val
	}
	return t
}

// outcome is whether the condition with the key holds.
func (f facts) outcome(key string) (holds, known bool) {
	if f.index == nil {
		return false, false
	}
	n, ok := f.index.keys[key]
	if !ok {
		return false, false
	}
	return f.holds.Has(n), f.known.Has(n)
}

// key tells paths apart that differ in where they are or in what they know.
func (p *Path) key() string {
	at := make([]byte, 0, 16+4*len(p.facts.set)+8*(len(p.facts.known)+len(p.facts.holds)))
	at = binary.LittleEndian.AppendUint32(at, uint32(p.block.Index))
	at = binary.LittleEndian.AppendUint32(at, uint32(p.stage))
	at = binary.LittleEndian.AppendUint32(at, uint32(len(p.facts.set)))
	for _, s := range p.facts.set {
		at = binary.LittleEndian.AppendUint32(at, uint32(s.id))
	}
	at = appendBits(at, p.facts.known)
	return string(appendBits(at, p.facts.holds))
}

// appendBits appends a set, with its length and without the zeros at its end.
func appendBits(at []byte, b Bits) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	at = binary.LittleEndian.AppendUint32(at, uint32(len(b)))
	for _, w := range b {
		at = binary.LittleEndian.AppendUint64(at, w)
	}
	return at
}

func constOf(t *Term) string {
	if t == nil {
		return ""
	}
	return t.Const
}
