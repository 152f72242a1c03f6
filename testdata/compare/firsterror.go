package compare

import (
	"context"
	"sync"
)

// firsterror reports one of the errors, and the others never.
func firsterror(ctx context.Context, ovens []*oven) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(ovens))
	for _, o := range ovens {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := o.heat(ctx); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}
