package stuckwait

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// waitWhileRange waits beside the range.
func waitWhileRange(ships []string) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int)
	for _, ship := range ships {
		wg.Go(func() { tons <- inspect(ship) })
	}
	go func() {
		wg.Wait()
		close(tons)
	}()
	for n := range tons {
		total += n
	}
	return total
}

// errorsWithRoom has room for all errors.
func errorsWithRoom(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(ships))
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := unload(ctx, ship); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// roomForAll has room for len(ships) results.
func roomForAll(ships []string, n int) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int, len(ships)+n)
	for _, ship := range ships {
		wg.Go(func() { tons <- inspect(ship) })
	}
	wg.Wait()
	for range ships {
		total += <-tons
	}
	return total
}

// bothThenWait takes both errors.
func bothThenWait(ctx context.Context, ship string) error {
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
	if second := <-errs; err == nil {
		err = second
	}
	wg.Wait()
	return err
}

// allBeforeDeferred receives everything before it waits.
func allBeforeDeferred(ctx context.Context, ships []string) (first error) {
	var wg sync.WaitGroup
	errs := make(chan error)
	defer func() {
		wg.Wait()
	}()
	for _, ship := range ships {
		wg.Go(func() { errs <- unload(ctx, ship) })
	}
	for range ships {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// feederToDrain feeds workers that go on receiving after their first error.
func feederToDrain(ctx context.Context, ships []string, cranes int) error {
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
			var first error
			for ship := range queue {
				if err := unload(ctx, ship); err != nil && first == nil {
					first = err
				}
			}
			return first
		})
	}
	return g.Wait()
}

