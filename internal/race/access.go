package race

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Accesses: who reads and writes what goroutines share?
//
// An access is a load, a store, an update of a map or an append, at a place: a
// variable of the function at hand, seen from itself, from a literal that
// captures it or through a pointer, and the fields below it. The elements of a
// slice and the contents of a map are places of their own, one step of
// indirection away: writing results[i] reads the variable results and writes
// an element.
//
// Accesses are no ops. They are many, and only the questions about shared
// memory (see races.go) need them; so a body lists them when it is asked, each
// with the number of ops before it in its block, and a Walk passes them in
// their order.
//
// What another function does with an address, and what a function that is not
// seen does with a slice or a map that it is given, is no access.

// A memory is a place that an expression denotes.
type memory struct {
	root ssa.Value // an Alloc, a MakeMap, a package variable, or a parameter: then what it points to
	fr   *flow.Frame
	path string // ".f" field, "*[i]" and "*[#0]" element, "*{}" contents of a map
}

// An access is one read or write, with what orders it.
type access struct {
	model.Access
	memory
	in     ssa.Instruction
	where  *flow.Frame
	block  *model.Block
	before int // ops of the block that come before it
	born   bool
	atomic bool        // made by an operation of sync/atomic
	member *model.Body // the one of a list of functions that makes it, of which each run of the goroutine calls another
}

// touched are the accesses of a body by block, in order, and the same as a Walk
// passes them.
type touched struct {
	list  [][]*access
	marks [][]model.Mark
}

// accesses lists the accesses of a body by block; none for bodies that stand for
// code not seen.
func (e *Finder) accesses(b *model.Body) [][]*access {
	if t := e.touches[b]; t != nil {
		return t.list
	}
	fr := e.FrameOf[b]
	if fr == nil {
		return nil
	}
	touches, marks := make([][]*access, len(b.Blocks)), make([][]model.Mark, len(b.Blocks))
	e.touches[b] = &touched{touches, marks}
	for i, sb := range fr.Fn.Blocks {
		if b.Blocks[i].Never {
			continue
		}
		blk := b.Blocks[i]
		at := e.OpIndex[blk]
		ops := 0
		for n, in := range sb.Instrs {
			for ops < len(at) && at[ops] < n {
				ops++
			}
			for _, a := range e.accessesOf(in, fr) {
				a.in, a.where, a.block, a.Body, a.before = in, fr, blk, b, ops
				a.Whole = a.path == ""
				for a.before < len(at) && at[a.before] < usedAt(in, n) {
					a.before++
				}
				touches[i] = append(touches[i], a)
			}
		}
		slices.SortStableFunc(touches[i], func(x, y *access) int { return cmp.Compare(x.before, y.before) })
		for _, a := range touches[i] {
			marks[i] = append(marks[i], a)
		}
	}
	return touches
}

// usedAt is where in its block the value of a load is used first, n if it is used
// elsewhere. In "return x, g.Wait()" the order of the two operands is not
// specified; the compilers make calls first.
func usedAt(in ssa.Instruction, n int) int {
	ld, ok := in.(*ssa.UnOp)
	if !ok {
		return n
	}
	first := -1
	for _, ref := range *ld.Referrers() {
		if ref.Block() != in.Block() {
			return n
		}
		if i := source.IndexOf(in.Block(), ref); first < 0 || i < first {
			first = i
		}
	}
	return max(first, n)
}

// accessesOf lists what one instruction does.
func (e *Finder) accessesOf(in ssa.Instruction, fr *flow.Frame) []*access {
	switch in := in.(type) {
	case *ssa.Alloc:
		if in.Heap {
			return []*access{{memory: memory{root: in, fr: fr}, born: true}}
		}
	case *ssa.MakeMap:
		return []*access{{memory: memory{root: in, fr: fr}, born: true}}
	case *ssa.Store:
		a := e.access(in.Addr, fr)
		if a == nil || keepsValue(in) {
			return nil
		}
		a.Write, a.At = true, model.SpanAt(in.Pos())
		if a.Kind == model.AccessVar && e.appends(in, a.memory, fr) {
			a.Kind = model.AccessAppend
		}
		return []*access{a}
	case *ssa.UnOp:
		if in.Op != token.MUL || onlyReported(in) {
			return nil
		}
		if a := e.access(in.X, fr); a != nil {
			a.At = model.SpanAt(in.Pos())
			return []*access{a}
		}
	case *ssa.MapUpdate:
		return e.mapAccess(in.Map, true, in.Pos(), fr)
	case *ssa.Lookup:
		if _, ok := in.X.Type().Underlying().(*types.Map); ok {
			return e.mapAccess(in.X, false, in.Pos(), fr)
		}
	case *ssa.Range:
		if _, ok := in.X.Type().Underlying().(*types.Map); ok {
			return e.mapAccess(in.X, false, in.Pos(), fr)
		}
	case *ssa.Call:
		if b, ok := in.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" {
			return e.mapAccess(in.Call.Args[0], true, in.Pos(), fr)
		}
		return append(e.atomicAccess(in, fr), e.methodAccess(in, fr)...)
	}
	return nil
}

