package fanout

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// Origins: which value does this variable hold here?
//
// "Parent or derived" cannot be read off a name. In
//
//	g, ctx := errgroup.WithContext(ctx)
//
// at the top of a function the right side is the parameter and the left side
// assigns the parameter's own cell, while one block deeper it declares a new
// variable. What a task sees depends on the last store to the captured cell
// before the task is started, and on stores that follow while it runs.
//
// resolve answers with the set of sources that a value may come from: it walks
// loads back to the stores that reach them (flow-sensitive, per cell), goes
// from parameters to arguments and from captured variables to the cells they
// are bound to, through conversions, struct fields of local structs, and into
// the results of functions of the package. It is a "may" analysis: every store
// on some path counts, correlated branches are not told apart. Several sources
// that disagree make the answer to a question Unknown, so what resolve does
// not understand (memory behind unknown pointers, cells whose address escapes,
// cells written by other functions) is one more source, opaque.
//
// Ignored on purpose: stores through aliases of a pointer that is itself
// stored in memory, and unsafe.

// maxSources bounds the sources of one value; beyond it the value is opaque.
const maxSources = 8

// A source is one origin of a value.
type source struct {
	val  ssa.Value // the defining value; nil for the zero value of a cell
	idx  int       // which result, if val is a call
	path string    // fields below val, as ".a.b"
	fr   *frame    // where val is defined
}

// zero reports whether the source is "never assigned".
func (s source) zero() bool {
	if s.val == nil {
		return true
	}
	c, ok := s.val.(*ssa.Const)
	return ok && c.IsNil()
}

// resolve returns the sources of v in fr.
func (e *engine) resolve(v ssa.Value, fr *frame) []source {
	return e.resolver().value(v, fr)
}

// resolver is one query; busy breaks cycles through loops and phis.
type resolver struct {
	e     *engine
	busy  map[valueKey]bool
	inner map[source]bool // fields of objects being resolved
	steps int
}

type valueKey struct {
	v  ssa.Value
	fr *frame
}

// maxResolveSteps bounds one query, in values visited.
const maxResolveSteps = 2000

func (e *engine) resolver() *resolver {
	return &resolver{e: e, busy: map[valueKey]bool{}, inner: map[source]bool{}}
}

func union(a, b []source) []source {
	for _, s := range b {
		if len(a) < maxSources && !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func (r *resolver) value(v ssa.Value, fr *frame) []source {
	key := valueKey{v, fr}
	if cached, ok := r.e.origins[key]; ok {
		return cached
	}
	r.steps++
	if r.busy[key] {
		return nil
	}
	if r.steps > maxResolveSteps {
		return []source{{val: v, fr: fr}}
	}
	r.busy[key] = true
	out := r.compute(v, fr)
	delete(r.busy, key)
	if len(r.busy) == 0 && len(r.inner) == 0 { // inside a cycle the result is partial
		r.e.origins[key] = out
	}
	return out
}

func (r *resolver) compute(v ssa.Value, fr *frame) []source {
	self := []source{{val: v, fr: fr}}
	switch v := v.(type) {
	case *ssa.Phi:
		var out []source
		for _, x := range v.Edges {
			out = union(out, r.value(x, fr))
		}
		return out
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return r.load(v.X, v, fr)
		}
		return self
	case *ssa.MakeInterface:
		return r.value(v.X, fr)
	case *ssa.ChangeInterface:
		return r.value(v.X, fr)
	case *ssa.ChangeType:
		return r.value(v.X, fr)
	case *ssa.TypeAssert:
		return r.value(v.X, fr)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			return r.result(t, v.Index, fr)
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return r.value(t.X, fr)
			}
		}
		return self
	case *ssa.Call:
		return r.result(v, 0, fr)
	case *ssa.Parameter:
		return r.parameter(v, fr)
	case *ssa.FreeVar:
		if b, home := fr.binding(v); b != nil {
			return r.value(b, home)
		}
		return self
	case *ssa.FieldAddr:
		return below(r.value(v.X, fr), "."+fieldName(v))
	case *ssa.IndexAddr:
		return below(r.value(v.X, fr), "[]")
	case *ssa.Field:
		if ld, ok := v.X.(*ssa.UnOp); ok && ld.Op == token.MUL {
			return r.field(ld.X, "."+structField(v.X.Type(), v.Field), ld, fr)
		}
		return below(r.value(v.X, fr), "."+structField(v.X.Type(), v.Field))
	}
	return self
}

// below adds a field to the path of every source that has an identity.
func below(sources []source, field string) []source {
	out := make([]source, 0, len(sources))
	for _, s := range sources {
		if s.val == nil {
			continue // the zero value has no fields to speak of
		}
		s.path += field
		out = append(out, s)
	}
	return out
}

