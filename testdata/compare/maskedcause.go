package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// maskedcause returns "context canceled" in place of the error of the oven.
func maskedcause(ctx context.Context, ovens []*oven) error {
	g, gctx := errgroup.WithContext(ctx)
	places := semaphore.NewWeighted(1)
	for _, o := range ovens {
		if err := places.Acquire(gctx, 1); err != nil {
			return err
		}
		g.Go(func() error {
			defer places.Release(1)
			return o.heat(gctx)
		})
	}
	return g.Wait()
}
