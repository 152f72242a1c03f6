package fanout

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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
	root ssa.Value // an Alloc, a MakeMap, or a parameter: then what it points to
	fr   *frame
	path string // ".f" field, "*[i]" and "*[#0]" element, "*{}" contents of a map
}

// An Access is one read or write.
type Access struct {
	At    Span
	Name  string // the place as written
	Write bool
	Kind  AccessKind

	memory
	in     ssa.Instruction
	where  *frame
	block  *Block
	body   *Body
	before int // ops of the block that come before it
	born   bool
	atomic bool // made by an operation of sync/atomic
}

// An AccessKind says what is accessed.
type AccessKind int8

// The kinds of accesses.
const (
	AccessVar    AccessKind = iota // a variable or a field
	AccessSlot                     // an element of a slice or an array
	AccessMap                      // what a map holds
	AccessAppend                   // a variable, to which an append is assigned
)

// accesses lists the accesses of the body by block.
func (b *Body) accesses() [][]*Access {
	if b.touches != nil || b.fr == nil {
		return b.touches
	}
	b.touches = make([][]*Access, len(b.Blocks))
	for i, sb := range b.fr.fn.Blocks {
		if sb == b.fr.fn.Recover {
			continue
		}
		blk := b.Blocks[i]
		ops := 0
		for n, in := range sb.Instrs {
			for ops < len(blk.at) && blk.at[ops] < n {
				ops++
			}
			for _, a := range b.e.accessesOf(in, b.fr) {
				a.in, a.where, a.block, a.body, a.before = in, b.fr, blk, b, ops
				for a.before < len(blk.at) && blk.at[a.before] < usedAt(in, n) {
					a.before++
				}
				b.touches[i] = append(b.touches[i], a)
			}
		}
		slices.SortStableFunc(b.touches[i], func(x, y *Access) int { return cmp.Compare(x.before, y.before) })
	}
	return b.touches
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
		if i := indexOf(in.Block(), ref); first < 0 || i < first {
			first = i
		}
	}
	return max(first, n)
}

// accessesOf lists what one instruction does.
func (e *engine) accessesOf(in ssa.Instruction, fr *frame) []*Access {
	switch in := in.(type) {
	case *ssa.Alloc:
		if in.Heap {
			return []*Access{{memory: memory{root: in, fr: fr}, born: true}}
		}
	case *ssa.MakeMap:
		return []*Access{{memory: memory{root: in, fr: fr}, born: true}}
	case *ssa.Store:
		a := e.access(in.Addr, fr)
		if a == nil || keepsValue(in) {
			return nil
		}
		a.Write, a.At = true, spanAt(in.Pos())
		if a.Kind == AccessVar && e.appends(in, a.memory, fr) {
			a.Kind = AccessAppend
		}
		return []*Access{a}
	case *ssa.UnOp:
		if in.Op != token.MUL {
			return nil
		}
		if a := e.access(in.X, fr); a != nil {
			a.At = spanAt(in.Pos())
			return []*Access{a}
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
		return e.atomicAccess(in, fr)
	}
	return nil
}

// keepsValue reports whether a store writes back what the variable holds already:
// "return x" does, where x is a named result.
func keepsValue(st *ssa.Store) bool {
	ld, ok := st.Val.(*ssa.UnOp)
	return ok && ld.Op == token.MUL && ld.X == st.Addr && ld.Block() == st.Block()
}

// Again reports whether the goroutine of the access comes by more than once.
func (a *Access) Again() bool {
	for in, fr := a.in, a.where; ; in, fr = fr.site, fr.caller {
		if inLoop(in.Block()) {
			return true
		}
		if fr.spawned || fr.caller == nil {
			return false
		}
	}
}

// atomicAccess is what a call of sync/atomic does, a method or a function.
func (e *engine) atomicAccess(in *ssa.Call, fr *frame) []*Access {
	fn := staticFunc(&in.Call)
	if fn == nil || pkgPath(fn) != "sync/atomic" || len(callArgs(&in.Call)) == 0 {
		return nil
	}
	a := e.access(callArgs(&in.Call)[0], fr)
	if a == nil {
		return nil
	}
	a.atomic, a.Write, a.At = true, !strings.HasPrefix(fn.Name(), "Load"), spanAt(in.Pos())
	return []*Access{a}
}

// access is an access to what addr points to, nil if that is not a known place.
// Locks, groups and atomics are used through their methods, which are no accesses.
func (e *engine) access(addr ssa.Value, fr *frame) *Access {
	if a, ok := addr.(*ssa.Alloc); ok && !a.Heap {
		return nil
	}
	p, ok := e.placeOf(addr, fr)
	if !ok {
		return nil
	}
	a := &Access{memory: p, Name: e.nameAt(addr, fr)}
	if strings.HasSuffix(p.path, "]") {
		a.Kind = AccessSlot
	}
	return a
}

func (e *engine) mapAccess(m ssa.Value, write bool, pos token.Pos, fr *frame) []*Access {
	p, ok := e.contents(m, fr)
	if !ok {
		return nil
	}
	p.path += "*{}"
	return []*Access{{memory: p, Name: e.nameAt(m, fr), Write: write, Kind: AccessMap, At: spanAt(pos)}}
}

// contents is the place of what a map or slice value refers to: the place where it
// was made, if that is known, or else of the variable that it was read from.
func (e *engine) contents(v ssa.Value, fr *frame) (memory, bool) {
	if s := e.resolve(v, fr); len(s) == 1 && s[0].path == "" {
		if mk, ok := s[0].val.(*ssa.MakeMap); ok {
			return memory{root: mk, fr: s[0].fr}, true
		}
	}
	if ld, ok := v.(*ssa.UnOp); ok && ld.Op == token.MUL {
		return e.placeOf(ld.X, fr)
	}
	return memory{}, false
}

func (e *engine) nameAt(v ssa.Value, fr *frame) string {
	name := (&bodyBuilder{e: e, fr: fr}).nameOf(v)
	return strings.ReplaceAll(name, "[...]", "")
}

// placeOf is the place that addr points to.
func (e *engine) placeOf(addr ssa.Value, fr *frame) (memory, bool) {
	switch x := addr.(type) {
	case *ssa.Alloc:
		return memory{root: x, fr: fr}, true
	case *ssa.FreeVar:
		if b, home := fr.binding(x); b != nil {
			return e.placeOf(b, home)
		}
		return memory{}, false
	case *ssa.FieldAddr:
		p, ok := e.placeOf(x.X, fr)
		p.path += "." + fieldName(x)
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
		s := e.resolve(addr, fr)
		if len(s) != 1 || strings.ContainsAny(s[0].path, "*[") {
			return memory{}, false
		}
		switch root := s[0].val.(type) {
		case *ssa.Alloc:
			return memory{root: root, fr: s[0].fr, path: s[0].path}, s[0].path == ""
		case *ssa.Parameter:
			return memory{root: root, fr: s[0].fr, path: s[0].path}, s[0].path == ""
		}
	}
	return memory{}, false
}

// indexKey is "#n" for a constant index and "i" for any other.
func indexKey(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return "#" + c.Value.ExactString()
	}
	return "i"
}

