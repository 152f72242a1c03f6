package model

import (
	"context"

	"golang.org/x/sync/errgroup"
)

var kitchen errgroup.Group

// objectGlobal has its group in a package variable.
func objectGlobal(ctx context.Context) {
	kitchen.Go(func() error { return bake(ctx, "rye") })
}

// objectGlobalWait waits for it elsewhere.
func objectGlobalWait() error { return kitchen.Wait() }

// objectEmbedded has its group embedded in the receiver.
func (s *shift) objectEmbedded(ctx context.Context) error {
	s.Go(func() error { return bake(ctx, s.name) })
	return s.Wait()
}

type bakery struct {
	group  *errgroup.Group
	cancel context.CancelFunc
}

// open starts the tasks of a bakery.
func (b *bakery) open(ctx context.Context) {
	ctx, b.cancel = context.WithCancel(ctx)
	b.group, ctx = errgroup.WithContext(ctx)
	b.group.Go(func() error { return bake(ctx, "rye") })
}

// close ends them.
func (b *bakery) close() error {
	b.cancel()
	return b.group.Wait()
}

// objectOfMap has its groups in a map.
func objectOfMap(ctx context.Context, groups map[string]*errgroup.Group) error {
	groups["rye"].Go(func() error { return bake(ctx, "rye") })
	return groups["rye"].Wait()
}

// objectMade gets its group from a constructor of an object around it.
func objectMade(ctx context.Context) error {
	s := newShift("day")
	s.Go(func() error { return bake(ctx, s.name) })
	return s.Wait()
}

func newShift(name string) *shift { return &shift{name: name} }

// objectEither has one of two groups.
func objectEither(ctx context.Context, first bool) error {
	var g, h errgroup.Group
	use := &g
	if first {
		use = &h
	}
	use.Go(func() error { return bake(ctx, "rye") })
	return errors2(g.Wait(), h.Wait())
}

func errors2(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// objectPassed passes its group to a literal.
func objectPassed(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(g *errgroup.Group, loaf string) {
		g.Go(func() error { return bake(gctx, loaf) })
	}
	for _, loaf := range []string{"rye", "wheat"} {
		start(g, loaf)
	}
	return g.Wait()
}