// keepsValue reports whether a store writes back what the variable holds already:
// "return x" does, where x is a named result.
func keepsValue(st *ssa.Store) bool {
	ld, ok := st.Val.(*ssa.UnOp)
	return ok && ld.Op == token.MUL && ld.X == st.Addr && ld.Block() == st.Block()
}

// site is where the access is made.
func (a *access) site() order.Site {
	s := order.Site{Body: a.Body, Block: a.block, Before: a.before, Frame: a.where}
	if a.atomic {
		s.Atomic = flow.Variable{Cell: a.root, Frame: a.fr}
	}
	return s
}

// Before is how many ops of its block come before the access.
func (a *access) Before() int { return a.before }

// Place is where the access stands.
func (a *access) Place() model.Span { return a.At }

// madeForEach reports whether each of the functions of a list that run at the place of b has
// a variable of its own there: it is made in the loop that puts them in the list.
func (e *Finder) madeForEach(a *access, b *model.Body) bool {
	fr := e.FrameOf[b]
	cell, ok := a.root.(*ssa.Alloc)
	return ok && fr.Many && fr.Lit != nil && source.InLoop(cell.Block()) && fr.Lit.Parent() == cell.Parent()
}

// again reports whether the goroutine of the access comes by more than once.
func (a *access) again() bool {
	for in, fr := a.in, a.where; ; in, fr = fr.Site, fr.Caller {
		if source.InLoop(in.Block()) {
			return true
		}
		if fr.Spawned || fr.Caller == nil {
			return false
		}
	}
}

// atomicAccess is what a call of sync/atomic does, a method or a function.
func (e *Finder) atomicAccess(in *ssa.Call, fr *flow.Frame) []*access {
	fn := source.Callee(&in.Call)
	is, loads := known.AtomicOp(fn)
	if !is || len(source.Args(&in.Call)) == 0 {
		return nil
	}
	a := e.access(source.Args(&in.Call)[0], fr)
	if a == nil {
		return nil
	}
	a.atomic, a.Write, a.At = true, !loads, model.SpanAt(in.Pos())
	return []*access{a}
}

// methodAccess is what a method of std does with the object that it is called on, or a
// function that writes to the object that it is given.
func (e *Finder) methodAccess(in *ssa.Call, fr *flow.Frame) []*access {
	fn := source.Callee(&in.Call)
	if fn == nil || in.Call.IsInvoke() || len(in.Call.Args) == 0 {
		return nil
	}
	obj := in.Call.Args[0]
	changes, reads := known.ObjectMethod(fn)
	if w, ok := obj.(*ssa.MakeInterface); ok && known.WritesTo(fn, w.X.Type()) {
		obj, changes = w.X, true
	}
	if !changes && !reads {
		return nil
	}
	if _, ok := obj.Type().Underlying().(*types.Map); ok {
		return e.mapAccess(obj, changes, in.Pos(), fr)
	}
	a := e.access(obj, fr)
	if a == nil {
		return nil
	}
	a.Write, a.At = changes, model.SpanAt(in.Pos())
	return []*access{a}
}

// access is an access to what addr points to, nil if that is not a known place.
// Locks, groups and atomics are used through their methods, which are no accesses.
func (e *Finder) access(addr ssa.Value, fr *flow.Frame) *access {
	if a, ok := addr.(*ssa.Alloc); ok && !a.Heap {
		return nil
	}
	p, ok := e.placeOf(addr, fr)
	if !ok {
		return nil
	}
	a := &access{memory: p, Access: model.Access{Name: e.nameAt(addr, fr)}}
	if strings.HasSuffix(p.path, "]") {
		a.Kind = model.AccessSlot
	}
	return a
}

func (e *Finder) mapAccess(m ssa.Value, write bool, pos token.Pos, fr *flow.Frame) []*access {
	p, ok := e.contents(m, fr)
	if !ok {
		return nil
	}
	p.path += "*{}"
	return []*access{{memory: p, Access: model.Access{Name: e.nameAt(m, fr), Write: write, Kind: model.AccessMap, At: model.SpanAt(pos)}}}
}