// appends reports whether the store assigns an append to what it appends to.
func (e *engine) appends(st *ssa.Store, p memory, fr *frame) bool {
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
func (a *Access) pin() {
	a.place()
	if id := a.body.e.identIndex().at[a.At.Pos]; id != nil {
		a.At = spanOf(id)
	}
}

// idents are the identifiers of the package.
type idents struct {
	at   map[token.Pos]*ast.Ident
	uses map[token.Pos][]*ast.Ident // by the position of what they stand for
}

func (e *engine) identIndex() *idents {
	if e.idents == nil {
		m := &idents{map[token.Pos]*ast.Ident{}, map[token.Pos][]*ast.Ident{}}
		for id := range e.pass.TypesInfo.Defs {
			m.at[id.Pos()] = id
		}
		for id, obj := range e.pass.TypesInfo.Uses {
			m.at[id.Pos()] = id
			m.uses[obj.Pos()] = append(m.uses[obj.Pos()], id)
		}
		e.idents = m
	}
	return e.idents
}

// place is where the access is, without its extent.
func (a *Access) place() {
	if a.At.Pos.IsValid() && (a.Write || a.atomic) {
		return
	}
	at := a.At.Pos
	if !at.IsValid() {
		at = usePos(a.in)
	}
	root, ok := a.root.(*ssa.Alloc)
	if !at.IsValid() || !ok {
		a.At = spanAt(at)
		return
	}
	best := token.NoPos
	e := a.body.e
	line := e.pass.Fset.Position(at).Line
	ext := extent(a.where.fn)
	for _, id := range e.identIndex().uses[root.Pos()] {
		if id.Pos() < ext.Pos || id.Pos() > ext.End || e.pass.Fset.Position(id.Pos()).Line != line {
			continue
		}
		if best == token.NoPos || distance(id.Pos(), at) < distance(best, at) || distance(id.Pos(), at) == distance(best, at) && id.Pos() < best {
			best = id.Pos()
		}
	}
	if !best.IsValid() {
		best = at
	}
	a.At = spanAt(best)
}

func distance(p, q token.Pos) int { return max(int(p-q), int(q-p)) }

// usePos is the position of the first instruction after in that has one, its
// users first.
func usePos(in ssa.Instruction) token.Pos {
	if v, ok := in.(ssa.Value); ok && v.Referrers() != nil {
		for _, ref := range *v.Referrers() {
			if ref.Pos().IsValid() {
				return ref.Pos()
			}
			if w, ok := ref.(ssa.Value); ok && w.Referrers() != nil {
				for _, r := range *w.Referrers() {
					if r.Pos().IsValid() {
						return r.Pos()
					}
				}
			}
		}
	}
	blk := in.Block()
	for _, x := range blk.Instrs[indexOf(blk, in):] {
		if x.Pos().IsValid() {
			return x.Pos()
		}
	}
	return token.NoPos
}
