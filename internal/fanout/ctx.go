package fanout

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A CtxKind says where a context comes from.
type CtxKind int8

// The kinds of contexts.
const (
	CtxUnknown CtxKind = iota // not followed
	CtxRoot                   // comes from outside: parameter, field, result
	CtxNever                  // Background, TODO, WithoutCancel: never dies
	CtxOfGroup                // the group context: dies when a task fails, and at Wait
	CtxDerived                // made from other contexts
)

// A Ctx is one possible origin of a context value.
type Ctx struct {
	Kind    CtxKind
	Group   *Group // of CtxOfGroup
	Parents []*Ctx // alternatives of what a CtxDerived was made from
	How     string // what made it: "context.WithTimeout", or how it came in
	at      source
	known   *knownGroups
	make    *ssa.Call // the call that made a CtxDerived
}

// contexts returns the alternatives of a context value.
func (e *engine) contexts(v ssa.Value, fr *frame) []*Ctx {
	var out []*Ctx
	for _, s := range e.resolve(v, fr) {
		if s.zero() {
			continue
		}
		out = append(out, e.contextOf(s))
	}
	return out
}

func (e *engine) contextOf(s source) *Ctx {
	if c := e.ctxs[s]; c != nil {
		return c
	}
	c := &Ctx{at: s, known: e.known}
	e.ctxs[s] = c // before the parents: a loop that derives from itself ends here
	e.classifyContext(c, s)
	return c
}

func (e *engine) classifyContext(c *Ctx, s source) {
	switch v := s.val.(type) {
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		if s.fr != nil && s.fr.group != nil && isContext(v.Type()) {
			c.ofTask(s.fr.group)
			return
		}
		if s.fr != nil && s.fr.caller != nil {
			return // called by code that is not seen: it may pass any context
		}
		c.Kind, c.How = CtxRoot, "it comes in from outside"
	case *ssa.Call:
		e.madeContext(c, v, s)
	case *ssa.Alloc:
		// A context type of one's own: derived from the contexts it holds.
		if s.path != "" {
			c.Kind = CtxRoot
			return
		}
		if _, index, _ := types.LookupFieldOrMethod(v.Type(), true, nil, "Done"); len(index) == 1 {
			return // its end is what its own method says
		}
		for _, stores := range sortedStores(e.cellInfo(v).fields) {
			for _, st := range stores {
				if isContext(st.Val.Type()) {
					c.Parents = append(c.Parents, e.contexts(st.Val, s.fr)...)
				}
			}
		}
		if c.Parents != nil {
			c.Kind = CtxDerived
		}
	}
}

