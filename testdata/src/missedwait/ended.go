package missedwait

import (
	"context"
	"sync"
	"time"
)

// Returns for a context that has ended.

// setAll leaves when its context has ended, and so do the tasks.
func setAll(ctx context.Context, signals []string) {
	var wg sync.WaitGroup
	for _, signal := range signals {
		if ctx.Err() != nil {
			return
		}
		wg.Go(func() { _ = move(ctx, signal) })
	}
	wg.Wait()
}

// setBetween waits between two signals.
func setBetween(ctx context.Context, signals []string, pause <-chan time.Time) {
	var wg sync.WaitGroup
	for _, signal := range signals {
		select {
		case <-ctx.Done():
			return
		case <-pause:
		}
		wg.Go(func() { _ = move(ctx, signal) })
	}
	wg.Wait()
}

// setOn has tasks that do not end with the context that it looks at.
func setOn(ctx context.Context, signals []string) {
	var wg sync.WaitGroup
	for _, signal := range signals {
		if ctx.Err() != nil {
			return // want `missedwait: setOn returns without wg.Wait`
		}
		wg.Go(func() { _ = move(context.WithoutCancel(ctx), signal) })
	}
	wg.Wait()
}
