package nasty

import "context"

// A node's step returns the next step, out of a field that holds what it returned.
type node struct {
	step func(context.Context) *node
	next *node
}

// chase stores in an object what a function taken from the object returns.
func chase(ctx context.Context) *node {
	n := &node{}
	n.step = func(ctx context.Context) *node { return n.next }
	n.next = n.step(ctx)
	for n.next != nil {
		n.next = n.next.step(ctx)
		n.step = n.next.step(ctx).step
	}
	go n.step(ctx)
	return n.next
}

// A pair is copied back and forth.
type pair struct {
	ctx context.Context
	n   int
}

// swap copies two objects into each other.
func swap(ctx context.Context, rounds int) {
	a, b := pair{ctx: ctx}, pair{}
	for range rounds {
		b = a
		a = b
		a.n, b.n = b.n, a.n
	}
	go func(p pair) { <-p.ctx.Done() }(a)
	go func() { <-b.ctx.Done() }()
}
