package stuckwait

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Look-alikes met in real code, all correct.

// drainOnFailure has each worker receive what is left when it fails.
func drainOnFailure(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	queue := make(chan string)
	for range cranes {
		g.Go(func() error {
			for ship := range queue {
				if err := unload(ctx, ship); err != nil {
					for range queue {
					}
					return err
				}
			}
			return nil
		})
	}
	for _, ship := range ships {
		queue <- ship
	}
	close(queue)
	return g.Wait()
}

// tryFromTask starts a task from a task where there is room, and works itself otherwise.
func tryFromTask(ctx context.Context, ship string) error {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		hold := func() error { return unload(ctx, ship+" hold") }
		if !g.TryGo(hold) {
			return hold()
		}
		return nil
	})
	return g.Wait()
}

// goUnlimited starts tasks from tasks of a group without a limit.
func goUnlimited(ctx context.Context, ships []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			g.Go(func() error { return unload(gctx, ship+" hold") })
			return unload(gctx, ship)
		})
	}
	return g.Wait()
}

// limitBetween changes the limit when no task runs.
func limitBetween(ctx context.Context, ships []string, cranes int) error {
	var g errgroup.Group
	for _, ship := range ships {
		g.Go(func() error { return unload(ctx, ship) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g.SetLimit(cranes)
	for _, ship := range ships {
		g.Go(func() error { return unload(ctx, ship) })
	}
	return g.Wait()
}

// otherLock holds a lock that no task wants.
func otherLock(ships []string) (total int) {
	var harbour, sum sync.Mutex
	var wg sync.WaitGroup
	harbour.Lock()
	defer harbour.Unlock()
	for _, ship := range ships {
		wg.Go(func() {
			sum.Lock()
			defer sum.Unlock()
			total += inspect(ship)
		})
	}
	wg.Wait()
	return total
}

// readLock reads while its tasks read.
func readLock(ships []string) (total int) {
	var charts sync.RWMutex
	var wg sync.WaitGroup
	tons := make(chan int, len(ships))
	charts.RLock()
	defer charts.RUnlock()
	for _, ship := range ships {
		wg.Go(func() {
			charts.RLock()
			defer charts.RUnlock()
			tons <- inspect(ship)
		})
	}
	wg.Wait()
	close(tons)
	for n := range tons {
		total += n
	}
	return total
}

// handedOver takes a slot for each task, which gives it back.
func handedOver(ctx context.Context, ships []string) error {
	slots := make(chan struct{}, 1)
	var g errgroup.Group
	for _, ship := range ships {
		slots <- struct{}{}
		g.Go(func() error {
			defer func() { <-slots }()
			return unload(ctx, ship)
		})
	}
	return g.Wait()
}

// handedOverWeight does so with a semaphore.
func handedOverWeight(ctx context.Context, ships []string) error {
	cranes := semaphore.NewWeighted(1)
	var g errgroup.Group
	var stopped error
	for _, ship := range ships {
		if stopped = cranes.Acquire(ctx, 1); stopped != nil {
			break
		}
		g.Go(func() error {
			defer cranes.Release(1)
			return unload(ctx, ship)
		})
	}
	return errors.Join(g.Wait(), stopped)
}

// waitEachRound adds one and waits for it, ship after ship.
func waitEachRound(ships []string) {
	var wg sync.WaitGroup
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			report(ship)
		}()
		wg.Wait()
	}
}

// innerGroup waits in a task of one group for another.
func innerGroup(ctx context.Context, ships []string) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		outer.Go(func() error {
			inner, ictx := errgroup.WithContext(octx)
			inner.SetLimit(1)
			inner.Go(func() error { return unload(ictx, ship) })
			inner.Go(func() error { return unload(ictx, ship+" hold") })
			return inner.Wait()
		})
	}
	return outer.Wait()
}

// errorOrAll stops receiving at the first error; there is room for all others.
func errorOrAll(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(ships))
	for _, ship := range ships {
		wg.Go(func() { errs <- unload(ctx, ship) })
	}
	var first error
	for range ships {
		if first = <-errs; first != nil {
			break
		}
	}
	wg.Wait()
	return first
}

// receiveOrLate does not wait for ever for the task that sent nothing.
func receiveOrLate(ctx context.Context, ships []string, d time.Duration) (total int) {
	tons := make(chan int, len(ships))
	for _, ship := range ships {
		go func() {
			if n, err := weigh(ctx, ship); err == nil {
				tons <- n
			}
		}()
	}
	late := time.After(4 * d)
	for range ships {
		select {
		case n := <-tons:
			total += n
		case <-late:
			return total
		}
	}
	return total
}

