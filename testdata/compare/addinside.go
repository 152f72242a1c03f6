package compare

import (
	"context"
	"sync"
)

// addinside counts a goroutine in the goroutine itself, so Wait may be over before.
func addinside(ctx context.Context, ovens []*oven) {
	var wg sync.WaitGroup
	for _, o := range ovens {
		go func() {
			wg.Add(1)
			defer wg.Done()
			o.clean(ctx)
		}()
	}
	wg.Wait()
}
