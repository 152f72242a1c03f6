package model

import "slices"

// Questions about how long contexts and calls last.

// NeverEnds reports whether a context, given by its alternatives, cannot end:
// each is Background, TODO or WithoutCancel, or only adds values to one that is.
// What other functions derive may have a time limit, and counts as unknown.
func NeverEnds(ctx []*Ctx) bool {
	for _, c := range ctx {
		life, parent := c.Life()
		for n := 0; life == LifeSame && n < MaxDepth; n++ {
			life, parent = parent.Life()
		}
		if life != LifeNever {
			return false
		}
	}
	return len(ctx) > 0
}

// CanEnd reports whether a context, given by its alternatives, can end by somebody
// else's doing than the function that works with it: what that cancels itself, it cancels
// when it is done.
func CanEnd(ctx []*Ctx) bool {
	for _, c := range ctx {
		life, parent := c.Life()
		for n := 0; parent != nil && (life == LifeSame || life == LifeOwn || life == LifeUnknown) && n < MaxDepth; n++ {
			c = parent
			life, parent = c.Life()
		}
		if c.Lasts || life != LifeOutside && life != LifeGroup && life != LifeTimed {
			return false
		}
	}
	return len(ctx) > 0
}

// Base is the function that made the context which c adds values to, or c itself.
func (c *Ctx) Base() *Ctx {
	for n := 0; n < MaxDepth; n++ {
		life, parent := c.Life()
		if life != LifeSame {
			break
		}
		c = parent
	}
	return c
}

// OfRequest reports whether a context ends when the spawner returns because the
// spawner answers a request and the context is that of the request, or derives
// from it. The server cancels it then (net/http, Request.Context).
func (f *FanOut) OfRequest(ctx []*Ctx) bool {
	all := Roots(ctx)
	for _, r := range all {
		if !slices.Contains(f.Requests, r) {
			return false
		}
	}
	return len(all) > 0
}

// DiesWith reports whether a context ends for certain when one of dead does: each
// of its alternatives is one of them or derives from one.
func DiesWith(dead, ctx []*Ctx) bool {
	if len(dead) != 1 || len(ctx) == 0 {
		return false // which of several is cancelled is not known
	}
	var dies func(c *Ctx, depth int) bool
	dies = func(c *Ctx, depth int) bool {
		if c == dead[0] {
			return true
		}
		up := c.Parents
		if c.Kind == CtxOfGroup {
			up = c.Group.Parent
		}
		if depth > MaxDepth || c.Kind != CtxDerived && c.Kind != CtxOfGroup || len(up) == 0 {
			return false
		}
		for _, p := range up {
			if !dies(p, depth+1) {
				return false
			}
		}
		return true
	}
	return !slices.ContainsFunc(ctx, func(c *Ctx) bool { return !dies(c, 0) })
}

// GivesUp reports whether the op waits for a context that can end, or for a timer.
func (op *Op) GivesUp() bool { return CanEnd(op.awaited()) || op.Chan != nil && op.Chan.Fills }
