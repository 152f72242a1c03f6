package build

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// GroupOf is the group that a source is, or points to.
func (e *Builder) GroupOf(s flow.Origin) *model.Group {
	if g := e.groups[s]; g != nil {
		return g
	}
	g := &model.Group{CtxUsed: model.Unknown, Handed: model.No}
	e.groups[s], e.OriginOf[g] = g, s
	switch v := s.Val.(type) {
	case *ssa.Call:
		e.madeGroup(g, v)
	case *ssa.Alloc:
		g.Made, g.How, g.Name = model.SpanAt(v.Pos()), "variable", v.Comment
		if s.Path != "" {
			g.How = "field of a local struct"
			if f := flow.FieldAt(v.Type(), s.Path); f != nil && !f.Embedded() {
				g.Name = v.Comment + s.Path
			}
			if e.CellInfo(v).Leaks {
				g.Handed = model.Yes
			}
		}
		if strings.HasPrefix(v.Comment, "new") || strings.HasPrefix(v.Comment, "complit") {
			g.Name, g.How = "", "new"
		}
		e.setKind(g, v.Type())
	case *ssa.Parameter:
		g.Owner, g.How, g.Made, g.Name = model.OwnParam, "parameter", model.SpanAt(v.Pos()), v.Name()
		g.Handed = model.Yes
		if s.Path != "" {
			g.Owner, g.How = model.OwnField, "field"
		}
		e.setKind(g, v.Type())
	case *ssa.Global:
		g.Owner, g.How, g.Made, g.Handed, g.Name = model.OwnGlobal, "package variable", model.SpanAt(v.Pos()), model.Yes, v.Name()
		if s.Path != "" {
			g.Owner, g.How = model.OwnField, "field"
		}
		e.setKind(g, v.Type())
	default:
		g.Owner, g.How, g.Handed = model.OwnUnknown, "unknown", model.Yes
		if s.Val != nil {
			g.Made = model.SpanAt(s.Val.Pos())
			e.setKind(g, s.Val.Type())
		}
		if _, ok := s.Val.(*ssa.FreeVar); ok {
			g.How = "captured"
		}
	}
	return g
}

func (e *Builder) setKind(g *model.Group, t types.Type) {
	if c := e.Groups.Of(t); c != nil {
		g.Kind, g.Contract = c.Kind, c
	}
}

func (e *Builder) madeGroup(g *model.Group, call *ssa.Call) {
	from := e.OriginOf[g]
	fn := source.Callee(&call.Call)
	g.Made, g.How = model.SpanAt(call.Pos()), known.FuncName(fn)
	if res := call.Call.Signature().Results(); from.Index < res.Len() {
		e.setKind(g, res.At(from.Index).Type())
	}
	syn := e.Positions.Call(call.Pos())
	if syn != nil {
		g.Made = model.SpanOf(syn)
	}
	if e.Groups.Makes(fn) && from.Path == "" {
		g.How = known.ShortFunc(fn)
		e.makerContext(g, call, fn)
		e.nameResults(g, syn)
		e.throughHelper(g)
		return
	}
	if sum := e.summary(fn); sum != nil && from.Path == "" {
		for i, r := range sum.Results {
			if r.GroupOf == from.Index+1 {
				g.HasCtx, g.Handed = true, model.No
				g.CtxUsed = e.ctxUsed(call, i, from.Frame)
				for j, a := range source.Args(&call.Call) {
					if known.IsContext(a.Type()) && j+1 == r.From {
						g.Parent = e.contexts(a, from.Frame)
					}
				}
				e.nameResults(g, syn)
				return
			}
		}
	}
	g.Owner, g.Handed = model.OwnUnknown, model.Yes
}

