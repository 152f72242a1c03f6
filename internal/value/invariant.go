package value

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What is invariant: the checks behind sizes and keys.
//
// resolve says where a value may come from. That is not enough to say that two
// values are the same, because a cell may get its one source anew in each round
// of a loop, or from what it held before. isInvariant follows the way that resolve
// went, and accepts it if every cell and field on it has exactly one store (or
// none) that can be seen.
//
// Ignored: stores through aliases, stores to fields in functions more than one
// call away from the root, and in functions that code outside the package calls.

// Loads reports whether v reads memory.
func Loads(v *ssa.UnOp) bool { return v.Op == token.MUL }

// isInvariant reports whether v comes from its source without a choice on the way.
func (e *Values) isInvariant(v ssa.Value, fr *flow.Frame, depth int) bool {
	if depth > model.MaxSizeDepth || fr == nil {
		return false
	}
	depth++
	switch v := v.(type) {
	case *ssa.Phi, *ssa.IndexAddr:
		return false
	case *ssa.UnOp:
		return !Loads(v) || e.invariantLoad(v.X, v, fr, depth)
	case *ssa.MakeInterface:
		return e.isInvariant(v.X, fr, depth)
	case *ssa.ChangeInterface:
		return e.isInvariant(v.X, fr, depth)
	case *ssa.ChangeType:
		return e.isInvariant(v.X, fr, depth)
	case *ssa.TypeAssert:
		return e.isInvariant(v.X, fr, depth)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			return e.invariantResult(t, v.Index, fr, depth)
		case *ssa.TypeAssert:
			return v.Index != 0 || e.isInvariant(t.X, fr, depth)
		}
	case *ssa.Call:
		return e.invariantResult(v, 0, fr, depth)
	case *ssa.Parameter:
		if fr.Caller == nil || fr.Args == nil {
			return true
		}
		for i, p := range fr.Fn.Params {
			if p == v && fr.Args[i] != nil {
				return e.isInvariant(fr.Args[i], fr.Caller, depth)
			}
		}
	case *ssa.FieldAddr:
		return e.isInvariant(v.X, fr, depth) && !e.storesField("."+source.FieldName(v), fr)
	case *ssa.Field:
		if ld, ok := v.X.(*ssa.UnOp); ok && Loads(ld) {
			return e.invariantField(ld.X, "."+source.StructField(v.X.Type(), v.Field), fr, depth)
		}
		return e.isInvariant(v.X, fr, depth)
	}
	return true
}

// invariantResult is fixed for result idx of a call.
func (e *Values) invariantResult(call *ssa.Call, idx int, fr *flow.Frame, depth int) bool {
	t, ok := e.Target(&call.Call, fr)
	if !ok || e.Foreign(t.Fn) {
		return true
	}
	child := e.Enter(fr, call, t, flow.CallArgs(&call.Call), false)
	if child == nil {
		return true
	}
	return !slices.ContainsFunc(source.Returns(t.Fn), func(ret *ssa.Return) bool {
		return idx >= len(ret.Results) || !e.isInvariant(ret.Results[idx], child, depth)
	})
}

// invariantLoad is fixed for what the memory at addr holds just before at.
func (e *Values) invariantLoad(addr ssa.Value, at ssa.Instruction, fr *flow.Frame, depth int) bool {
	if depth > model.MaxSizeDepth {
		return false
	}
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return e.invariantCell(addr, at, fr, false, depth)
	case *ssa.FreeVar:
		if stores, _ := source.ReachingStores(addr, at); len(stores) > 0 {
			return false
		}
		point, exact := fr.Entry()
		switch b, home := fr.Binding(addr); b := b.(type) {
		case *ssa.Alloc:
			return e.invariantCell(b, point, home, !exact || fr.Concurrent() || e.runsLater(fr), depth)
		case *ssa.FreeVar:
			return point != nil && e.invariantLoad(b, point, home, depth+1)
		}
		return false
	case *ssa.FieldAddr:
		return e.invariantField(addr.X, "."+source.FieldName(addr), fr, depth)
	}
	return e.isInvariant(addr, fr, depth)
}

