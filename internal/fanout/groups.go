package fanout

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// groupOf is the group that a source is, or points to.
func (e *engine) groupOf(s source) *Group {
	if g := e.groups[s]; g != nil {
		return g
	}
	g := &Group{src: s, id: len(e.groups), CtxUsed: Unknown, Handed: No}
	e.groups[s] = g
	switch v := s.val.(type) {
	case *ssa.Call:
		e.madeGroup(g, v)
	case *ssa.Alloc:
		g.Made, g.How, g.Name = spanAt(v.Pos()), "variable", v.Comment
		if s.path != "" {
			g.How = "field of a local struct"
			if e.cellInfo(v).leaks {
				g.Handed = Yes
			}
		}
		if strings.HasPrefix(v.Comment, "new") || strings.HasPrefix(v.Comment, "complit") {
			g.Name, g.How = "", "new"
		}
		e.setKind(g, v.Type())
	case *ssa.Parameter:
		g.Owner, g.How, g.Made, g.Name = OwnParam, "parameter", spanAt(v.Pos()), v.Name()
		g.Handed = Yes
		if s.path != "" {
			g.Owner, g.How = OwnField, "field"
		}
		e.setKind(g, v.Type())
	case *ssa.Global:
		g.Owner, g.How, g.Made, g.Handed, g.Name = OwnGlobal, "package variable", spanAt(v.Pos()), Yes, v.Name()
		if s.path != "" {
			g.Owner, g.How = OwnField, "field"
		}
		e.setKind(g, v.Type())
	default:
		g.Owner, g.How, g.Handed = OwnUnknown, "unknown", Yes
		if s.val != nil {
			g.Made = spanAt(s.val.Pos())
			e.setKind(g, s.val.Type())
		}
		if _, ok := s.val.(*ssa.FreeVar); ok {
			g.How = "captured"
		}
	}
	return g
}

func (e *engine) setKind(g *Group, t types.Type) {
	if c := e.known.of(t); c != nil {
		g.Kind, g.Contract = c.Kind, c
	}
}

func (e *engine) madeGroup(g *Group, call *ssa.Call) {
	fn := staticFunc(&call.Call)
	g.Made, g.How = spanAt(call.Pos()), funcName(fn)
	if res := call.Call.Signature().Results(); g.src.idx < res.Len() {
		e.setKind(g, res.At(g.src.idx).Type())
	}
	syn := e.text.call(call.Pos())
	if syn != nil {
		g.Made = spanOf(syn)
	}
	if e.known.makes(fn) && g.src.path == "" {
		g.How = shortFunc(fn)
		e.makerContext(g, call, fn)
		e.nameResults(g, syn)
		e.throughHelper(g)
		return
	}
	if sum := e.summary(fn); sum != nil && g.src.path == "" {
		for i, r := range sum.Results {
			if r.GroupOf == g.src.idx+1 {
				g.HasCtx, g.Handed = true, No
				g.CtxUsed = e.ctxUsed(call, i, g.src.fr)
				for j, a := range callArgs(&call.Call) {
					if isContext(a.Type()) && j+1 == r.From {
						g.Parent = e.contexts(a, g.src.fr)
					}
				}
				e.nameResults(g, syn)
				return
			}
		}
	}
	g.Owner, g.Handed = OwnUnknown, Yes
}

// makerContext describes the context of a group that a function of its own
// package makes: it is among the results, the tasks are given it, or a method
// returns it.
func (e *engine) makerContext(g *Group, call *ssa.Call, fn *types.Func) {
	for _, a := range callArgs(&call.Call) {
		switch {
		case isContext(a.Type()):
			g.Parent = e.contexts(a, g.src.fr)
		case e.known.is(a.Type()) && len(g.Parent) == 0: // a copy that keeps the settings
			for _, s := range e.resolve(a, g.src.fr) {
				if !s.zero() {
					g.Parent = append(g.Parent, e.groupOf(s).Parent...)
				}
			}
		}
	}
	g.Told = g.Contract.hook != "" && e.givesFunc(callArgs(&call.Call), g.src.fr)
	if i := contextResult(fn); i >= 0 {
		g.HasCtx, g.CtxUsed = true, e.ctxUsed(call, i, g.src.fr)
		return
	}
	g.CtxUsed = Yes // nobody can throw it away
	g.HasCtx = g.Contract.Cancels == CancelOnError
}

