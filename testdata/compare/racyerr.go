package compare

import (
	"context"
	"sync"
)

// racyerr has all goroutines write one variable.
func racyerr(ctx context.Context, ovens []*oven) error {
	var wg sync.WaitGroup
	var err error
	for _, o := range ovens {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err = o.heat(ctx)
		}()
	}
	wg.Wait()
	return err
}
