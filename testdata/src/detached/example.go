package detached

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: the second reading goes on when the first has failed, or the caller has left.
func readBoth(ctx context.Context, near, far buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return near.read(gctx) })
	g.Go(func() error { return far.read(context.Background()) }) // want `detached: task gives context\.Background\(\) to far\.read, and it never ends; g\.Wait waits although a sibling has failed`
	return g.Wait()
}

// GOOD: both readings end with the group.
func readTogether(ctx context.Context, near, far buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return near.read(gctx) })
	g.Go(func() error { return far.read(gctx) })
	return g.Wait()
}
