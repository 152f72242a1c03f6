package droppedwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: a parcel that could not be delivered is reported as delivered.
func deliverRound(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error { return deliver(gctx, p) })
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return nil
}

// GOOD: the first failure is the result of the round.
func deliverRoundChecked(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error { return deliver(gctx, p) })
	}
	return g.Wait()
}
