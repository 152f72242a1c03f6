package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// lostctx throws the context of the group away: when one oven fails, the others run on.
func lostctx(ctx context.Context, ovens []*oven) error {
	g, _ := errgroup.WithContext(ctx)
	for _, o := range ovens {
		g.Go(func() error { return o.heat(ctx) })
	}
	return g.Wait()
}
