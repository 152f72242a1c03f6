package stuckwait

import (
	"context"
	"sync"
	"time"
)

// Loops that a tick keeps busy: what spins is not blocked, so they are not run.

// flagsDown waits for a watch that is told to end after the wait.
func flagsDown(ship string) error {
	quit := make(chan struct{})
	defer close(quit)
	var wg sync.WaitGroup
	defer wg.Wait() // want `stuckwait: wg.Wait never returns; the task blocks for ever receiving from quit`
	wg.Go(func() {
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				report(ship)
			}
		}
	})
	return unload(context.Background(), ship)
}

// flagsCancelled has a context that is cancelled after the wait.
func flagsCancelled(ship string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait() // want `stuckwait: wg.Wait never returns; the task blocks for ever receiving from ctx.Done\(\)`
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Minute):
				report(ship)
			}
		}
	})
	return unload(ctx, ship)
}