func fieldName(f *ssa.FieldAddr) string { return structField(f.X.Type(), f.Field) }

func structField(t types.Type, i int) string {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() {
		return s.Field(i).Name()
	}
	return strconv.Itoa(i)
}

func (r *resolver) parameter(p *ssa.Parameter, fr *frame) []source {
	if fr.caller != nil && fr.args != nil {
		for i, q := range fr.fn.Params {
			if q == p && fr.args[i] != nil {
				return r.value(fr.args[i], fr.caller)
			}
		}
	}
	return []source{{val: p, fr: fr}}
}

// binding is the cell that a captured variable of fr is bound to.
func (fr *frame) binding(v *ssa.FreeVar) (ssa.Value, *frame) {
	if fr.lit == nil || fr.home == nil {
		return nil, nil
	}
	for i, w := range fr.fn.FreeVars {
		if w == v && i < len(fr.lit.Bindings) {
			return fr.lit.Bindings[i], fr.home
		}
	}
	return nil, nil
}

// result is what result idx of a call may be: for a function of this package
// with a body, what its return statements give.
func (r *resolver) result(call *ssa.Call, idx int, fr *frame) []source {
	self := []source{{val: call, idx: idx, fr: fr}}
	if fn := staticFunc(&call.Call); r.e.known.same(fn) && idx == r.e.known.result(fn) {
		return r.value(callArgs(&call.Call)[0], fr)
	}
	if call.Call.IsInvoke() {
		return self
	}
	t, ok := r.funcTarget(call.Call.Value, fr)
	if !ok || r.e.foreign(t.fn) {
		return self
	}
	child := r.e.enter(fr, call, t, call.Call.Args, false)
	if child == nil {
		return self
	}
	var out []source
	for _, ret := range returns(t.fn) {
		if idx < len(ret.Results) {
			out = union(out, r.value(ret.Results[idx], child))
		}
	}
	if len(out) == 0 {
		return self
	}
	return out
}

// load is what the memory at addr may hold just before at.
func (r *resolver) load(addr ssa.Value, at ssa.Instruction, fr *frame) []source {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		if info := r.e.cellInfo(addr); pointsToObject(addr) && (len(info.whole) == 0 || len(info.fields) > 0) {
			return []source{{val: addr, fr: fr}} // a copy has the fields of the object
		}
		return r.cell(addr, at, fr, false)
	case *ssa.FreeVar:
		return r.captured(addr, at, fr)
	case *ssa.FieldAddr:
		return r.field(addr.X, "."+fieldName(addr), at, fr)
	case *ssa.IndexAddr:
		return below(r.value(addr.X, fr), "[]")
	case *ssa.Global:
		return []source{{val: addr, fr: nil}}
	}
	return below(r.value(addr, fr), ".*")
}

// cell is what a local variable may hold just before at. later also counts the
// stores that follow, for a task that runs beside them.
func (r *resolver) cell(a *ssa.Alloc, at ssa.Instruction, fr *frame, later bool) []source {
	if at == nil || at.Parent() != a.Parent() {
		return r.everyStore(a, fr)
	}
	stores, entry := reaching(a, at)
	if later {
		stores = append(stores, following(a, at)...)
	}
	var out []source
	for _, st := range stores {
		out = union(out, r.value(st.Val, fr))
	}
	if entry {
		out = union(out, []source{{fr: fr}})
	}
	if r.e.cellInfo(a).wild {
		out = union(out, []source{{val: wildValue(a), fr: fr}})
	}
	return out
}

// everyStore gives up on order: all that is ever stored to the cell.
func (r *resolver) everyStore(a *ssa.Alloc, fr *frame) []source {
	var out []source
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			out = union(out, r.value(st.Val, fr))
		}
	}
	if r.e.cellInfo(a).wild || len(out) == 0 {
		out = union(out, []source{{val: wildValue(a), fr: fr}})
	}
	return out
}

// wildValue marks a cell whose content is not known; any value that resolve
// treats as opaque would do, and the cell's own store keeps it identifiable.
func wildValue(a *ssa.Alloc) ssa.Value {
	for _, ref := range *a.Referrers() {
		if u, ok := ref.(*ssa.UnOp); ok {
			return u
		}
	}
	return a
}

