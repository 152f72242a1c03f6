package missedwait

import (
	"context"
	"testing"

	"golang.org/x/sync/errgroup"
)

// A rig is what tests move trains with.
type rig struct {
	t testing.TB
}

// move leaves tasks behind that end with the test.
func (r *rig) move(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if signal == "" {
			r.t.Log("no name")
			return errNoName
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}
