package build

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// contexts returns the alternatives of a context value.
func (e *Builder) contexts(v ssa.Value, fr *flow.Frame) []*model.Ctx {
	var out []*model.Ctx
	for _, s := range e.Resolve(v, fr) {
		if s.IsZero() {
			continue
		}
		out = append(out, e.ContextOf(s))
	}
	return out
}

// ContextOf is the context that comes from an origin, the same one whenever it is asked.
func (e *Builder) ContextOf(s flow.Origin) *model.Ctx {
	if c := e.ctxs[s]; c != nil {
		return c
	}
	c := &model.Ctx{Root: e.originOf(s)}
	e.ctxs[s] = c // before the parents: a loop that derives from itself ends here
	e.classifyContext(c, s)
	return c
}

func (e *Builder) classifyContext(c *model.Ctx, s flow.Origin) {
	switch v := s.Val.(type) {
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		if s.Frame != nil && s.Frame.Group != nil && known.IsContext(v.Type()) {
			ofTask(c, s.Frame.Group)
			return
		}
		if s.Frame != nil && s.Frame.Caller != nil {
			return // called by code that is not seen: it may pass any context
		}
		c.Kind, c.How = model.CtxRoot, "it comes in from outside"
		if f := flow.FieldAt(v.Type(), s.Path); f != nil {
			c.Lasts = e.NeverEnds(f)
		}
	case *ssa.Call:
		e.madeContext(c, v, s)
	case *ssa.Alloc:
		// A context type of one's own: derived from the contexts it holds.
		if s.Path != "" {
			c.Kind = model.CtxRoot
			return
		}
		if _, index, _ := types.LookupFieldOrMethod(v.Type(), true, nil, "Done"); len(index) == 1 {
			return // its end is what its own method says
		}
		for _, stores := range sortedStores(e.CellInfo(v).Fields) {
			for _, st := range stores {
				if known.IsContext(st.Val.Type()) {
					c.Parents = append(c.Parents, e.contexts(st.Val, s.Frame)...)
				}
			}
		}
		if c.Parents != nil {
			c.Kind = model.CtxDerived
		}
	}
}

// ofTask makes c the context that a group gives to its tasks. A group that was
// not asked to cancel it leaves it as alive as its parent until Wait.
func ofTask(c *model.Ctx, g *model.Group) {
	if g.HasCtx {
		c.Kind, c.Group = model.CtxOfGroup, g
		return
	}
	c.Kind, c.Parents, c.How = model.CtxDerived, g.Parent, "given to the task by "+g.Contract.Name()
}

func sortedStores(fields map[string][]*ssa.Store) [][]*ssa.Store {
	var out [][]*ssa.Store
	for _, st := range fields {
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b []*ssa.Store) int { return int(a[0].Pos() - b[0].Pos()) })
	return out
}

// madeContext classifies a context that a call returns.
func (e *Builder) madeContext(c *model.Ctx, call *ssa.Call, s flow.Origin) {
	if s.Path != "" {
		c.Kind, c.How = model.CtxRoot, "it is a field of a result"
		return
	}
	fn := source.Callee(&call.Call)
	c.How, c.Made = known.FuncName(fn), model.SpanAt(call.Pos())
	c.Adds = known.Derives(c.How)
	if known.NeverEnds(c.How) {
		c.Kind = model.CtxNever
		return
	}
	if g := e.contextOwner(call, fn, s); g != nil {
		c.Kind, c.Group = model.CtxOfGroup, g
		return
	}
	if sum := e.summary(fn); sum != nil && s.Index < len(sum.Results) {
		switch r := sum.Results[s.Index]; {
		case r.Never:
			c.Kind = model.CtxNever
			return
		case r.GroupOf > 0:
			c.Kind, c.Group = model.CtxOfGroup, e.GroupOf(flow.Origin{Val: call, Index: r.GroupOf - 1, Frame: s.Frame})
			return
		}
	}
	parents := e.carried(call, s.Frame)
	if fn != nil && e.summary(fn) == nil && known.Detaches(fn.Name()) {
		parents = nil // whether it still ends with what it is given is not known
	}
	if parents == nil {
		c.Kind = model.CtxRoot
		// r.Context() is the same context each time it is asked for.
		if args := source.Args(&call.Call); fn != nil && len(args) == 1 {
			if of := e.Resolve(args[0], s.Frame); len(of) == 1 && of[0].Val != nil {
				at := of[0]
				at.Path += "." + fn.Name() + "()"
				c.Root = e.originOf(at)
			}
		}
		return
	}
	c.Kind, c.Parents = model.CtxDerived, parents
	if known.EndsBySignal(c.How) && len(parents) == 1 && parents[0].Kind == model.CtxNever {
		c.Parents = []*model.Ctx{{Kind: model.CtxRoot, How: "a signal ends it", Root: &model.Root{Name: parents[0].How}}}
	}
	if as, ok := e.Positions.Stmts[e.Positions.Call(call.Pos())].(*ast.AssignStmt); ok && len(as.Lhs) > 0 {
		c.Holder = source.Short(as.Lhs[0])
	}
	if c.Adds == model.AddsCancel {
		c.CancelLocal = e.CancelStays(call)
	}
}

