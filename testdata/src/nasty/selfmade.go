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
