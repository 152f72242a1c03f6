package maskedcause

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// BAD: when a scan fails, Acquire fails with "context canceled", and that is what the caller sees.
func scanShelf(ctx context.Context, sem *semaphore.Weighted, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(gctx, 1); err != nil {
			_ = g.Wait() // no scanner may run on after the return
			return err   // want `maskedcause: scanShelf returns the error of the dead context gctx`
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// GOOD: a failed Acquire only ends the loop; the task's error comes first, then the caller's.
func scanShelfToEnd(ctx context.Context, sem *semaphore.Weighted, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if sem.Acquire(gctx, 1) != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
