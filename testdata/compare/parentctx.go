package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// parentctx heats with the caller's context, which does not end with the group.
func parentctx(ctx context.Context, ovens []*oven) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return sift(gctx) })
	for _, o := range ovens {
		g.Go(func() error { return o.heat(ctx) })
	}
	return g.Wait()
}