// throughHelper moves the place where a group is made to the spawner's call when
// a function of the package makes group and context for it.
func (e *engine) throughHelper(g *Group) {
	for fr := g.src.fr; fr.caller != nil && !fr.spawned; fr = fr.caller {
		site, ok := fr.site.(*ssa.Call)
		if !ok || site.Call.Signature().Results().Len() != 2 || !e.returnsBoth(fr.fn) {
			return
		}
		syn := e.text.call(site.Pos())
		if syn == nil {
			return
		}
		g.Made = spanOf(syn)
		e.nameResults(g, syn)
	}
}

// returnsBoth reports whether fn gives its caller a group and a context.
func (e *engine) returnsBoth(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	return res.Len() == 2 && e.known.is(res.At(0).Type()) && isContext(res.At(1).Type())
}

// nameResults takes the names of the group and its context from the assignment.
func (e *engine) nameResults(g *Group, syn *ast.CallExpr) {
	as, ok := e.text.stmts[syn].(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 2 {
		if ok && len(as.Lhs) == 1 && len(as.Rhs) == 1 {
			g.Name, g.Var, g.Defines = short(as.Lhs[0]), e.declared(as.Lhs[0]), as.Tok == token.DEFINE
		}
		return
	}
	g.Name, g.CtxName, g.Defines = short(as.Lhs[0]), short(as.Lhs[1]), as.Tok == token.DEFINE
	if g.CtxName == "_" {
		g.CtxName, g.CtxDrop = "", spanOf(as.Lhs[1])
		return
	}
	g.Var, g.CtxVar = e.declared(as.Lhs[0]), e.declared(as.Lhs[1])
	g.CtxAt = spanOf(as.Lhs[1])
}

// declared is the variable that a plain identifier names.
func (e *engine) declared(x ast.Expr) *Var {
	id, ok := x.(*ast.Ident)
	if !ok {
		return nil
	}
	if v, ok := e.pass.TypesInfo.ObjectOf(id).(*types.Var); ok {
		return &Var{Name: v.Name(), Pos: v.Pos(), id: -1}
	}
	return nil
}

// nameGroup names a group after the expression it is first used by.
func (b *bodyBuilder) nameGroup(g *Group, expr ast.Expr) {
	if g == nil {
		return
	}
	if g.src.fr == b.fr || g.Name == "" {
		if expr != nil {
			g.Name = short(expr)
		}
	}
}

// ctxUsed reports whether result i of the call, the group context, is used by
// anything: read after it was stored, passed on, kept. Where the function only
// gives it back to a caller in the model, the caller's use counts.
func (e *engine) ctxUsed(call *ssa.Call, i int, fr *frame) Answer {
	refs := call.Referrers()
	if refs == nil {
		return No
	}
	answer := No
	for _, ref := range *refs {
		ext, ok := ref.(*ssa.Extract)
		if !ok || ext.Index != i {
			continue
		}
		for _, r := range *ext.Referrers() {
			answer = max(answer, e.ctxRef(ext, r, fr))
		}
	}
	return answer
}

// ctxRef judges one use of the group context v.
func (e *engine) ctxRef(v ssa.Value, use ssa.Instruction, fr *frame) Answer {
	switch use := use.(type) {
	case *ssa.DebugRef:
		return No
	case *ssa.Return:
		site, ok := fr.site.(*ssa.Call)
		if !ok {
			return Yes
		}
		for i, r := range use.Results {
			if r == v {
				return e.ctxUsed(site, i, fr.caller)
			}
		}
	case *ssa.Store:
		cell, ok := use.Addr.(*ssa.Alloc)
		if !ok {
			return Yes // a field, an element, a captured variable
		}
		if e.cellInfo(cell).wild {
			return Unknown
		}
		return e.readsFrom(cell, use, fr)
	}
	return Yes
}

// readsFrom reports whether some read of the variable can see the store and uses
// it; reads in literals count if the store can come before or beside them.
func (e *engine) readsFrom(cell *ssa.Alloc, st *ssa.Store, fr *frame) Answer {
	answer := No
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if stores, _ := reaching(cell, ref); !slices.Contains(stores, st) {
				continue
			}
			for _, use := range *ref.Referrers() { // none for _ = ctx
				answer = max(answer, e.ctxRef(ref, use, fr))
			}
		case *ssa.MakeClosure:
			if !e.litReads(ref, cell) {
				continue
			}
			stores, _ := reaching(cell, ref)
			if slices.Contains(append(stores, following(cell, ref)...), st) {
				return Yes
			}
		}
	}
	return answer
}

