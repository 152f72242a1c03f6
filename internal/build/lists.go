package build

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Lists of functions: a task, or a call, that takes each in turn runs all of them.
//
// A list is an array, a slice or a map that the code at hand fills: with a literal, by
// append, element by element. Left out: lists that come from elsewhere or that another one
// may stand for, and what an unseen function adds.

// listed are the bodies of the functions of this package in the list that v is taken from,
// as the call or the start of a task at in runs them; none if it is not from such a list.
func (b *bodyBuilder) listed(in ssa.CallInstruction, v ssa.Value, spawned bool) []*model.Body {
	var out []*model.Body
	for _, m := range b.membersOf(v, in) {
		t, ok := b.e.FuncTarget(m.val, m.fr)
		if !ok || b.e.Foreign(t.Fn) || len(t.Fn.Params) > 0 && spawned || b.e.Full() {
			continue
		}
		child := b.e.Enter(b.fr, in, t, flow.CallArgs(in.Common()), spawned)
		if child == nil {
			continue
		}
		child.Listed, child.Many = true, m.many
		out = append(out, b.e.BodyOf(child))
	}
	return out
}

// A member is a function in a list.
type member struct {
	val  ssa.Value
	fr   *flow.Frame
	many bool // it is put there any number of times before the list is used
}

// membersOf are the functions in the one list that v, used at in, is an element of.
func (b *bodyBuilder) membersOf(v ssa.Value, in ssa.CallInstruction) []member {
	l := &lister{e: b.e, seen: map[ssa.Value]bool{}, use: in, by: b.fr}
	lists := 0
	for _, s := range b.e.Resolve(v, b.fr) {
		if s.IsZero() {
			continue
		}
		if field, ok := strings.CutPrefix(s.Path, "[]"); ok && s.Frame != nil {
			l.field = field
			lists += l.list(s)
			continue
		}
		l.field = s.Path
		if m := mapRanged(s); m == nil || !l.mapOf(b.e.Resolve(m, s.Frame)) {
			return nil
		}
		lists++
	}
	if lists != 1 || l.lost {
		return nil
	}
	return l.out
}

// mapRanged is the map whose elements a range gives as s; nil if s is not one, nor below one.
func mapRanged(s flow.Origin) ssa.Value {
	x, ok := s.Val.(*ssa.Extract)
	if !ok || x.Index != 2 {
		return nil
	}
	if next, ok := x.Tuple.(*ssa.Next); ok {
		if r, ok := next.Iter.(*ssa.Range); ok {
			return r.X
		}
	}
	return nil
}

// lister collects the functions of a list.
type lister struct {
	e   *Builder
	use ssa.CallInstruction // of an element
	by  *flow.Frame         // the activation that uses it
	// field is where the functions are in the elements, as ".run"; "" if they are these.
	field string
	out   []member
	seen  map[ssa.Value]bool
	lost  bool // part of the list is not seen
}

// list adds the elements of a list, and says how many lists they are of: none for what is
// appended to another.
func (l *lister) list(s flow.Origin) int {
	if l.seen[s.Val] {
		return 0
	}
	l.seen[s.Val] = true
	switch x := s.Val.(type) {
	case *ssa.Slice:
		if arr, ok := x.X.(*ssa.Alloc); ok {
			l.stored(arr, s.Frame)
			return 1
		}
	case *ssa.Alloc, *ssa.MakeSlice:
		l.stored(x, s.Frame)
		return 1
	case *ssa.Call:
		if bi, ok := x.Call.Value.(*ssa.Builtin); ok && bi.Name() == "append" {
			return l.appended(x, s.Frame)
		}
	}
	l.lost = true
	return 0
}

// appended adds what an append has before it and adds to that.
func (l *lister) appended(call *ssa.Call, fr *flow.Frame) int {
	lists := 0
	for _, s := range l.e.Resolve(call.Call.Args[0], fr) {
		if !s.IsZero() && s.Path == "" {
			lists += l.list(s)
		}
	}
	if sl, ok := call.Call.Args[1].(*ssa.Slice); ok {
		if arr, ok := sl.X.(*ssa.Alloc); ok {
			l.stored(arr, fr)
			return max(1, lists)
		}
	}
	l.lost = true
	return lists
}

// stored adds what is stored in the elements of an array or a slice, or copied from another
// array.
func (l *lister) stored(list ssa.Value, fr *flow.Frame) {
	for _, ref := range *list.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == list {
			if from, ok := st.Val.(*ssa.UnOp); ok {
				l.stored(from.X, fr)
			}
		}
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		l.storedAt(ia, fr, l.field)
	}
}

// storedAt adds what is stored at an address, in the field below it.
func (l *lister) storedAt(addr ssa.Value, fr *flow.Frame, field string) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				l.put(ref.Val, fr, ref, field)
			}
		case *ssa.FieldAddr:
			if below, ok := strings.CutPrefix(field, "."+source.FieldName(ref)); ok {
				l.storedAt(ref, fr, below)
			}
		}
	}
}

// mapOf adds the elements of a map, if it is one that is made in sight.
func (l *lister) mapOf(from []flow.Origin) bool {
	if len(from) != 1 || from[0].Path != "" {
		return false
	}
	mk, ok := from[0].Val.(*ssa.MakeMap)
	if !ok {
		return false
	}
	for _, ref := range *mk.Referrers() {
		if up, ok := ref.(*ssa.MapUpdate); ok && up.Map == ssa.Value(mk) {
			l.put(up.Value, from[0].Frame, up, l.field)
		}
	}
	return true
}

// put adds a function that an instruction puts into the list, or the struct whose field it is
// in.
func (l *lister) put(v ssa.Value, fr *flow.Frame, at ssa.Instruction, field string) {
	if field != "" {
		if from, ok := v.(*ssa.UnOp); ok {
			v = from.X
		}
		if obj, ok := v.(*ssa.Alloc); ok {
			l.storedAt(obj, fr, field)
		}
		return
	}
	many := source.InLoop(at.Block())
	for use, by := l.use, l.by; many && by != nil; use, by = by.Site, by.Caller {
		if by.Fn == at.Parent() {
			many = !source.Follows(use.Block(), at.Block()) // or it is another list each time
		}
	}
	l.out = append(l.out, member{v, fr, many})
}
