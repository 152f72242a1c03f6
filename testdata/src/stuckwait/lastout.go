package stuckwait

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// lastOut has the last task close the channel.
func lastOut(ctx context.Context, ships []string) error {
	if len(ships) == 0 {
		return nil
	}
	done := make(chan struct{})
	var mu sync.Mutex
	left := len(ships)
	var errs []error
	for _, ship := range ships {
		go func() {
			err := unload(ctx, ship)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			}
			if left--; left == 0 {
				close(done)
			}
		}()
	}
	<-done
	return errors.Join(errs...)
}

// firstOnly has room for one error, and one task that sends.
func firstOnly(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sent := false
	errs := make(chan error, 1)
	for _, ship := range ships {
		wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if !sent {
					sent = true
					errs <- err
				}
			}
		})
	}
	wg.Wait()
	if sent {
		return <-errs
	}
	return nil
}

// eachTime sends every error on the channel with room for one.
func eachTime(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	errs := make(chan error, 1)
	for _, ship := range ships {
		wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs <- err
			}
		})
	}
	wg.Wait() // want `stuckwait: wg.Wait never returns; the task blocks for ever sending on errs`
	close(errs)
	return <-errs
}

// toldBefore receives only where the task has not noted an error.
func toldBefore(ctx context.Context, ship string) (int, error) {
	var wg sync.WaitGroup
	var failed error
	tons := make(chan int, 1)
	wg.Go(func() {
		if failed = unload(ctx, ship); failed != nil {
			return
		}
		tons <- inspect(ship)
	})
	wg.Wait()
	if failed != nil {
		return 0, failed
	}
	return <-tons, nil
}

// asMany takes as many errors as there are.
func asMany(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(ships))
	for _, ship := range ships {
		wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	var all []error
	for range len(errs) {
		all = append(all, <-errs)
	}
	n := len(errs)
	if n > 0 {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}

// lastDeferred counts down as it leaves.
func lastDeferred(ctx context.Context, ships []string) {
	if len(ships) == 0 {
		return
	}
	done := make(chan struct{})
	var left atomic.Int32
	left.Store(int32(len(ships)))
	for _, ship := range ships {
		go func() {
			defer func() {
				if left.Add(-1) == 0 {
					close(done)
				}
			}()
			unload(ctx, ship)
		}()
	}
	<-done
}

// lastNoted keeps what it has found until it has unlocked.
func lastNoted(ctx context.Context, ships []string) {
	if len(ships) == 0 {
		return
	}
	done := make(chan struct{})
	var mu sync.Mutex
	left := len(ships)
	for _, ship := range ships {
		go func() {
			unload(ctx, ship)
			mu.Lock()
			left--
			last := left == 0
			mu.Unlock()
			if last {
				close(done)
			}
		}()
	}
	<-done
}