// litReads reports whether the literal, or one inside it, reads the captured
// variable.
func (e *engine) litReads(mc *ssa.MakeClosure, cell ssa.Value) bool {
	lit := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if b != cell || i >= len(lit.FreeVars) {
			continue
		}
		fv := lit.FreeVars[i]
		if fv.Referrers() == nil {
			continue
		}
		for _, r := range *fv.Referrers() {
			switch r := r.(type) {
			case *ssa.UnOp:
				if r.Referrers() != nil && len(*r.Referrers()) > 0 {
					return true
				}
			case *ssa.MakeClosure:
				if e.litReads(r, fv) {
					return true
				}
			}
		}
	}
	return false
}

// handOn notes groups that the instruction gives to somebody else: who can wait
// for them is then not known. Methods of the group, functions whose body is
// followed, and literals are not somebody else.
func (b *bodyBuilder) handOn(in ssa.Instruction) {
	mark := func(v ssa.Value) {
		if !b.e.known.is(v.Type()) {
			return
		}
		for _, s := range b.e.resolve(v, b.fr) {
			if !s.zero() {
				b.e.groupOf(s).Handed = Yes
			}
		}
	}
	switch in := in.(type) {
	case *ssa.Store:
		switch addr := in.Addr.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
		case *ssa.FieldAddr:
			mark(in.Val)
			b.keep(in.Val, addr)
		default:
			mark(in.Val)
		}
	case *ssa.Return:
		if b.fr.caller != nil && !b.fr.spawned {
			return // to a caller that is part of the model
		}
		for _, r := range in.Results {
			mark(r)
		}
	case *ssa.Send:
		mark(in.X)
	case *ssa.MapUpdate:
		mark(in.Value)
	case *ssa.MakeInterface:
		mark(in.X)
	case *ssa.MakeClosure:
		if fn, ok := in.Fn.(*ssa.Function); ok && fn.Synthetic != "" && len(in.Bindings) == 1 {
			mark(in.Bindings[0]) // a method value of the group: whoever has it can wait
		}
	case ssa.CallInstruction:
		c := in.Common()
		fn := staticFunc(c)
		own := methodCall(c) && b.e.known.is(fn.Signature().Recv().Type())
		if t, ok := b.e.target(c, b.fr); ok && !b.e.foreign(t.fn) && len(t.fn.Blocks) > 0 && b.fr.depth < maxDepth {
			return
		}
		sum := b.e.summary(fn)
		for i, a := range plainArgs(c) {
			if own && i == 0 || sum != nil && !sum.param(i).Stores {
				continue
			}
			mark(a)
			b.share(a)
		}
	}
}

// keep notes the field that a group is stored in.
func (b *bodyBuilder) keep(v ssa.Value, f *ssa.FieldAddr) {
	if !b.e.known.is(v.Type()) {
		return
	}
	for _, s := range b.e.resolve(v, b.fr) {
		if !s.zero() {
			b.e.groupOf(s).field = objectKey(f.X.Type()) + "." + fieldName(f)
		}
	}
}

// share notes that a function outside the model gets the group.
func (b *bodyBuilder) share(v ssa.Value) {
	if !b.e.known.is(v.Type()) {
		return
	}
	for _, s := range b.e.resolve(v, b.fr) {
		if !s.zero() {
			b.e.groupOf(s).Shared = true
		}
	}
}
