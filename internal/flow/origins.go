package flow

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
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

// An Origin is one origin of a value.
type Origin struct {
	Val   ssa.Value // the defining value; nil for the zero value of a cell
	Index int       // which result, if val is a call
	Path  string    // fields below val, as ".a.b"
	Frame *Frame    // where val is defined
}

// IsZero reports whether the source is "never assigned".
func (s Origin) IsZero() bool {
	return s.Val == nil || source.IsNil(s.Val)
}

// IsPlain reports whether the source is a variable, or a field of what a function is given,
// by its callers or by a call or look-up that it makes once.
func (s Origin) IsPlain() bool {
	switch v := s.Val.(type) {
	case *ssa.Parameter, *ssa.Global, *ssa.Alloc:
	case *ssa.Call, *ssa.Lookup, *ssa.Extract:
		if source.InLoop(v.(ssa.Instruction).Block()) || s.Frame == nil || s.Frame.Caller != nil {
			return false
		}
	default:
		return false
	}
	return strings.Count(s.Path, ".") <= 1 && !strings.Contains(s.Path, "[")
}

// Resolve returns the sources of v in fr.
func (e *Flow) Resolve(v ssa.Value, fr *Frame) []Origin {
	if out, ok := e.origins[ValueIn{v, fr}]; ok {
		return out // without a query: most have been asked before
	}
	return e.resolver().value(v, fr)
}

// resolver is one query; busy breaks cycles through loops and phis.
type resolver struct {
	e     *Flow
	busy  []ValueIn // values being resolved, the last one innermost
	inner []Origin  // fields of objects being resolved, likewise
	steps int
	cuts  int // how often something was left out, as it is being resolved or the steps are spent
}

// A ValueIn is a value, seen in one activation.
type ValueIn struct {
	Value ssa.Value
	Frame *Frame
}

func (e *Flow) resolver() *resolver {
	return &resolver{e: e}
}

// HeldBy are the sources of what a variable holds at a point.
func (e *Flow) HeldBy(a *ssa.Alloc, at ssa.Instruction, fr *Frame) []Origin {
	return e.resolver().cell(a, at, fr, false)
}

// FieldOf are the sources of a field (as ".name") of a struct that is made in a frame.
func (e *Flow) FieldOf(s Origin, field string) []Origin {
	return e.resolver().ownField(s.Val.(*ssa.Alloc), s.Path+field, s.Frame, s.Frame)
}

// Union are the sources of both, each once.
func Union(a, b []Origin) []Origin {
	if len(a) == 0 {
		return slices.Clip(b)
	}
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func (r *resolver) value(v ssa.Value, fr *Frame) []Origin {
	key := ValueIn{v, fr}
	if cached, ok := r.e.origins[key]; ok {
		return cached
	}
	switch v.(type) {
	case *ssa.Const, *ssa.Alloc, *ssa.Global, *ssa.BinOp, *ssa.MakeChan, *ssa.Function, *ssa.MakeClosure, *ssa.MakeMap, *ssa.MakeSlice,
		*ssa.Slice, *ssa.Convert, *ssa.Lookup, *ssa.Next, *ssa.Range, *ssa.Select:
		return []Origin{{Val: v, Frame: fr}} // most values, and nothing to remember
	}
	r.steps++
	if slices.Contains(r.busy, key) {
		r.cuts++
		return nil
	}
	if r.steps > model.MaxResolveSteps {
		r.cuts++
		return []Origin{{Val: v, Frame: fr}}
	}
	r.busy = append(r.busy, key)
	cuts := r.cuts
	out := r.compute(v, fr)
	if len(out) > model.MaxSources {
		out = []Origin{{Val: v, Frame: fr}}
	}
	r.busy = r.busy[:len(r.busy)-1]
	if r.cuts == cuts || len(r.busy) == 0 && len(r.inner) == 0 { // inside a cycle the result is partial
		r.e.origins[key] = out
	}
	return out
}

func (r *resolver) compute(v ssa.Value, fr *Frame) []Origin {
	switch v := v.(type) {
	case *ssa.Phi:
		var out []Origin
		for _, x := range v.Edges {
			out = Union(out, r.value(x, fr))
		}
		return out
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return r.load(v.X, v, fr)
		}
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
	case *ssa.Call:
		return r.result(v, 0, fr)
	case *ssa.Parameter:
		return r.parameter(v, fr)
	case *ssa.FreeVar:
		if b, home := fr.Binding(v); b != nil {
			return r.value(b, home)
		}
	case *ssa.FieldAddr:
		return below(r.value(v.X, fr), "."+source.FieldName(v))
	case *ssa.IndexAddr:
		return below(r.value(v.X, fr), "[]")
	case *ssa.Index:
		if array, ok := v.X.(*ssa.UnOp); ok && array.Op == token.MUL {
			return below(r.value(array.X, fr), "[]")
		}
	case *ssa.Field:
		if ld, ok := v.X.(*ssa.UnOp); ok && ld.Op == token.MUL {
			return r.field(ld.X, "."+source.StructField(v.X.Type(), v.Field), ld, fr)
		}
		return below(r.value(v.X, fr), "."+source.StructField(v.X.Type(), v.Field))
	}
	return []Origin{{Val: v, Frame: fr}}
}

// below adds a field to the path of every source that has an identity.
func below(sources []Origin, field string) []Origin {
	out := make([]Origin, 0, len(sources))
	for _, s := range sources {
		if s.Val == nil {
			continue // the zero value has no fields to speak of
		}
		s.Path += field
		out = append(out, s)
	}
	return out
}

