package flow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/source"
)

// What a field of a struct may hold (see origins.go): of one that is made here, all that is
// stored to it; of one that comes from outside, what was in it or what the functions around
// have stored.

// field is what field (as ".name") of the struct at base may hold.
func (r *resolver) field(base ssa.Value, field string, at ssa.Instruction, fr *Frame) []Origin {
	var out []Origin
	for _, s := range r.value(base, fr) {
		if s.Val != nil && source.IsNil(s.Val) {
			continue // nil has no fields
		}
		if a, ok := s.Val.(*ssa.Alloc); ok {
			out = Union(out, r.ownField(a, s.Path+field, s.Frame, fr))
			continue
		}
		if lock, ok := r.ofNewCond(s, field); ok {
			out = Union(out, lock)
			continue
		}
		assigned, certain := r.assignedField(s, field, at, fr)
		if !certain {
			out = Union(out, below([]Origin{s}, field))
		}
		out = Union(out, assigned)
	}
	return out
}

// assignedField is what the functions around fr store to the field of an object
// that comes from outside. It is certain when a store comes before at on every
// path; otherwise the value that came in is an alternative.
func (r *resolver) assignedField(s Origin, field string, at ssa.Instruction, fr *Frame) (out []Origin, certain bool) {
	x := r.e.FieldWrites(field)
	if x == nil {
		return nil, false
	}
	for _, i := range x.leadingTo(fr) {
		st, point := x.Stores[i], at
		for f := fr; f != nil; f = f.Around() {
			if st.Parent() == f.Fn {
				base := st.Addr.(*ssa.FieldAddr).X
				if got := r.value(base, f); len(got) == 1 && got[0] == s {
					out = Union(out, r.value(st.Val, f))
					certain = certain || before(st, point)
				}
			}
			if f.Caller != nil {
				point = f.Site
			} else if f.Lit != nil {
				point = f.Lit
			}
		}
	}
	// A function called from here that stores such a field may have filled it.
	if v, ok := at.(ssa.Value); ok && r.e.storedByCalled(x, fr) {
		out = Union(out, []Origin{{Val: v, Path: field, Frame: fr}})
	}
	return out, certain
}

// before reports whether st is executed before point whenever point is.
func before(st *ssa.Store, point ssa.Instruction) bool {
	return point != nil && st.Parent() == point.Parent() && source.Dominates(st, point)
}

// ownField is what a field of a local struct may hold: all that its function
// stores there. Stores anywhere else in the package to the same field make the
// answer opaque when the struct can have reached them.
func (r *resolver) ownField(a *ssa.Alloc, field string, home, fr *Frame) []Origin {
	var out []Origin
	here := Origin{Val: a, Path: field, Frame: home}
	if slices.Contains(r.inner, here) {
		r.cuts++
		return nil // objects copied into each other
	}
	r.inner = append(r.inner, here)
	defer func() { r.inner = r.inner[:len(r.inner)-1] }()
	info := r.e.CellInfo(a)
	n := 0
	for _, st := range info.Fields[field] {
		out = Union(out, r.value(st.Val, home))
		n++
	}
	for i := range field {
		if field[i] != '.' {
			continue
		}
		copies := info.Whole
		if i > 0 {
			copies = info.Fields[field[:i]] // of the struct that has the field
		}
		n += len(copies)
		for _, st := range copies {
			out = Union(out, r.copied(a, st, field[i:], home, fr))
		}
	}
	if info.Leaks || strings.Count(field, ".") > 1 {
		set, more := r.setLater(a, field, home, fr)
		out, n = Union(out, set), n+more
	}
	if n == 0 {
		// Nothing stores the field: the field itself is the origin (a group
		// or mutex held by value), or it is never set.
		out = Union(out, []Origin{{Val: a, Path: field, Frame: home}})
	}
	return out
}

// setLater is what others than the function that makes the object a have stored to the field,
// or to a struct that has it, in n places.
func (r *resolver) setLater(a *ssa.Alloc, field string, home, fr *Frame) (out []Origin, n int) {
	for i := range field {
		t := fieldType(a.Type(), field[:i])
		if field[i] == '.' && t != nil && r.e.Written().wholes.At(t) != nil {
			out = []Origin{{Val: a, Path: field, Frame: home}} // it may be overwritten
		}
	}
	for i := 1; i <= len(field); i++ {
		if i < len(field) && field[i] != '.' {
			continue
		}
		part := field[:i]
		if !strings.Contains(part, ".") {
			continue // it is an element
		}
		writers := r.e.storedElsewhere(a, part)
		if len(writers) == 0 {
			if f := FieldAt(a.Type(), part); f != nil && r.e.setUnbuilt(f) {
				out = Union(out, []Origin{{Val: a, Path: field, Frame: home}})
			}
			continue
		}
		set, sure := r.setBy(a, part, home)
		n += len(set)
		for _, x := range set {
			if part == field {
				out = Union(out, r.value(x.st.Val, x.fr))
			} else {
				out = Union(out, r.copied(a, x.st, field[i:], x.fr, fr))
			}
		}
		// The object was filled by others: its field is an origin of its
		// own, unless a function that fills such fields is called here.
		filled := Origin{Val: a, Path: field, Frame: home}
		if r.e.Calls(fr, writers) {
			filled.Val = wildValue(a)
		}
		switch {
		case sure:
		case r.e.onlyCleared(a, part):
			out = Union(out, []Origin{{Frame: home}})
		default:
			out = Union(out, []Origin{filled})
		}
	}
	return out, n
}

// copied is what a field is when st has stored the struct that has it, in the object a or a
// part of it.
func (r *resolver) copied(a *ssa.Alloc, st *ssa.Store, field string, home, fr *Frame) (out []Origin) {
	if ld, ok := st.Val.(*ssa.UnOp); ok && ld.Op == token.MUL {
		if r.e.unsetIn(ld.X, field) {
			return nil
		}
		return r.field(ld.X, field, ld, home)
	}
	if c, isConst := st.Val.(*ssa.Const); isConst && c.Value == nil {
		return nil
	}
	for _, s := range r.value(st.Val, home) {
		if b, ok := s.Val.(*ssa.Alloc); ok && b != a {
			out = Union(out, r.ownField(b, s.Path+field, s.Frame, fr))
			continue
		}
		out = Union(out, below([]Origin{s}, field))
	}
	return out
}

// setUnbuilt reports whether a function that was not built sets the field, by its name, of a
// struct that exists.
func (e *Flow) setUnbuilt(f *types.Var) bool {
	return slices.ContainsFunc(e.Touches(f.Origin()), func(t source.Touch) bool {
		return t.Kind == source.TouchSet && !e.Written().built[t.In]
	})
}
