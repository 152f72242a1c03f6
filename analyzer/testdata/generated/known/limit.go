package generated

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Limit cannot start the receiver while the sender has the only place.
func Limit(ctx context.Context, items []int, n int) error {
	var g errgroup.Group
	g.SetLimit(1)
	out := make(chan int)
	g.Go(func() error {
		out <- 1 // hangs
		return nil
	})
	g.Go(func() error { // hangs
		<-out
		return nil
	})
	return g.Wait()
}