// ofTask makes c the context that a group gives to its tasks. A group that was
// not asked to cancel it leaves it as alive as its parent until Wait.
func (c *Ctx) ofTask(g *Group) {
	if g.HasCtx {
		c.Kind, c.Group = CtxOfGroup, g
		return
	}
	c.Kind, c.Parents, c.How = CtxDerived, g.Parent, "given to the task by "+g.Contract.Name()
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
func (e *engine) madeContext(c *Ctx, call *ssa.Call, s source) {
	if s.path != "" {
		c.Kind, c.How = CtxRoot, "it is a field of a result"
		return
	}
	fn := staticFunc(&call.Call)
	c.How, c.make = funcName(fn), call
	switch funcName(fn) {
	case "context.Background", "context.TODO", "context.WithoutCancel":
		c.Kind = CtxNever
		return
	}
	if g := e.contextOwner(call, fn, s); g != nil {
		c.Kind, c.Group = CtxOfGroup, g
		return
	}
	if sum := e.summary(fn); sum != nil && s.idx < len(sum.Results) {
		switch r := sum.Results[s.idx]; {
		case r.Never:
			c.Kind = CtxNever
			return
		case r.GroupOf > 0:
			c.Kind = CtxOfGroup
			c.Group = e.groupOf(source{val: call, idx: r.GroupOf - 1, fr: s.fr})
			return
		}
	}
	parents := e.carried(call, s.fr)
	if parents == nil {
		c.Kind = CtxRoot
		// r.Context() is the same context each time it is asked for.
		if args := callArgs(&call.Call); len(args) == 1 {
			if of := e.resolve(args[0], s.fr); len(of) == 1 && of[0].val != nil {
				c.at = of[0]
				c.at.path += "." + fn.Name() + "()"
			}
		}
		return
	}
	c.Kind, c.Parents = CtxDerived, parents
}

// contextOwner is the group whose context a call returns: the call makes both,
// or asks the group for it.
func (e *engine) contextOwner(call *ssa.Call, fn *types.Func, s source) *Group {
	if e.known.makes(fn) && s.idx == contextResult(fn) {
		return e.groupOf(source{val: call, idx: e.known.result(fn), fr: s.fr})
	}
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	c := e.known.of(fn.Signature().Recv().Type())
	if c == nil || c.ctxMethod != fn.Name() {
		return nil
	}
	of := e.resolve(callArgs(&call.Call)[0], s.fr)
	if len(of) != 1 || of[0].zero() {
		return nil
	}
	return e.groupOf(of[0])
}

// carried is the contexts that a call can derive its result from: those among
// its arguments, and those that went into the making of its receiver or of an
// argument (a request, a command).
func (e *engine) carried(call *ssa.Call, fr *frame) []*Ctx {
	var direct, indirect []*Ctx
	for _, a := range callArgs(&call.Call) {
		if isContext(a.Type()) {
			direct = append(direct, e.contexts(a, fr)...)
			continue
		}
		for _, s := range e.resolve(a, fr) {
			if m, ok := s.val.(*ssa.Call); ok && s.path == "" && m != call {
				for _, b := range callArgs(&m.Call) {
					if isContext(b.Type()) {
						indirect = append(indirect, e.contexts(b, s.fr)...)
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

// Descends reports whether a context, given by its alternatives, dies when the
// group's context does.
func (g *Group) Descends(ctx []*Ctx) Answer {
	var answers []Answer
	seen := map[*Ctx]bool{} // a loop can derive a context from itself
	var visit func(cs []*Ctx)
	visit = func(cs []*Ctx) {
		if len(cs) == 0 {
			answers = append(answers, Unknown)
		}
		for _, c := range cs {
			if seen[c] {
				continue
			}
			seen[c] = true
			switch {
			case c.Kind == CtxOfGroup && c.Group == g:
				answers = append(answers, Yes)
			case c.Kind == CtxOfGroup:
				visit(c.Group.Parent)
			case c.Kind == CtxDerived:
				visit(c.Parents)
			case c.Kind == CtxRoot || c.Kind == CtxNever:
				answers = append(answers, No)
			default:
				answers = append(answers, Unknown)
			}
		}
	}
	visit(ctx)
	return all(answers)
}

// Ancestral reports whether the context is the one that the group's context
// was derived from, or shares an ancestor with it, while not descending from
// the group's: cancelling the group leaves it alive, and both hear the caller.
func (g *Group) Ancestral(ctx []*Ctx) Answer {
	if g.Descends(ctx) != No || len(g.Parent) == 0 {
		return No
	}
	mine, theirs := roots(g.Parent), roots(ctx)
	if len(theirs) == 0 || len(mine) == 0 {
		return Unknown
	}
	for _, r := range theirs {
		if !slices.Contains(mine, r) {
			return Unknown
		}
	}
	return Yes
}

// roots is where the contexts come from in the end.
func roots(ctx []*Ctx) []source {
	var out []source
	seen := map[*Ctx]bool{}
	var visit func(cs []*Ctx)
	visit = func(cs []*Ctx) {
		for _, c := range cs {
			if seen[c] {
				continue
			}
			seen[c] = true
			switch c.Kind {
			case CtxDerived:
				visit(c.Parents)
			case CtxOfGroup:
				visit(c.Group.Parent)
			case CtxRoot:
				if !slices.Contains(out, c.at) {
					out = append(out, c.at)
				}
			case CtxNever, CtxUnknown:
				out = append(out, c.at)
			}
		}
	}
	visit(ctx)
	return out
}
