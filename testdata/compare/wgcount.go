package compare

import (
	"context"
	"sync"
)

// wgcount counts one goroutine more than it starts.
func wgcount(ctx context.Context, ovens []*oven) {
	var wg sync.WaitGroup
	wg.Add(len(ovens) + 1)
	for _, o := range ovens {
		go func() {
			defer wg.Done()
			o.clean(ctx)
		}()
	}
	wg.Wait()
}