// makerContext describes the context of a group that a function of its own
// package makes: it is among the results, the tasks are given it, or a method
// returns it.
func (e *Builder) makerContext(g *model.Group, call *ssa.Call, fn *types.Func) {
	from := e.OriginOf[g]
	for _, a := range source.Args(&call.Call) {
		switch {
		case known.IsContext(a.Type()):
			g.Parent = e.contexts(a, from.Frame)
		case e.Groups.Is(a.Type()) && len(g.Parent) == 0: // a copy that keeps the settings
			for _, s := range e.Resolve(a, from.Frame) {
				if !s.IsZero() {
					g.Parent = append(g.Parent, e.GroupOf(s).Parent...)
				}
			}
		}
	}
	g.Told = g.Contract.Hook != "" && e.givesFunc(source.Args(&call.Call), from.Frame)
	if i := known.ContextResult(fn); i >= 0 {
		g.HasCtx, g.CtxUsed = true, e.ctxUsed(call, i, from.Frame)
		return
	}
	g.CtxUsed = model.Yes // nobody can throw it away
	g.HasCtx = g.Contract.Cancels == model.CancelOnError
}

// throughHelper moves the place where a group is made to the spawner's call when
// a function of the package makes group and context for it.
func (e *Builder) throughHelper(g *model.Group) {
	for fr := e.OriginOf[g].Frame; fr.Caller != nil && !fr.Spawned; fr = fr.Caller {
		site, ok := fr.Site.(*ssa.Call)
		if !ok || site.Call.Signature().Results().Len() != 2 || !e.returnsBoth(fr.Fn) {
			return
		}
		syn := e.Positions.Call(site.Pos())
		if syn == nil {
			return
		}
		g.Made = model.SpanOf(syn)
		e.nameResults(g, syn)
	}
}

// returnsBoth reports whether fn gives its caller a group and a context.
func (e *Builder) returnsBoth(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	return res.Len() == 2 && e.Groups.Is(res.At(0).Type()) && known.IsContext(res.At(1).Type())
}

// nameResults takes the names of the group and its context from the assignment.
func (e *Builder) nameResults(g *model.Group, syn *ast.CallExpr) {
	as, ok := e.Positions.Stmts[syn].(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 2 {
		if ok && len(as.Lhs) == 1 && len(as.Rhs) == 1 {
			g.Name, g.Var, g.Defines = source.Short(as.Lhs[0]), e.declared(as.Lhs[0]), as.Tok == token.DEFINE
		}
		return
	}
	g.Name, g.CtxName, g.Defines = source.Short(as.Lhs[0]), source.Short(as.Lhs[1]), as.Tok == token.DEFINE
	if g.CtxName == "_" {
		g.CtxName, g.CtxDrop = "", model.SpanOf(as.Lhs[1])
		return
	}
	g.Var, g.CtxVar = e.declared(as.Lhs[0]), e.declared(as.Lhs[1])
	g.CtxAt = model.SpanOf(as.Lhs[1])
}

// declared is the variable that a plain identifier names.
func (e *Builder) declared(x ast.Expr) *model.Var {
	id, ok := x.(*ast.Ident)
	if !ok {
		return nil
	}
	if v, ok := e.Pass.TypesInfo.ObjectOf(id).(*types.Var); ok {
		return &model.Var{Name: v.Name(), Pos: v.Pos(), ID: -1}
	}
	return nil
}

// nameGroup names a group after the expression it is first used by.
func (b *bodyBuilder) nameGroup(g *model.Group, expr ast.Expr) {
	if g == nil {
		return
	}
	if b.e.OriginOf[g].Frame == b.fr || g.Name == "" {
		if expr != nil {
			g.Name = source.Short(expr)
		}
	}
}

// ctxUsed reports whether result i of the call, the group context, is used by
// anything: read after it was stored, passed on, kept. Where the function only
// gives it back to a caller in the model, the caller's use counts.
func (e *Builder) ctxUsed(call *ssa.Call, i int, fr *flow.Frame) model.Answer {
	refs := call.Referrers()
	if refs == nil {
		return model.No
	}
	answer := model.No
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
func (e *Builder) ctxRef(v ssa.Value, use ssa.Instruction, fr *flow.Frame) model.Answer {
	switch use := use.(type) {
	case *ssa.DebugRef:
		return model.No
	case *ssa.Return:
		site, ok := fr.Site.(*ssa.Call)
		if !ok {
			return model.Yes
		}
		for i, r := range use.Results {
			if r == v {
				return e.ctxUsed(site, i, fr.Caller)
			}
		}
	case *ssa.Store:
		cell, ok := use.Addr.(*ssa.Alloc)
		if !ok {
			return model.Yes // a field, an element, a captured variable
		}
		if e.CellInfo(cell).Wild {
			return model.Unknown
		}
		return e.readsFrom(cell, use, fr)
	}
	return model.Yes
}

// readsFrom reports whether some read of the variable can see the store and uses
// it; reads in literals count if the store can come before or beside them.
func (e *Builder) readsFrom(cell *ssa.Alloc, st *ssa.Store, fr *flow.Frame) model.Answer {
	answer := model.No
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if stores, _ := source.ReachingStores(cell, ref); !slices.Contains(stores, st) {
				continue
			}
			for _, use := range *ref.Referrers() { // none for _ = ctx
				answer = max(answer, e.ctxRef(ref, use, fr))
			}
		case *ssa.MakeClosure:
			if !e.litReads(ref, cell) {
				continue
			}
			stores, _ := source.ReachingStores(cell, ref)
			if slices.Contains(append(stores, source.FollowingStores(cell, ref)...), st) {
				return model.Yes
			}
		}
	}
	return answer
}

