package earlyread

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: the sum is made while the crates are being weighed.
func harvest(ctx context.Context, crates []crate) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	sum := 0
	for i := range crates {
		sum += weights[i] // want `earlyread: harvest reads weights before it has waited for the task that writes it`
	}
	return sum, g.Wait()
}

// GOOD: the sum is made of weights that are there.
func harvestWeighed(ctx context.Context, crates []crate) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	sum := 0
	for i := range crates {
		sum += weights[i]
	}
	return sum, nil
}
