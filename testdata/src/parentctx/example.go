package parentctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: the radar task runs on ctx, which lives on when the gauge task fails.
func morningReport(ctx context.Context, gauge, radar string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return download(gctx, gauge)
	})
	g.Go(func() error {
		return download(ctx, radar) // want `parentctx: task uses ctx\b`
	})
	return g.Wait()
}

// GOOD: both tasks run on gctx, so the first failure stops the other one.
func eveningReport(ctx context.Context, gauge, radar string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return download(gctx, gauge)
	})
	g.Go(func() error {
		return download(gctx, radar)
	})
	return g.Wait()
}
