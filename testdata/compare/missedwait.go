package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// missedwait returns while the ovens are still being heated.
func missedwait(ctx context.Context, ovens []*oven) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, o := range ovens {
		g.Go(func() error { return o.heat(gctx) })
	}
	if err := sift(gctx); err != nil {
		return err
	}
	return g.Wait()
}