// invariantCell is fixed for what a local variable holds just before at; later says
// that stores that follow count too.
func (e *Values) invariantCell(a *ssa.Alloc, at ssa.Instruction, fr *flow.Frame, later bool, depth int) bool {
	stores, entry := e.CellInfo(a).Whole, false
	if at != nil && at.Parent() == a.Parent() {
		stores, entry = e.ReachingStores(a, at)
		if later {
			stores = source.UniqueStores(append(stores, source.FollowingStores(a, at)...))
		}
	}
	if len(stores) == 0 {
		return true
	}
	return len(stores) == 1 && !entry && e.isInvariant(stores[0].Val, fr, depth)
}

// invariantField is fixed for a field (as ".a.b") of the struct at base.
func (e *Values) invariantField(base ssa.Value, field string, fr *flow.Frame, depth int) bool {
	for nested, ok := base.(*ssa.FieldAddr); ok; nested, ok = base.(*ssa.FieldAddr) {
		base, field = nested.X, "."+source.FieldName(nested)+field
	}
	if depth > model.MaxSizeDepth || !e.isInvariant(base, fr, depth) {
		return false
	}
	got := e.Resolve(base, fr)
	if len(got) != 1 || got[0].Val == nil {
		return false
	}
	a, ok := got[0].Val.(*ssa.Alloc)
	if !ok {
		return !e.storesField(field, fr)
	}
	return e.invariantPart(a, got[0].Path+field, got[0].Frame, depth+1)
}

// invariantPart is fixed for a part of a struct that is made in fr.
func (e *Values) invariantPart(a *ssa.Alloc, path string, fr *flow.Frame, depth int) bool {
	if leaksAddress(a, path) {
		return false
	}
	info := e.CellInfo(a)
	stores := info.Whole
	for field, parts := range info.Fields {
		if path == field || strings.HasPrefix(path, field+".") {
			stores = append(stores[:len(stores):len(stores)], parts...)
		}
	}
	switch len(stores) {
	case 0:
		return true
	case 1:
		ld, ok := stores[0].Val.(*ssa.UnOp)
		if ok && Loads(ld) && len(info.Whole) == 1 {
			return e.invariantField(ld.X, path, fr, depth)
		}
		return e.isInvariant(stores[0].Val, fr, depth)
	}
	return false
}

// leaksAddress reports whether the address of a part of a struct, or of the struct,
// is given to code outside the package, which may store there.
func leaksAddress(addr ssa.Value, path string) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeInterface:
			return true
		case ssa.CallInstruction:
			if fn := ref.Common().StaticCallee(); fn == nil || len(fn.Blocks) == 0 {
				return true
			}
		case *ssa.FieldAddr:
			field := "." + source.FieldName(ref)
			if rest, ok := strings.CutPrefix(path+".", field+"."); ok && leaksAddress(ref, strings.TrimSuffix("."+rest, ".")) {
				return true
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == addr && i < len(lit.FreeVars) && lit.FreeVars[i].Referrers() != nil && leaksAddress(lit.FreeVars[i], path) {
					return true
				}
			}
		}
	}
	return false
}

// inChain calls see for each instruction of the functions and literals of fr's
// chain, until see reports true.
func (e *Values) inChain(fr *flow.Frame, see func(ssa.Instruction) bool) bool {
	funcs := e.Written().Funcs
	for decl := range fr.Chain() {
		for _, fn := range funcs[decl] {
			for _, b := range fn.Blocks {
				if slices.ContainsFunc(b.Instrs, see) {
					return true
				}
			}
		}
	}
	return false
}

