package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// deaftask hands loaves over without watching the context of the group.
func deaftask(ctx context.Context, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	belt := make(chan string)
	g.Go(func() error {
		defer close(belt)
		for _, loaf := range loaves {
			belt <- loaf
		}
		return nil
	})
	g.Go(func() error {
		for loaf := range belt {
			if err := slice(gctx, loaf); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}
