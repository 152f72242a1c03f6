package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// deadctx cools with the context of the group, which Wait has cancelled.
func deadctx(ctx context.Context, ovens []*oven) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, o := range ovens {
		g.Go(func() error { return o.heat(ctx) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ovens[0].cool(ctx)
}