// captured is what a captured variable may hold just before at, inside the
// literal that captures it.
func (r *resolver) captured(fv *ssa.FreeVar, at ssa.Instruction, fr *frame) []source {
	var out []source
	stores, entry := reaching(fv, at)
	for _, st := range stores {
		out = union(out, r.value(st.Val, fr))
	}
	if !entry {
		return out
	}
	b, home := fr.binding(fv)
	if b == nil {
		return union(out, []source{{val: fv, fr: fr}})
	}
	point, exact := fr.entry()
	switch b := b.(type) {
	case *ssa.Alloc:
		if pointsToObject(b) && len(r.e.cellInfo(b).fields) > 0 {
			return union(out, []source{{val: b, fr: home}}) // a copy has the fields of the object
		}
		return union(out, r.cell(b, point, home, !exact || fr.concurrent()))
	case *ssa.FreeVar:
		if point == nil {
			return union(out, []source{{val: b, fr: home}})
		}
		return union(out, r.captured(b, point, home))
	}
	return union(out, r.load(b, point, home))
}

// field is what field (as ".name") of the struct at base may hold.
func (r *resolver) field(base ssa.Value, field string, at ssa.Instruction, fr *frame) []source {
	var out []source
	for _, s := range r.value(base, fr) {
		if a, ok := s.val.(*ssa.Alloc); ok {
			out = union(out, r.ownField(a, s.path+field, s.fr, fr))
			continue
		}
		assigned, certain := r.assignedField(s, field, at, fr)
		if !certain {
			out = union(out, below([]source{s}, field))
		}
		out = union(out, assigned)
	}
	return out
}

// assignedField is what the functions around fr store to the field of an object
// that comes from outside. It is certain when a store comes before at on every
// path; otherwise the value that came in is an alternative.
func (r *resolver) assignedField(s source, field string, at ssa.Instruction, fr *frame) (out []source, certain bool) {
	x := r.e.fieldWrites(field)
	if x == nil {
		return nil, false
	}
	for _, i := range x.leadingTo(fr) {
		st, point := x.stores[i], at
		for f := fr; f != nil; f = f.around() {
			if st.Parent() == f.fn {
				base := st.Addr.(*ssa.FieldAddr).X
				if got := r.value(base, f); len(got) == 1 && got[0] == s {
					out = union(out, r.value(st.Val, f))
					certain = certain || before(st, point)
				}
			}
			if f.caller != nil {
				point = f.site
			} else if f.lit != nil {
				point = f.lit
			}
		}
	}
	// A function called from here that stores such a field may have filled it.
	if v, ok := at.(ssa.Value); ok && r.e.storedByCalled(x, fr) {
		out = union(out, []source{{val: v, path: field, fr: fr}})
	}
	return out, certain
}

// before reports whether st is executed before point whenever point is.
func before(st *ssa.Store, point ssa.Instruction) bool {
	if point == nil || st.Parent() != point.Parent() {
		return false
	}
	if st.Block() == point.Block() {
		return indexOf(st.Block(), st) < indexOf(point.Block(), point)
	}
	return st.Block().Dominates(point.Block())
}

// ownField is what a field of a local struct may hold: all that its function
// stores there. Stores anywhere else in the package to the same field make the
// answer opaque when the struct can have reached them.
func (r *resolver) ownField(a *ssa.Alloc, field string, home, fr *frame) []source {
	var out []source
	here := source{val: a, path: field, fr: home}
	if r.inner[here] {
		return nil // objects copied into each other
	}
	r.inner[here] = true
	defer delete(r.inner, here)
	info := r.e.cellInfo(a)
	n := 0
	for _, st := range info.fields[field] {
		out = union(out, r.value(st.Val, home))
		n++
	}
	for _, st := range info.whole {
		n++
		ld, ok := st.Val.(*ssa.UnOp)
		if ok && ld.Op == token.MUL {
			out = union(out, r.field(ld.X, field, ld, home))
			continue
		}
		if c, isConst := st.Val.(*ssa.Const); isConst && c.Value == nil {
			continue
		}
		for _, s := range r.value(st.Val, home) {
			if b, ok := s.val.(*ssa.Alloc); ok && b != a {
				out = union(out, r.ownField(b, s.path+field, s.fr, fr))
				continue
			}
			out = union(out, below([]source{s}, field))
		}
	}
	if info.leaks {
		if writers := r.e.storedElsewhere(a, field); len(writers) > 0 {
			// The object was filled by others: its field is an origin of its
			// own, unless a function that fills such fields is called here.
			filled := source{val: a, path: field, fr: home}
			if r.e.calls(fr, writers) {
				filled.val = wildValue(a)
			}
			out = union(out, []source{filled})
		}
	}
	if n == 0 {
		// Nothing stores the field: the field itself is the origin (a group
		// or mutex held by value), or it is never set.
		out = union(out, []source{{val: a, path: field, fr: home}})
	}
	return out
}