// storesField reports whether the chain of fr stores to one of the fields of
// path, of an object that is not a local variable.
func (e *Values) storesField(path string, fr *flow.Frame) bool {
	for field := range strings.SplitSeq(strings.TrimPrefix(path, "."), ".") {
		x := e.FieldWrites("." + field)
		if x == nil {
			continue
		}
		for decl := range fr.Chain() {
			if x.Others[decl] {
				return true
			}
		}
	}
	return false
}

// storesThrough reports whether the chain of fr stores a value of type t through
// a pointer that it holds in a variable.
func (e *Values) storesThrough(t types.Type, fr *flow.Frame) bool {
	return e.inChain(fr, func(in ssa.Instruction) bool {
		st, ok := in.(*ssa.Store)
		if !ok || !types.Identical(st.Val.Type(), t) {
			return false
		}
		switch st.Addr.(type) {
		case *ssa.Alloc, *ssa.FreeVar, *ssa.Global, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Phi:
			return false
		}
		return true
	})
}

// storesGlobal reports whether the chain of fr stores to a package variable.
func (e *Values) storesGlobal(g *ssa.Global, fr *flow.Frame) bool {
	return e.inChain(fr, func(in ssa.Instruction) bool {
		st, ok := in.(*ssa.Store)
		return ok && st.Addr == ssa.Value(g)
	})
}

// runsOnce reports whether fr is entered at most once in an activation of its
// root: no call that leads to it is in a loop, and each of them is a call of the
// function itself rather than of something that may call it any number of times.
func (e *Values) runsOnce(fr *flow.Frame) bool {
	for f := fr; f.Caller != nil; f = f.Caller {
		if source.InLoop(f.Site.Block()) {
			return false
		}
		if e.called(f) {
			continue
		}
		c := f.Site.Common()
		method := source.Callee(c)
		if !f.Spawned || !e.Groups.Starts(method) {
			return false
		}
	}
	return true
}

// called reports whether the site of fr calls the function of fr, rather than
// giving it to another function.
func (e *Values) called(fr *flow.Frame) bool {
	t, ok := e.Target(fr.Site.Common(), fr.Caller)
	return ok && t.Fn == fr.Fn
}

// runsLater reports whether the literal of fr may run later than the calls that
// lead from its home to it say, because one of them only hands it on.
func (e *Values) runsLater(fr *flow.Frame) bool {
	for f := fr; f.Caller != nil && f != fr.Home; f = f.Caller {
		if !e.called(f) {
			return true
		}
	}
	return false
}

// MapChanges reports whether a map of type t may get another length after at, an
// instruction of fr: what follows it in its function, and after the calls that
// lead there, or what other literals and the functions called do to any such map.
func (e *Values) MapChanges(t *types.Map, at ssa.Instruction, fr *flow.Frame) bool {
	here := map[*ssa.Function]ssa.Instruction{}
	point := at
	for f := fr; f != nil; f = f.Around() {
		here[f.Fn] = point
		switch {
		case f.Caller != nil:
			point = f.Site
		case f.Lit != nil:
			point = f.Lit
		default:
			point = nil
		}
	}
	decls := fr.Chain()
	others := map[*ssa.Function]bool{}
	for _, w := range e.MapWrites(t) {
		point, onTheWay := here[w.Fn]
		switch {
		case onTheWay && !mayFollow(w.In, point):
		case onTheWay || decls[flow.Declared(w.Fn)]:
			return true
		default:
			others[flow.Declared(w.Fn)] = true
		}
	}
	return e.Calls(fr, others)
}

// mayFollow reports whether in may be executed after point, an instruction of the
// same function; true if point is not known.
func mayFollow(in, point ssa.Instruction) bool {
	if point == nil || point.Parent() != in.Parent() {
		return true
	}
	if in.Block() == point.Block() && source.IndexOf(in.Block(), in) > source.IndexOf(point.Block(), point) {
		return true
	}
	return source.Follows(point.Block(), in.Block())
}
