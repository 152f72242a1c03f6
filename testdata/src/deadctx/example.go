package deadctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: ctx is the group's here, and Wait has cancelled it although all went well.
func settleDay(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here`
}

// GOOD: the derived context has a name of its own, and ctx is still the parent.
func settleMonth(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(gctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx)
}
