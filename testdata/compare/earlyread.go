package compare

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// earlyread adds up before the goroutines have written.
func earlyread(ctx context.Context, ovens []*oven) (int, error) {
	g, ctx := errgroup.WithContext(ctx)
	degrees := make([]int, len(ovens))
	for i, o := range ovens {
		g.Go(func() (err error) {
			degrees[i], err = o.measure(ctx)
			return err
		})
	}
	sum := 0
	for i := range ovens {
		sum += degrees[i]
	}
	return sum, g.Wait()
}
