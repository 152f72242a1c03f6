package stuckwait

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// waitBeforeRange waits, closes and ranges; no task gets beyond its send.
func waitBeforeRange(ships []string) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int)
	for _, ship := range ships {
		wg.Go(func() { tons <- inspect(ship) })
	}
	wg.Wait() // want `stuckwait: wg\.Wait never returns; .* blocks for ever sending on tons`
	close(tons)
	for n := range tons {
		total += n
	}
	return total
}

// errorsAfterWait has room for one error, and two tasks can fail.
func errorsAfterWait(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, 1)
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := unload(ctx, ship); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait() // want `stuckwait: wg\.Wait never returns; .* blocks for ever sending on errs`
	close(errs)
	return <-errs
}

// oneThenWait takes the first error and then waits for the task that sends the second.
func oneThenWait(ctx context.Context, ship string) error {
	var wg sync.WaitGroup
	errs := make(chan error)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs <- unload(ctx, ship)
		}()
	}
	err := <-errs
	wg.Wait() // want `stuckwait: wg\.Wait never returns; .* blocks for ever sending on errs`
	return err
}

// earlyDeferred leaves the receiving loop and waits on its way out.
func earlyDeferred(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	errs := make(chan error)
	defer func() {
		wg.Wait() // want `stuckwait: wg\.Wait never returns; .* blocks for ever sending on errs`
	}()
	for _, ship := range ships {
		wg.Go(func() { errs <- unload(ctx, ship) })
	}
	for range ships {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// feederTask feeds workers that leave on their first error.
func feederTask(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, ship := range ships {
			queue <- ship
		}
		return nil
	})
	for range cranes {
		g.Go(func() error {
			for ship := range queue {
				if err := unload(ctx, ship); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait() // want `stuckwait: g\.Wait never returns; .* blocks for ever sending on queue`
}

// feederOnParent watches the parent, which lives on when the workers have left.
func feederOnParent(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, ship := range ships {
			select {
			case queue <- ship:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range cranes {
		g.Go(func() error {
			for ship := range queue {
				if err := unload(ctx, ship); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait() // want `stuckwait: g\.Wait never returns; .* blocks for ever sending on queue`
}

// feederIsSpawner feeds the workers itself, and they leave on their first error.
func feederIsSpawner(ctx context.Context, ships []string, cranes int) {
	var wg sync.WaitGroup
	queue := make(chan string)
	for range cranes {
		wg.Go(func() {
			for ship := range queue {
				if unload(ctx, ship) != nil {
					return
				}
			}
		})
	}
	for _, ship := range ships {
		queue <- ship // want `stuckwait: .*queue`
	}
	close(queue)
	wg.Wait()
}

// goAtLimit starts a task from a task, and the limit has no room for it.
func goAtLimit(ctx context.Context, ship string) error {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		if err := unload(ctx, ship); err != nil {
			return err
		}
		g.Go(func() error { return unload(ctx, ship+" hold") })
		return nil
	})
	return g.Wait() // want `stuckwait: g\.Wait never returns`
}

// limitTooLate sets the limit when a task runs already.
func limitTooLate(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	g.Go(func() error { return unload(ctx, "flagship") })
	g.SetLimit(cranes)
	for _, ship := range ships {
		g.Go(func() error { return unload(ctx, ship) })
	}
	return g.Wait() // want `stuckwait: g\.Wait never returns`
}

// limitOfZero allows no task at all.
func limitOfZero(ctx context.Context, ship string) error {
	var g errgroup.Group
	g.SetLimit(0)
	g.Go(func() error { return unload(ctx, ship) }) // want `stuckwait: `
	return g.Wait()
}

// closerIsTask waits in a task of the group for the group.
func closerIsTask(ctx context.Context, ships []string) (total int) {
	var g errgroup.Group
	tons := make(chan int)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(ctx, ship)
			tons <- n
			return err
		})
	}
	g.Go(func() error {
		defer close(tons)
		return g.Wait() // want `stuckwait: g\.Wait never returns`
	})
	for n := range tons {
		total += n
	}
	return total
}

// closerIsCounted does so with a WaitGroup.
func closerIsCounted(ships []string) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int)
	wg.Add(len(ships) + 1)
	for _, ship := range ships {
		go func() {
			defer wg.Done()
			tons <- inspect(ship)
		}()
	}
	go func() {
		defer wg.Done()
		wg.Wait() // want `stuckwait: wg\.Wait never returns`
		close(tons)
	}()
	for n := range tons {
		total += n
	}
	return total
}

// lockHeld waits for tasks that want the lock that it holds.
func lockHeld(ships []string) (total int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	defer mu.Unlock()
	for _, ship := range ships {
		wg.Go(func() {
			n := inspect(ship)
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	wg.Wait() // want `stuckwait: wg\.Wait never returns; .*mu`
	return total
}

// slotHeld waits for a task that wants the slot that it holds.
func slotHeld(ctx context.Context, ship string) error {
	slots := make(chan struct{}, 1)
	var g errgroup.Group
	slots <- struct{}{}
	g.Go(func() error {
		slots <- struct{}{}
		defer func() { <-slots }()
		return unload(ctx, ship)
	})
	err := g.Wait() // want `stuckwait: g\.Wait never returns; .* blocks for ever sending on slots`
	<-slots
	return err
}

// weightHeld does so with a semaphore, and with a context that never ends.
func weightHeld(ctx context.Context, ship string) error {
	cranes := semaphore.NewWeighted(1)
	if err := cranes.Acquire(ctx, 1); err != nil {
		return err
	}
	defer cranes.Release(1)
	var g errgroup.Group
	g.Go(func() error {
		if err := cranes.Acquire(context.Background(), 1); err != nil {
			return err
		}
		defer cranes.Release(1)
		return unload(ctx, ship)
	})
	return g.Wait() // want `stuckwait: g\.Wait never returns; .*cranes`
}

// waitInLoop adds for all ships and waits after the first.
func waitInLoop(ships []string) {
	var wg sync.WaitGroup
	wg.Add(len(ships))
	for _, ship := range ships {
		go func() {
			defer wg.Done()
			report(ship)
		}()
		wg.Wait() // want `stuckwait: wg\.Wait never returns`
	}
}

// oneForEach receives once for each ship, and a task that fails sends nothing.
func oneForEach(ctx context.Context, ships []string) (total int) {
	tons := make(chan int)
	for _, ship := range ships {
		go func() {
			n, err := weigh(ctx, ship)
			if err != nil {
				report(ship)
				return
			}
			tons <- n
		}()
	}
	for range ships {
		total += <-tons // want `stuckwait: .*tons`
	}
	return total
}

// rangeWithoutClose ranges over what nobody closes.
func rangeWithoutClose(ships []string) (total int) {
	tons := make(chan int)
	for _, ship := range ships {
		go func() { tons <- inspect(ship) }()
	}
	for n := range tons { // want `stuckwait: .*tons`
		total += n
	}
	return total
}

// slotAndSend holds the slot while it sends, and the receiver wants the slot.
func slotAndSend(ctx context.Context, ships []string) error {
	slots := make(chan struct{}, 1)
	arrived := make(chan string)
	go func() {
		defer close(arrived)
		slots <- struct{}{}
		defer func() { <-slots }()
		for _, ship := range ships {
			arrived <- ship
		}
	}()
	for ship := range arrived {
		slots <- struct{}{} // want `stuckwait: .*slots`
		err := unload(ctx, ship)
		<-slots
		if err != nil {
			report(ship)
		}
	}
	return nil
}

// fourCranes leave one after the other, each at a failure of the same kind.
//
// not run: it takes a failure for each crane.
func fourCranes(ctx context.Context, ships []string) {
	queue := make(chan string)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ship := range queue {
				if err := unload(ctx, ship); err != nil {
					return
				}
			}
		}()
	}
	for _, ship := range ships {
		queue <- ship // want `stuckwait: .*queue`
	}
	close(queue)
	wg.Wait()
}

// threeBerths are taken, and given back only if all went well.
//
// not run: it takes a failure for each berth.
func threeBerths(ctx context.Context, ships []string) {
	berths := make(chan struct{}, 3)
	var wg sync.WaitGroup
	for _, ship := range ships {
		berths <- struct{}{} // want `stuckwait: .*berths`
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := unload(ctx, ship); err != nil {
				return
			}
			<-berths
		}()
	}
	wg.Wait()
}

// unloadAgain tries several times.
func unloadAgain(ctx context.Context, ship string) (err error) {
	for range 5 {
		if err = unload(ctx, ship); err == nil {
			return nil
		}
	}
	return err
}

// triedInVain needs each try to fail.
func triedInVain(ctx context.Context, ships []string) error {
	errs := make(chan error)
	var wg sync.WaitGroup
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := unloadAgain(ctx, ship); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait() // want `stuckwait: .*wg`
	close(errs)
	return <-errs
}

// firstBerth waits for the first of the berths that are free, and there may be none.
func firstBerth(free <-chan int) int {
	first := make(chan int, 1)
	go func() {
		for berth := range free {
			select {
			case first <- berth:
			default:
			}
		}
	}()
	return <-first // want `stuckwait: .*first`
}

// unlessOver has a task that answers only while there is time, and waits for the answer
// whatever the time.
//
// not run: it takes a task for which there is no time.
func unlessOver(ctx context.Context, ship string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	answer := make(chan error, 1)
	go func() {
		err := unload(ctx, ship)
		if ctx.Err() == nil {
			answer <- err
		}
	}()
	return <-answer // want `stuckwait: unlessOver blocks for ever receiving from answer`
}

// pilotMaybe starts the one that closes, or another one.
func pilotMaybe(ctx context.Context, ship string) {
	ashore := make(chan struct{})
	if dice(2) == 1 {
		go func() { _ = unload(ctx, ship) }()
	} else {
		go func() { close(ashore) }()
	}
	<-ashore // want `stuckwait: pilotMaybe blocks for ever receiving from ashore`
}