// contents is the place of what a map or slice value refers to: the place where it
// was made, if that is known, or else of the variable that it was read from.
func (e *Finder) contents(v ssa.Value, fr *flow.Frame) (memory, bool) {
	if s := e.Resolve(v, fr); len(s) == 1 && s[0].Path == "" {
		if mk, ok := s[0].Val.(*ssa.MakeMap); ok {
			return memory{root: mk, fr: s[0].Frame}, true
		}
	}
	if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
		return e.placeOf(ld.X, fr)
	}
	return memory{}, false
}

func (e *Finder) nameAt(v ssa.Value, fr *flow.Frame) string {
	name := e.NameIn(v, fr)
	return strings.ReplaceAll(name, "[...]", "")
}

// placeOf is the place that addr points to.
func (e *Finder) placeOf(addr ssa.Value, fr *flow.Frame) (memory, bool) {
	switch x := addr.(type) {
	case *ssa.Alloc:
		return memory{root: x, fr: fr}, true
	case *ssa.Global:
		return memory{root: x, fr: rootOf(fr)}, true
	case *ssa.FreeVar:
		if b, home := fr.Binding(x); b != nil {
			return e.placeOf(b, home)
		}
		return memory{}, false
	case *ssa.FieldAddr:
		p, ok := e.placeOf(x.X, fr)
		p.path += "." + source.FieldName(x)
		return p, ok
	case *ssa.IndexAddr:
		var p memory
		var ok bool
		if _, isSlice := x.X.Type().Underlying().(*types.Slice); isSlice {
			p, ok = e.contents(x.X, fr)
			p.path += "*"
		} else {
			p, ok = e.placeOf(x.X, fr)
		}
		p.path += "[" + indexKey(x.Index) + "]"
		return p, ok
	case *ssa.UnOp, *ssa.Parameter:
		s := e.Resolve(addr, fr)
		if len(s) != 1 || strings.ContainsAny(s[0].Path, "*[") {
			return memory{}, false
		}
		switch root := s[0].Val.(type) {
		case *ssa.Alloc:
			return memory{root: root, fr: s[0].Frame, path: s[0].Path}, s[0].Path == ""
		case *ssa.Parameter:
			return memory{root: root, fr: s[0].Frame, path: s[0].Path}, s[0].Path == ""
		}
	}
	return memory{}, false
}

// rootOf is the frame of the function that all the others were called or started from.
func rootOf(fr *flow.Frame) *flow.Frame {
	for fr.Caller != nil {
		fr = fr.Caller
	}
	return fr
}

// indexKey is "#n" for a constant index and "i" for any other.
func indexKey(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return "#" + c.Value.ExactString()
	}
	return "i"
}

// appends reports whether the store assigns an append to what it appends to.
func (e *Finder) appends(st *ssa.Store, p memory, fr *flow.Frame) bool {
	call, ok := st.Val.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "append" {
		return false
	}
	ld, ok := call.Call.Args[0].(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return false
	}
	from, ok := e.placeOf(ld.X, fr)
	return ok && from == p
}

// pathSteps are the steps of a path below one pointer: fields and elements.
func pathSteps(path string) []string {
	var out []string
	for path != "" {
		n := 1 + strings.IndexAny(path[1:]+".", ".[")
		out = append(out, strings.TrimSuffix(path[:n], "]"))
		path = path[n:]
	}
	return out
}

// slot reports whether the place is an element whose index is not constant, or
// below one: each goroutine may well have its own.
func (p memory) slot() bool { return strings.Contains(p.path, "[i]") }

// pin gives a read its place in the source: a load of a variable has none, so it is
// the mention of the variable that is nearest to where the value is used.
func (e *Finder) pin(a *access) {
	e.place(a)
	a.Again = a.again()
	if id := e.mentionsOf().identAt(a.At.Pos); id != nil {
		a.At = model.SpanOf(id)
	}
}

// mentionsOf are the identifiers of the package.
func (e *Finder) mentionsOf() *mentions {
	if e.mentions == nil {
		e.mentions = newMentions(e.Pass)
	}
	return e.mentions
}

// place is where the access is, without its extent.
func (e *Finder) place(a *access) {
	if a.At.Pos.IsValid() && (a.Write || a.atomic) {
		return
	}
	at := a.At.Pos
	if !at.IsValid() {
		at = usePos(a.in)
	}
	root, ok := a.root.(*ssa.Alloc)
	if !at.IsValid() || !ok {
		a.At = model.SpanAt(at)
		return
	}
	ext := source.Extent(a.where.Fn)
	best := e.mentionsOf().nearest(root.Pos(), at, ext.Pos, ext.End)
	if !best.IsValid() {
		best = at
	}
	a.At = model.SpanAt(best)
}
