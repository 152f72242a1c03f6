package missedwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: a signal without a name ends the function while the other signals still move.
func setRoute(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: setRoute returns without g\.Wait; its tasks outlive the call`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// GOOD: the names are looked at before the first task starts.
func setCheckedRoute(ctx context.Context, signals []string) error {
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}
