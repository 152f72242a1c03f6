package semcount

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// BAD: a hammer that was not taken is given back: Acquire fails as soon as one tent has failed.
func pitchAll(ctx context.Context, tents []string) error {
	hammers := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, tent := range tents {
		g.Go(func() error {
			defer hammers.Release(1) // want `semcount: hammers.Release is called although hammers.Acquire has failed; the semaphore panics, or lets in more than it has room for`
			if err := hammers.Acquire(gctx, 1); err != nil {
				return err
			}
			return raise(gctx, tent)
		})
	}
	return g.Wait()
}

// GOOD: giving back is deferred once there is something to give back.
func pitchEach(ctx context.Context, tents []string) error {
	hammers := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, tent := range tents {
		g.Go(func() error {
			if err := hammers.Acquire(gctx, 1); err != nil {
				return err
			}
			defer hammers.Release(1)
			return raise(gctx, tent)
		})
	}
	return g.Wait()
}