// litReads reports whether the literal, or one inside it, reads the captured
// variable.
func (e *Builder) litReads(mc *ssa.MakeClosure, cell ssa.Value) bool {
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

// noteLeaks notes groups that the instruction gives to somebody else: who can wait
// for them is then not known. Methods of the group, functions whose body is
// followed, and literals are not somebody else.
func (b *bodyBuilder) noteLeaks(in ssa.Instruction) {
	mark := func(v ssa.Value) {
		if !b.e.Groups.Is(v.Type()) {
			return
		}
		for _, s := range b.e.Resolve(v, b.fr) {
			if !s.IsZero() {
				b.e.GroupOf(s).Handed = model.Yes
			}
		}
	}
	switch in := in.(type) {
	case *ssa.Store:
		switch addr := in.Addr.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
		case *ssa.FieldAddr:
			mark(in.Val)
			b.noteField(in.Val, addr)
		default:
			mark(in.Val)
		}
	case *ssa.Return:
		if b.fr.Caller != nil && !b.fr.Spawned {
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
		if fn, ok := in.Fn.(*ssa.Function); ok && fn.Synthetic != "" && !source.IsYield(fn) && len(in.Bindings) == 1 {
			mark(in.Bindings[0]) // a method value of the group: whoever has it can wait
		}
	case ssa.CallInstruction:
		c := in.Common()
		fn := source.Callee(c)
		own := source.MethodCall(c) && b.e.Groups.Is(fn.Signature().Recv().Type())
		if t, ok := b.e.Target(c, b.fr); ok && !b.e.Foreign(t.Fn) && len(t.Fn.Blocks) > 0 && b.fr.Depth < model.MaxDepth && !b.e.Full() {
			return
		}
		sum := b.e.summary(fn)
		for i, a := range source.PlainArgs(c) {
			if own && i == 0 || sum != nil && !sum.Param(i).Stores {
				continue
			}
			mark(a)
			b.noteShared(a)
		}
	}
}

// noteField notes the field that a group is stored in.
func (b *bodyBuilder) noteField(v ssa.Value, f *ssa.FieldAddr) {
	if !b.e.Groups.Is(v.Type()) {
		return
	}
	for _, s := range b.e.Resolve(v, b.fr) {
		if !s.IsZero() {
			b.e.storedIn[b.e.GroupOf(s)] = ObjectKey(f.X.Type()) + "." + source.FieldName(f)
		}
	}
}

// noteShared notes that a function outside the model gets the group.
func (b *bodyBuilder) noteShared(v ssa.Value) {
	if !b.e.Groups.Is(v.Type()) {
		return
	}
	for _, s := range b.e.Resolve(v, b.fr) {
		if !s.IsZero() {
			b.e.GroupOf(s).Shared = true
		}
	}
}

// ObjectKey names the type of an object, seen through one pointer.
func ObjectKey(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.TypeString(t, nil)
}
