package deaftask

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: when the second task fails, nobody receives, and the first is deaf to that.
func observe(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			frames <- star // want `deaftask: the task blocks sending on frames without watching gctx; g\.Wait never returns when a sibling fails`
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// GOOD: the sender watches the context that dies with the group.
func observeAll(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}
