package fanout

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What stays as it is: the checks behind sizes and keys.
//
// resolve says where a value may come from. That is not enough to say that two
// values are the same, because a cell may get its one source anew in each round
// of a loop, or from what it held before. fixed follows the way that resolve
// went, and accepts it if every cell and field on it has exactly one store (or
// none) that can be seen.
//
// Ignored: stores through aliases, stores to fields in functions more than one
// call away from the root, and in functions that code outside the package calls.

// loads reports whether v reads memory.
func loads(v *ssa.UnOp) bool { return v.Op == token.MUL }

// fixed reports whether v comes from its source without a choice on the way.
func (e *engine) fixed(v ssa.Value, fr *frame, depth int) bool {
	if depth > maxSizeDepth || fr == nil {
		return false
	}
	depth++
	switch v := v.(type) {
	case *ssa.Phi, *ssa.IndexAddr:
		return false
	case *ssa.UnOp:
		return !loads(v) || e.fixedLoad(v.X, v, fr, depth)
	case *ssa.MakeInterface:
		return e.fixed(v.X, fr, depth)
	case *ssa.ChangeInterface:
		return e.fixed(v.X, fr, depth)
	case *ssa.ChangeType:
		return e.fixed(v.X, fr, depth)
	case *ssa.TypeAssert:
		return e.fixed(v.X, fr, depth)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			return e.fixedResult(t, v.Index, fr, depth)
		case *ssa.TypeAssert:
			return v.Index != 0 || e.fixed(t.X, fr, depth)
		}
	case *ssa.Call:
		return e.fixedResult(v, 0, fr, depth)
	case *ssa.Parameter:
		if fr.caller == nil || fr.args == nil {
			return true
		}
		for i, p := range fr.fn.Params {
			if p == v && fr.args[i] != nil {
				return e.fixed(fr.args[i], fr.caller, depth)
			}
		}
	case *ssa.FieldAddr:
		return e.fixed(v.X, fr, depth) && !e.storesField("."+fieldName(v), fr)
	case *ssa.Field:
		if ld, ok := v.X.(*ssa.UnOp); ok && loads(ld) {
			return e.fixedField(ld.X, "."+structField(v.X.Type(), v.Field), fr, depth)
		}
		return e.fixed(v.X, fr, depth)
	}
	return true
}

// fixedResult is fixed for result idx of a call.
func (e *engine) fixedResult(call *ssa.Call, idx int, fr *frame, depth int) bool {
	t, ok := e.target(&call.Call, fr)
	if !ok || e.foreign(t.fn) {
		return true
	}
	child := e.enter(fr, call, t, call.Call.Args, false)
	if child == nil {
		return true
	}
	for _, ret := range returns(t.fn) {
		if idx >= len(ret.Results) || !e.fixed(ret.Results[idx], child, depth) {
			return false
		}
	}
	return true
}

// fixedLoad is fixed for what the memory at addr holds just before at.
func (e *engine) fixedLoad(addr ssa.Value, at ssa.Instruction, fr *frame, depth int) bool {
	if depth > maxSizeDepth {
		return false
	}
	switch addr := addr.(type) {
	case *ssa.Alloc:
		return e.fixedCell(addr, at, fr, false, depth)
	case *ssa.FreeVar:
		if stores, _ := reaching(addr, at); len(stores) > 0 {
			return false
		}
		point, exact := fr.entry()
		switch b, home := fr.binding(addr); b := b.(type) {
		case *ssa.Alloc:
			return e.fixedCell(b, point, home, !exact || fr.concurrent() || e.keptFor(fr), depth)
		case *ssa.FreeVar:
			return point != nil && e.fixedLoad(b, point, home, depth+1)
		}
		return false
	case *ssa.FieldAddr:
		return e.fixedField(addr.X, "."+fieldName(addr), fr, depth)
	}
	return e.fixed(addr, fr, depth)
}

// fixedCell is fixed for what a local variable holds just before at; later says
// that stores that follow count too.
func (e *engine) fixedCell(a *ssa.Alloc, at ssa.Instruction, fr *frame, later bool, depth int) bool {
	stores, entry := e.cellInfo(a).whole, false
	if at != nil && at.Parent() == a.Parent() {
		stores, entry = reaching(a, at)
		if later {
			stores = dedupe(append(stores, following(a, at)...))
		}
	}
	if len(stores) == 0 {
		return true
	}
	return len(stores) == 1 && !entry && e.fixed(stores[0].Val, fr, depth)
}

// fixedField is fixed for a field (as ".a.b") of the struct at base.
func (e *engine) fixedField(base ssa.Value, field string, fr *frame, depth int) bool {
	if depth > maxSizeDepth || !e.fixed(base, fr, depth) {
		return false
	}
	got := e.resolve(base, fr)
	if len(got) != 1 || got[0].val == nil {
		return false
	}
	a, ok := got[0].val.(*ssa.Alloc)
	if !ok {
		return !e.storesField(field, fr)
	}
	return e.fixedPart(a, got[0].path+field, got[0].fr, depth+1)
}

