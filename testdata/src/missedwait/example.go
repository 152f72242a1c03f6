package missedwait

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// BAD: a move that fails ends gctx, with it the locking of the next signal fails, and that
// error is returned, while other signals still move.
func setRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(gctx, signal); err != nil {
			return err // want `missedwait: setRoute returns without g\.Wait; when a task has failed, lock fails too, and the task's error is lost`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// GOOD: what the tasks say comes first, and they have ended.
func setWholeRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(gctx, signal); err != nil {
			return errors.Join(g.Wait(), err)
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}
