package firsterror

import (
	"context"
	"errors"
	"sync"
)

// BAD: three doors stay open, and the report names one.
func lockAll(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs: // want `firsterror: errs is read once although every task can leave an error in it`
		return err
	default:
		return nil
	}
}

// GOOD: every door that stays open is named.
func lockAllJoined(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	var all error
	for err := range errs {
		all = errors.Join(all, err)
	}
	return all
}