// feederOnGroup watches the context that dies with the first worker.
func feederOnGroup(ctx context.Context, ships []string, cranes int) error {
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	g.Go(func() error {
		defer close(queue)
		for _, ship := range ships {
			select {
			case queue <- ship:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	for range cranes {
		g.Go(func() error {
			for ship := range queue {
				if err := unload(gctx, ship); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// feederToStayers feeds workers that note the error and go on.
func feederToStayers(ctx context.Context, ships []string, cranes int) {
	var wg sync.WaitGroup
	queue := make(chan string)
	for range cranes {
		wg.Go(func() {
			for ship := range queue {
				if unload(ctx, ship) != nil {
					report(ship)
				}
			}
		})
	}
	for _, ship := range ships {
		queue <- ship
	}
	close(queue)
	wg.Wait()
}

// goBelowLimit has room for the task and the one that it starts.
func goBelowLimit(ctx context.Context, ship string) error {
	var g errgroup.Group
	g.SetLimit(2)
	g.Go(func() error {
		if err := unload(ctx, ship); err != nil {
			return err
		}
		g.Go(func() error { return unload(ctx, ship+" hold") })
		return nil
	})
	return g.Wait()
}

// limitInTime sets the limit before the first task.
func limitInTime(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	g.SetLimit(cranes)
	g.Go(func() error { return unload(ctx, "flagship") })
	for _, ship := range ships {
		g.Go(func() error { return unload(ctx, ship) })
	}
	return g.Wait()
}

// noLimit takes the limit away.
func noLimit(ctx context.Context, ship string) error {
	var g errgroup.Group
	g.SetLimit(-1)
	g.Go(func() error { return unload(ctx, ship) })
	return g.Wait()
}

// closerIsNoTask waits in a goroutine beside the group.
func closerIsNoTask(ctx context.Context, ships []string) (total int) {
	var g errgroup.Group
	tons := make(chan int)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(ctx, ship)
			tons <- n
			return err
		})
	}
	go func() {
		defer close(tons)
		if g.Wait() != nil {
			report("fleet")
		}
	}()
	for n := range tons {
		total += n
	}
	return total
}

// closerIsNotCounted does so with a WaitGroup.
func closerIsNotCounted(ships []string) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int)
	wg.Add(len(ships))
	for _, ship := range ships {
		go func() {
			defer wg.Done()
			tons <- inspect(ship)
		}()
	}
	go func() {
		wg.Wait()
		close(tons)
	}()
	for n := range tons {
		total += n
	}
	return total
}

// lockGivenBack gives the lock back before it waits.
func lockGivenBack(ships []string) (total int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	for _, ship := range ships {
		wg.Go(func() {
			n := inspect(ship)
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	mu.Unlock()
	wg.Wait()
	return total
}

// slotGivenBack gives the slot back before it waits.
func slotGivenBack(ctx context.Context, ship string) error {
	slots := make(chan struct{}, 1)
	var g errgroup.Group
	slots <- struct{}{}
	g.Go(func() error {
		slots <- struct{}{}
		defer func() { <-slots }()
		return unload(ctx, ship)
	})
	<-slots
	return g.Wait()
}

// weightForBoth has room for the spawner and the task.
func weightForBoth(ctx context.Context, ship string) error {
	cranes := semaphore.NewWeighted(2)
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
	return g.Wait()
}

// waitAfterLoop waits after the last ship.
func waitAfterLoop(ships []string) {
	var wg sync.WaitGroup
	wg.Add(len(ships))
	for _, ship := range ships {
		go func() {
			defer wg.Done()
			report(ship)
		}()
	}
	wg.Wait()
}

// oneFromEach receives once for each ship, and a task that fails sends zero.
func oneFromEach(ctx context.Context, ships []string) (total int) {
	tons := make(chan int)
	for _, ship := range ships {
		go func() {
			n, err := weigh(ctx, ship)
			if err != nil {
				report(ship)
				tons <- 0
				return
			}
			tons <- n
		}()
	}
	for range ships {
		total += <-tons
	}
	return total
}

// rangeUntilClose has the last task close what is ranged over.
func rangeUntilClose(ships []string) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int)
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tons <- inspect(ship)
		}()
	}
	go func() {
		defer close(tons)
		wg.Wait()
	}()
	for n := range tons {
		total += n
	}
	return total
}

// slotThenSend gives the slot back before it sends.
func slotThenSend(ctx context.Context, ships []string) error {
	slots := make(chan struct{}, 1)
	arrived := make(chan string)
	go func() {
		defer close(arrived)
		slots <- struct{}{}
		tide()
		<-slots
		for _, ship := range ships {
			arrived <- ship
		}
	}()
	for ship := range arrived {
		slots <- struct{}{}
		err := unload(ctx, ship)
		<-slots
		if err != nil {
			report(ship)
		}
	}
	return nil
}

// A crate is one that was weighed, or the reason why the weighing ended.
type crate struct {
	tons int
	err  error
}

// lastCrate is left at the crate after which nothing is sent.
func lastCrate(ctx context.Context, ships []string) (total int, err error) {
	crates := make(chan crate)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(crates)
		for _, ship := range ships {
			n, err := weigh(ctx, ship)
			if err != nil {
				crates <- crate{err: err}
				return
			}
			crates <- crate{tons: n}
		}
	}()
	for c := range crates {
		if c.err != nil {
			err = c.err
			break
		}
		total += c.tons
	}
	wg.Wait()
	return total, err
}

// onlyWhatIsThere looks how many there are.
func onlyWhatIsThere(ctx context.Context, ships []string) (err error) {
	errs := make(chan error, len(ships))
	var wg sync.WaitGroup
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := unload(ctx, ship); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait()
	for len(errs) > 0 {
		err = <-errs
	}
	return err
}

// aBerthEach is a semaphore for each task.
func aBerthEach(ships []string) {
	done := make(chan string, len(ships))
	for _, ship := range ships {
		go func() {
			berth := semaphore.NewWeighted(1)
			if err := berth.Acquire(context.Background(), 1); err == nil {
				done <- ship
			}
		}()
	}
	for range ships {
		<-done
	}
}

// calledAshore cancels in a goroutine.
func calledAshore(ctx context.Context) {
	crew, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		<-crew.Done()
		close(done)
	}()
	go cancel()
	<-done
}

// handsForAll starts as many as there are ships, and not more than four.
func handsForAll(ships []string) {
	queue := make(chan string)
	var wg sync.WaitGroup
	for range min(4, len(ships)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ship := range queue {
				report(ship)
			}
		}()
	}
	for _, ship := range ships {
		queue <- ship
	}
	close(queue)
	wg.Wait()
}

// shifts starts a crew for each of k shifts, which has a lock and a channel of its
// own; what it tells the others goes by the channel around.
func shifts(k int) int {
	out := make(chan int)
	for range k {
		go func() {
			var mu sync.Mutex
			inner := make(chan int)
			n := 0
			for range 2 {
				go func() {
					tally(&mu, &n)
					inner <- 1
				}()
			}
			<-inner
			<-inner
			out <- n
		}()
	}
	all := 0
	for range k {
		all += <-out
	}
	return all
}

// tally counts one under the lock.
//
// not run: it is a part of shifts.
func tally(mu *sync.Mutex, n *int) {
	mu.Lock()
	*n++
	mu.Unlock()
}
