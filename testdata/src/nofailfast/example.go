package nofailfast

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: the first bad hive decides, and the others are inspected for nothing.
func springCheck(ctx context.Context, hives []hive) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails the others go on with h\.inspect, and springCheck fails all the same`
	for _, h := range hives {
		g.Go(func() error { return h.inspect(ctx) })
	}
	return g.Wait()
}

// GOOD: the first bad hive ends the round.
func springCheckUntilBad(ctx context.Context, hives []hive) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, h := range hives {
		g.Go(func() error { return h.inspect(gctx) })
	}
	return g.Wait()
}
