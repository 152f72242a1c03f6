package generated

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Waitsfirst waits before anybody receives.
func Waitsfirst(ctx context.Context, items []int, n int) error {
	g, gctx := errgroup.WithContext(ctx)
	out := make(chan int)
	for range n {
		g.Go(func() error {
			select { // ends with the parent
			case out <- 1:
			case <-gctx.Done():
			}
			return nil
		})
	}
	err := g.Wait() // ends with the parent
	close(out)
	return err
}
