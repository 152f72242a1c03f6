package compare

import (
	"context"
	"sync"
)

// stuckwait waits for goroutines that wait for it.
func stuckwait(ctx context.Context, ovens []*oven) (failed int) {
	var wg sync.WaitGroup
	errs := make(chan error)
	for _, o := range ovens {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs <- o.heat(ctx)
		}()
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			failed++
		}
	}
	return failed
}