// collected has a second goroutine receive while the first waits.
func collected(ships []string) (total int) {
	var senders, receiver sync.WaitGroup
	tons := make(chan int)
	receiver.Go(func() {
		for n := range tons {
			total += n
		}
	})
	for _, ship := range ships {
		senders.Go(func() { tons <- inspect(ship) })
	}
	senders.Wait()
	close(tons)
	receiver.Wait()
	return total
}

// toldToStop tells the senders before it waits for them.
func toldToStop(ctx context.Context, ships []string) error {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	errs := make(chan error)
	for _, ship := range ships {
		wg.Go(func() {
			err := unload(ctx, ship)
			select {
			case errs <- err:
			case <-stop:
			}
		})
	}
	defer wg.Wait()
	defer close(stop)
	for range ships {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// enoughForAll fills the queue before it starts the workers, which can leave as they like.
func enoughForAll(ctx context.Context, ships []string, cranes int) error {
	queue := make(chan string, len(ships))
	for _, ship := range ships {
		queue <- ship
	}
	close(queue)
	var g errgroup.Group
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
	return g.Wait()
}

// roomForOthers has room for n results of len(ships). Whether n is
// smaller is not known here.
//
// not run: it hangs where n is smaller
func roomForOthers(ships []string, n int) (total int) {
	var wg sync.WaitGroup
	tons := make(chan int, n)
	for _, ship := range ships {
		wg.Go(func() { tons <- inspect(ship) })
	}
	wg.Wait()
	for range ships {
		total += <-tons
	}
	return total
}

// flagsDownFirst ends the watch before it waits.
func flagsDownFirst(ship string) error {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(quit)
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

// flagsUntilListing has a watch that a failure ends too.
func flagsUntilListing(ship string) error {
	quit := make(chan struct{})
	defer close(quit)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for {
			select {
			case <-quit:
				return
			case <-time.After(time.Millisecond):
				if unload(context.Background(), ship) != nil {
					return
				}
			}
		}
	})
	return unload(context.Background(), ship)
}

// pilotHasBerth has as many berths as there are ships.
func pilotHasBerth() error {
	g, gctx := errgroup.WithContext(context.Background())
	g.SetLimit(4)
	for range 3 {
		g.Go(func() error {
			<-gctx.Done()
			return nil
		})
	}
	g.Go(func() error { return errListing })
	return g.Wait()
}

// fiveInspected counts five tasks, each written down, and has room for what they say.
func fiveInspected(ship string) int {
	var wg sync.WaitGroup
	tons := make(chan int, 5)
	wg.Add(5)
	go func() { defer wg.Done(); tons <- inspect(ship) }()
	go func() { defer wg.Done(); tons <- inspect(ship) }()
	go func() { defer wg.Done(); tons <- inspect(ship) }()
	go func() { defer wg.Done(); tons <- inspect(ship) }()
	go func() { defer wg.Done(); tons <- inspect(ship) }()
	wg.Wait()
	return <-tons
}

// unloadInBatches hands the ships of both lists on in one.
func unloadInBatches(lists [][]string) error {
	var ships []string
	for _, list := range lists {
		for _, ship := range list {
			if len(ship) > 3 {
				ships = append(ships, ship)
			}
		}
	}
	return unloadBatch(ships)
}

// unloadBatch takes one answer of each crane: what it has taken before it gave up is
// counted.
func unloadBatch(ships []string) error {
	cranes := min(len(ships), 4)
	errs := make(chan error, cranes)
	feed := make(chan string)
	var first error
	for i := 0; i < cranes; i++ {
		go func() {
			for ship := range feed {
				if err := unload(context.Background(), ship); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
feeding:
	for _, ship := range ships {
		select {
		case err := <-errs:
			cranes--
			first = err
			break feeding
		case feed <- ship:
		}
	}
	close(feed)
	for ; cranes != 0; cranes-- {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// pilotLast starts the one that closes in the last round, as the number of it says.
func pilotLast(ctx context.Context) {
	ashore := make(chan struct{})
	for i := range 3 {
		if i < 2 {
			go func() { _ = unload(ctx, "ship") }()
		} else {
			go func() { close(ashore) }()
		}
	}
	<-ashore
}

// pilotSecond says it with a switch.
func pilotSecond(ctx context.Context) {
	ashore := make(chan struct{})
	for i := range 2 {
		switch i {
		case 0:
			go func() { _ = unload(ctx, "ship") }()
		case 1:
			go func() { close(ashore) }()
		}
	}
	<-ashore
}
