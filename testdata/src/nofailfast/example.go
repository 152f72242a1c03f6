package nofailfast

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: when the inspection fails, the guard stays, and Wait with it.
func openSeason(ctx context.Context, h hive) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails another goes on until ctx ends, and g\.Wait does not return`
	g.Go(func() error { return h.inspect(ctx) })
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}

// GOOD: the guard leaves when the inspection has failed.
func openSeasonIfWell(ctx context.Context, h hive) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.inspect(gctx) })
	g.Go(func() error { return h.guard(gctx) })
	return g.Wait()
}