// CancelsWithin reports whether all calls of the CancelFunc of a context are ops of the scene
// of root, wherever the CancelFunc is kept.
func (e *Builder) CancelsWithin(c *model.Ctx, root *flow.Frame) bool {
	if c.Adds != model.AddsCancel {
		return false
	}
	s := e.OriginOf[c.Root]
	call, ok := s.Val.(*ssa.Call)
	return ok && s.Path == "" && IsMade(s, root) && !Repeatedly(call, s.Frame) && e.CancelSeen(call, s.Frame, root)
}

// originOf is the origin of contexts that a source is.
func (e *Builder) originOf(s flow.Origin) *model.Root {
	o := e.ctxRoots[s]
	if o != nil {
		return o
	}
	o = &model.Root{Field: s.Path != ""}
	switch v := s.Val.(type) {
	case nil:
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		o.Name = v.Name() + s.Path
	case *ssa.Call:
		o.Name, o.Call = strings.TrimPrefix(s.Path, "."), e.CallText(v)
	default:
		o.Name = strings.TrimPrefix(s.Path, ".")
	}
	e.ctxRoots[s], e.OriginOf[o] = o, s
	return o
}

// contextOwner is the group whose context a call returns: the call makes both,
// or asks the group for it.
func (e *Builder) contextOwner(call *ssa.Call, fn *types.Func, s flow.Origin) *model.Group {
	if e.Groups.Makes(fn) && s.Index == known.ContextResult(fn) {
		return e.GroupOf(flow.Origin{Val: call, Index: e.Groups.Result(fn), Frame: s.Frame})
	}
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	c := e.Groups.Of(fn.Signature().Recv().Type())
	if c == nil || c.CtxMethod != fn.Name() {
		return nil
	}
	of := e.Resolve(source.Args(&call.Call)[0], s.Frame)
	if len(of) != 1 || of[0].IsZero() {
		return nil
	}
	return e.GroupOf(of[0])
}

// carried is the contexts that a call can derive its result from: those among
// its arguments, and those that went into the making of its receiver or of an
// argument (a request, a command).
func (e *Builder) carried(call *ssa.Call, fr *flow.Frame) []*model.Ctx {
	var direct, indirect []*model.Ctx
	for _, a := range source.Args(&call.Call) {
		if known.IsContext(a.Type()) {
			direct = append(direct, e.contexts(a, fr)...)
			continue
		}
		for _, s := range e.Resolve(a, fr) {
			if m, ok := s.Val.(*ssa.Call); ok && s.Path == "" && m != call {
				for _, b := range source.Args(&m.Call) {
					if known.IsContext(b.Type()) {
						indirect = append(indirect, e.contexts(b, s.Frame)...)
					}
				}
			}
		}
	}
	if direct != nil {
		return direct
	}
	return indirect
}

// CallerCtx is the name of a context that fn, or the function around it, is
// given; "" if there is none.
func CallerCtx(fn *ssa.Function) string {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if known.IsNamed(p.Type(), "context", "Context") && p.Name() != "_" && p.Name() != "" {
				return p.Name()
			}
		}
	}
	return ""
}

// Requests lists the contexts of the request that the function of root handles, if
// it answers one.
func (e *Builder) Requests(root *flow.Frame) []*model.Root {
	sig := root.Fn.Signature
	how := known.Requests(sig, root.Fn.Name())
	if how == nil {
		return nil
	}
	params := root.Fn.Params[len(root.Fn.Params)-sig.Params().Len():]
	var out []*model.Root
	for s, o := range e.ctxRoots {
		p, ok := s.Val.(*ssa.Parameter)
		if i := slices.Index(params, p); ok && s.Frame == root && i >= 0 && how[i] != known.NoRequest && s.Path == known.RequestPath[how[i]] {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b *model.Root) int { return strings.Compare(a.Name, b.Name) })
	return out
}
