package misseddone

import (
	"context"
	"sync"
)

// untilItEnds tries again until the context ends, and is not done then.
func untilItEnds(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	for _, p := range parcels {
		wg.Add(1)
		go func() {
			for {
				if err := deliver(ctx, p); err == nil {
					break
				}
				if ctx.Err() != nil {
					return // want `misseddone: the task returns without wg\.Done; wg\.Wait never returns`
				}
			}
			wg.Done()
		}()
	}
	wg.Wait()
}
