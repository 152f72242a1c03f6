package stuckwait

import (
	"context"
	"sync"
	"time"
)

// clockedIn waits for the goroutine that goes by a clock which is stopped.
func clockedIn(ctx context.Context, ship string) error {
	var wg sync.WaitGroup
	clock := time.NewTicker(time.Millisecond)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range clock.C {
			toot(ship)
		}
	}()
	_, err := weigh(ctx, ship)
	clock.Stop()
	wg.Wait() // want `stuckwait: wg.Wait never returns; the task blocks for ever ranging over clock.C`
	return err
}

func toot(string) {}