func (r *resolver) parameter(p *ssa.Parameter, fr *Frame) []Origin {
	if fr.Caller != nil && fr.Args != nil {
		for i, q := range fr.Fn.Params {
			if q == p && fr.Args[i] != nil {
				return r.value(fr.Args[i], fr.Caller)
			}
		}
	}
	return []Origin{{Val: p, Frame: fr}}
}

// Binding is the cell that a captured variable of fr is bound to.
func (fr *Frame) Binding(v *ssa.FreeVar) (ssa.Value, *Frame) {
	if fr.Lit == nil || fr.Home == nil {
		return nil, nil
	}
	for i, w := range fr.Fn.FreeVars {
		if w == v && i < len(fr.Lit.Bindings) {
			return fr.Lit.Bindings[i], fr.Home
		}
	}
	return nil, nil
}

// result is what result idx of a call may be: for a function of this package
// with a body, what its return statements give.
func (r *resolver) result(call *ssa.Call, idx int, fr *Frame) []Origin {
	if fn := source.Callee(&call.Call); r.e.Groups.Same(fn) && idx == r.e.Groups.Result(fn) {
		return r.value(source.Args(&call.Call)[0], fr)
	}
	t, ok := r.target(&call.Call, fr)
	if ok && !r.e.Foreign(t.Fn) {
		var out []Origin
		if child := r.e.Enter(fr, call, t, CallArgs(&call.Call), false); child != nil {
			for _, ret := range source.Returns(t.Fn) {
				if idx < len(ret.Results) && !r.excluded(ret.Block(), child) {
					out = Union(out, r.value(ret.Results[idx], child))
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return []Origin{{Val: call, Index: idx, Frame: fr}}
}

// load is what the memory at addr may hold just before at.
func (r *resolver) load(addr ssa.Value, at ssa.Instruction, fr *Frame) []Origin {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		if info := r.e.CellInfo(addr); PointsToObject(addr) && (len(info.Whole) == 0 || len(info.Fields) > 0) {
			return []Origin{{Val: addr, Frame: fr}} // a copy has the fields of the object
		}
		return r.cell(addr, at, fr, false)
	case *ssa.FreeVar:
		return r.captured(addr, at, fr)
	case *ssa.FieldAddr:
		return r.field(addr.X, "."+source.FieldName(addr), at, fr)
	case *ssa.IndexAddr:
		return below(r.value(addr.X, fr), "[]")
	case *ssa.Global:
		return []Origin{{Val: addr, Frame: nil}}
	}
	return below(r.value(addr, fr), ".*")
}

// cell is what a local variable may hold just before at. later also counts the
// stores that follow, for a task that runs beside them.
func (r *resolver) cell(a *ssa.Alloc, at ssa.Instruction, fr *Frame, later bool) []Origin {
	if at == nil || at.Parent() != a.Parent() {
		return r.everyStore(a, fr)
	}
	stores, entry := r.e.ReachingStores(a, at)
	if later {
		stores = append(stores, source.FollowingStores(a, at)...)
	}
	var out []Origin
	for _, st := range stores {
		out = Union(out, r.value(st.Val, fr))
	}
	if entry {
		out = Union(out, []Origin{{Frame: fr}})
	}
	if r.e.CellInfo(a).Wild {
		out = Union(out, []Origin{{Val: wildValue(a), Frame: fr}})
	}
	return out
}

// everyStore gives up on order: all that is ever stored to the cell.
func (r *resolver) everyStore(a *ssa.Alloc, fr *Frame) []Origin {
	var out []Origin
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			out = Union(out, r.value(st.Val, fr))
		}
	}
	if r.e.CellInfo(a).Wild || len(out) == 0 {
		out = Union(out, []Origin{{Val: wildValue(a), Frame: fr}})
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
func (r *resolver) captured(fv *ssa.FreeVar, at ssa.Instruction, fr *Frame) []Origin {
	var out []Origin
	stores, entry := source.ReachingStores(fv, at)
	for _, st := range stores {
		out = Union(out, r.value(st.Val, fr))
	}
	if !entry {
		return out
	}
	b, home := fr.Binding(fv)
	if b == nil {
		return Union(out, []Origin{{Val: fv, Frame: fr}})
	}
	point, exact := fr.Entry()
	switch b := b.(type) {
	case *ssa.Alloc:
		if PointsToObject(b) && len(r.e.CellInfo(b).Fields) > 0 {
			return Union(out, []Origin{{Val: b, Frame: home}}) // a copy has the fields of the object
		}
		return Union(out, r.cell(b, point, home, !exact || fr.Concurrent()))
	case *ssa.FreeVar:
		if point == nil {
			return Union(out, []Origin{{Val: b, Frame: home}})
		}
		return Union(out, r.captured(b, point, home))
	}
	return Union(out, r.load(b, point, home))
}

// Fills reports whether the runtime sends on the channel by itself.
func (s Origin) Fills() bool {
	if call, ok := s.Val.(*ssa.Call); ok {
		if path, ok := known.Fills(known.FuncName(source.Callee(&call.Call))); ok {
			return strings.HasPrefix(s.Path, path)
		}
	}
	return strings.HasSuffix(s.Path, ".C") && s.Val != nil && (known.IsTimer(s.Val.Type()))
}
