package compare

import (
	"context"
	"sync"
)

// misseddone leaves the count where an oven fails.
func misseddone(ctx context.Context, ovens []*oven) {
	var wg sync.WaitGroup
	for _, o := range ovens {
		wg.Add(1)
		go func() {
			if err := o.heat(ctx); err != nil {
				return
			}
			wg.Done()
		}()
	}
	wg.Wait()
}