// fixedPart is fixed for a part of a struct that is made in fr.
func (e *engine) fixedPart(a *ssa.Alloc, path string, fr *frame, depth int) bool {
	if handedOn(a, path) {
		return false
	}
	info := e.cellInfo(a)
	stores := info.whole
	for field, parts := range info.fields {
		if path == field || strings.HasPrefix(path, field+".") {
			stores = append(stores[:len(stores):len(stores)], parts...)
		}
	}
	switch len(stores) {
	case 0:
		return true
	case 1:
		ld, ok := stores[0].Val.(*ssa.UnOp)
		if ok && loads(ld) && len(info.whole) == 1 {
			return e.fixedField(ld.X, path, fr, depth)
		}
		return e.fixed(stores[0].Val, fr, depth)
	}
	return false
}

// handedOn reports whether the address of a part of a struct, or of the struct,
// is given to code outside the package, which may store there.
func handedOn(addr ssa.Value, path string) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeInterface:
			return true
		case ssa.CallInstruction:
			if fn := ref.Common().StaticCallee(); fn == nil || len(fn.Blocks) == 0 {
				return true
			}
		case *ssa.FieldAddr:
			field := "." + fieldName(ref)
			if rest, ok := strings.CutPrefix(path+".", field+"."); ok && handedOn(ref, strings.TrimSuffix("."+rest, ".")) {
				return true
			}
		case *ssa.MakeClosure:
			lit := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == addr && i < len(lit.FreeVars) && lit.FreeVars[i].Referrers() != nil && handedOn(lit.FreeVars[i], path) {
					return true
				}
			}
		}
	}
	return false
}

// chain is the declarations around fr: those of the functions that lead to it.
func (fr *frame) chain() map[*ssa.Function]bool {
	if fr.decls == nil {
		fr.decls = map[*ssa.Function]bool{}
		for f := fr; f != nil; f = f.around() {
			fr.decls[declared(f.fn)] = true
		}
	}
	return fr.decls
}

// inChain calls see for each instruction of the functions and literals of fr's
// chain, until see reports true.
func (e *engine) inChain(fr *frame, see func(ssa.Instruction) bool) bool {
	funcs := e.written().funcs
	for decl := range fr.chain() {
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
func (e *engine) storesField(path string, fr *frame) bool {
	for field := range strings.SplitSeq(strings.TrimPrefix(path, "."), ".") {
		x := e.fieldWrites("." + field)
		if x == nil {
			continue
		}
		for decl := range fr.chain() {
			if x.others[decl] {
				return true
			}
		}
	}
	return false
}

// storesThrough reports whether the chain of fr stores a value of type t through
// a pointer that it holds in a variable.
func (e *engine) storesThrough(t types.Type, fr *frame) bool {
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
func (e *engine) storesGlobal(g *ssa.Global, fr *frame) bool {
	return e.inChain(fr, func(in ssa.Instruction) bool {
		st, ok := in.(*ssa.Store)
		return ok && st.Addr == ssa.Value(g)
	})
}

// runsOnce reports whether fr is entered at most once in an activation of its
// root: no call that leads to it is in a loop, and each of them is a call of the
// function itself rather than of something that may call it any number of times.
func (e *engine) runsOnce(fr *frame) bool {
	for f := fr; f.caller != nil; f = f.caller {
		if inLoop(f.site.Block()) {
			return false
		}
		if e.called(f) {
			continue
		}
		c := f.site.Common()
		method := staticFunc(c)
		if !f.spawned || !e.known.starts(method) {
			return false
		}
	}
	return true
}

// called reports whether the site of fr calls the function of fr, rather than
// giving it to another function.
func (e *engine) called(fr *frame) bool {
	t, ok := e.target(fr.site.Common(), fr.caller)
	return ok && t.fn == fr.fn
}

// keptFor reports whether the literal of fr may run later than the calls that
// lead from its home to it say, because one of them only hands it on.
func (e *engine) keptFor(fr *frame) bool {
	for f := fr; f.caller != nil && f != fr.home; f = f.caller {
		if !e.called(f) {
			return true
		}
	}
	return false
}

// mapChanges reports whether a map of type t may get another length after at, an
// instruction of fr: what follows it in its function, and after the calls that
// lead there, or what other literals and the functions called do to any such map.
func (e *engine) mapChanges(t *types.Map, at ssa.Instruction, fr *frame) bool {
	here := map[*ssa.Function]ssa.Instruction{}
	point := at
	for f := fr; f != nil; f = f.around() {
		here[f.fn] = point
		switch {
		case f.caller != nil:
			point = f.site
		case f.lit != nil:
			point = f.lit
		default:
			point = nil
		}
	}
	decls := fr.chain()
	others := map[*ssa.Function]bool{}
	for _, w := range e.mapWrites(t) {
		point, onTheWay := here[w.fn]
		switch {
		case onTheWay && !mayFollow(w.in, point):
		case onTheWay || decls[declared(w.fn)]:
			return true
		default:
			others[declared(w.fn)] = true
		}
	}
	return e.calls(fr, others)
}

// mayFollow reports whether in may be executed after point, an instruction of the
// same function; true if point is not known.
func mayFollow(in, point ssa.Instruction) bool {
	if point == nil || point.Parent() != in.Parent() {
		return true
	}
	if in.Block() == point.Block() && indexOf(in.Block(), in) > indexOf(point.Block(), point) {
		return true
	}
	return reaches(point.Block().Succs, in.Block(), succsOf)
}
