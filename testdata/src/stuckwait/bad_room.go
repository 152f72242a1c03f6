package stuckwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// pilotComesLast has two berths for those who wait for the one that comes last.
func pilotComesLast() error {
	g, gctx := errgroup.WithContext(context.Background())
	g.SetLimit(2)
	for range 3 {
		g.Go(func() error { // want `stuckwait: pilotComesLast blocks for ever starting a task under g; the task blocks for ever receiving from gctx.Done\(\)`
			<-gctx.Done()
			return nil
		})
	}
	g.Go(func() error { return errListing })
	return g.Wait()
}
