package model

import "slices"

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

// A Derivation is what a context has that the one it is made from has not.
type Derivation int8

// What it can be.
const (
	AddsUnknown  Derivation = iota
	AddsCancel              // a CancelFunc, and no other end than its parent's
	AddsDeadline            // it ends by itself
	AddsValue               // nothing that ends it
	CutsOff                 // it does not end with the one it is made from
)

// A Ctx is one possible origin of a context value.
type Ctx struct {
	Kind    CtxKind
	Group   *Group // of CtxOfGroup
	Parents []*Ctx // alternatives of what a CtxDerived was made from
	How     string // what made it: "context.WithTimeout", or how it came in
	Adds    Derivation
	Root    *Root
	Made    Span   // the call that made it, if one did
	Holder  string // the variable that the result of this call is assigned to, "" if none
	// Lasts: of a CtxRoot: it is a field that is only given contexts which never end, as
	// far as is seen.
	Lasts bool
	// CancelLocal: of context.WithCancel: its CancelFunc is only called, deferred or
	// thrown away by the function that gets it and its literals, or all its calls are
	// ops of the scene.
	CancelLocal bool
}

// A Root is where contexts come from in the end: the same one, if it is the same
// value.
type Root struct {
	Name string // a parameter, a field or a variable in the author's words, or ""
	// Call is the call whose result it is, as written, "" if it is none.
	Call  string
	Field bool // it is kept in an object: whoever has that may end it
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
	mine, theirs := Roots(g.Parent), Roots(ctx)
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

// Roots is where the contexts come from in the end.
func Roots(ctx []*Ctx) []*Root {
	var out []*Root
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
				if !slices.Contains(out, c.Root) {
					out = append(out, c.Root)
				}
			case CtxNever, CtxUnknown:
				out = append(out, c.Root)
			}
		}
	}
	visit(ctx)
	return out
}
