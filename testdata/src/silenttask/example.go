package silenttask

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: when the caller gives up, books are left out, and bindAll says that all are bound.
func bindAll(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan book)
	g.Go(func() error {
		defer close(queue)
		for _, b := range books {
			select {
			case queue <- b:
			case <-gctx.Done():
				return nil // want `silenttask: the task returns nil when gctx ends with items not sent on queue; a cancelled run looks like success`
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range queue {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// GOOD: the caller is told.
func bindAllChecked(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan book)
	g.Go(func() error {
		defer close(queue)
		for _, b := range books {
			select {
			case queue <- b:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range queue {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}
