package misseddone

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// Look-alikes met in real code, all correct.

// doneByHelper has a function of the package count the task as done.
func doneByHelper(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if err := stamp(parcel); err != nil {
				finish(&wg, err)
				return
			}
			finish(&wg, deliver(ctx, parcel))
		}()
	}
	wg.Wait()
}

// doneAsValue calls what it was given, on every path.
func doneAsValue(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	bring := func(parcel string, done func()) {
		defer done()
		if stamp(parcel) != nil {
			return
		}
		record(parcel)
	}
	for _, parcel := range parcels {
		wg.Add(1)
		go bring(parcel, wg.Done)
	}
	wg.Wait()
}

// closedByWaiter returns from the sources; who waits for them closes the belt.
func closedByWaiter(parcels []string) (count int) {
	var wg sync.WaitGroup
	belt := make(chan string)
	for _, parcel := range parcels {
		wg.Go(func() {
			if stamp(parcel) != nil {
				return
			}
			belt <- parcel
		})
	}
	go func() {
		wg.Wait()
		close(belt)
	}()
	for range belt {
		count++
	}
	return count
}

// notTaken returns where it did not get the slot; there is nothing to give back.
func notTaken(ctx context.Context, parcels []string) error {
	g, gctx := errgroup.WithContext(ctx)
	slots := make(chan struct{}, 1)
	for _, parcel := range parcels {
		g.Go(func() error {
			select {
			case slots <- struct{}{}:
			case <-gctx.Done():
				return gctx.Err()
			}
			defer func() { <-slots }()
			return deliver(gctx, parcel)
		})
	}
	return g.Wait()
}

// notAcquired does so with a semaphore.
func notAcquired(ctx context.Context, parcels []string) error {
	g, gctx := errgroup.WithContext(ctx)
	carts := semaphore.NewWeighted(1)
	for _, parcel := range parcels {
		g.Go(func() error {
			if err := carts.Acquire(gctx, 1); err != nil {
				return err
			}
			err := deliver(gctx, parcel)
			carts.Release(1)
			return err
		})
	}
	return g.Wait()
}

// triedLock returns where the lock is taken.
func triedLock(parcels []string) (count int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range parcels {
		wg.Go(func() {
			if !mu.TryLock() {
				return
			}
			count++
			mu.Unlock()
		})
	}
	wg.Wait()
	return count
}

// openForCount leaves the belt open; the reader counts and does not range.
func openForCount(parcels []string) (lost int) {
	belt := make(chan error)
	go func() {
		for _, parcel := range parcels {
			if err := stamp(parcel); err != nil {
				belt <- err
				return
			}
		}
		belt <- nil
	}()
	if <-belt != nil {
		lost++
	}
	return lost
}

// eitherChannel ends the range through a second channel.
func eitherChannel(parcels []string) (count int, err error) {
	belt := make(chan string)
	failed := make(chan error, 1)
	go func() {
		for _, parcel := range parcels {
			if err := stamp(parcel); err != nil {
				failed <- err
				return
			}
			belt <- parcel
		}
		close(belt)
	}()
	for {
		select {
		case _, ok := <-belt:
			if !ok {
				return count, nil
			}
			count++
		case err := <-failed:
			return count, err
		}
	}
}

// doneBySpawner counts the parcel that got no task.
func doneBySpawner(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		if stamp(parcel) != nil {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
			record(parcel)
		}()
	}
	wg.Wait()
}

// closedOnce closes on each of two paths, and once.
func closedOnce(ctx context.Context, parcels []string) error {
	var once sync.Once
	stop := make(chan struct{})
	halt := func() { once.Do(func() { close(stop) }) }
	var g errgroup.Group
	g.Go(func() error {
		<-stop
		return nil
	})
	g.Go(func() error {
		defer halt()
		for _, parcel := range parcels {
			if err := deliver(ctx, parcel); err != nil {
				halt()
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// deferredLater defers Done after a return that is not the task's.
func deferredLater(ctx context.Context, parcels []string) error {
	var wg sync.WaitGroup
	errs := make([]error, len(parcels))
	for i, parcel := range parcels {
		wg.Add(1)
		go func() {
			check := func() error {
				if err := stamp(parcel); err != nil {
					return err
				}
				return deliver(ctx, parcel)
			}
			defer wg.Done()
			errs[i] = check()
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

// unlockedByOther has the next task give the lock back.
func unlockedByOther(parcel string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	wg.Go(func() {
		record(parcel)
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
		record(parcel)
	})
	wg.Wait()
}

// lastUser returns with the slot that nobody wants any more.
func lastUser(ctx context.Context, parcel string) error {
	var g errgroup.Group
	slots := make(chan struct{}, 1)
	g.Go(func() error {
		slots <- struct{}{}
		if err := deliver(ctx, parcel); err != nil {
			return err
		}
		<-slots
		return nil
	})
	return g.Wait()
}

// counted is done once for each value, failed or not.
func counted(ctx context.Context, parcels []string) {
	var left sync.WaitGroup
	belt := make(chan string)
	defer close(belt)
	go func() {
		for parcel := range belt {
			if err := deliver(ctx, parcel); err != nil {
				record(parcel)
			}
			left.Done()
		}
	}()
	for _, parcel := range parcels {
		left.Add(1)
		belt <- parcel
	}
	left.Wait()
}

// firstOpensAlways closes in the first round, which has the index nought.
func firstOpensAlways(ctx context.Context, parcels []string) {
	open := make(chan struct{})
	var wg sync.WaitGroup
	for i, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i == 0 {
				defer close(open)
			} else {
				<-open
			}
			if deliver(ctx, parcel) != nil {
				return
			}
			record(parcel)
		}()
	}
	wg.Wait()
}

// firstOfThree closes in the round with the index nought, which three rounds have.
func firstOfThree(ctx context.Context) {
	open := make(chan struct{})
	for i := 0; i < 3; i++ {
		go func() {
			if i == 0 {
				defer close(open)
			}
			if deliver(ctx, "parcel") != nil {
				return
			}
			record("parcel")
		}()
	}
	<-open
}

// lastOfThree is told that it is the last one.
func lastOfThree(ctx context.Context) {
	var last sync.WaitGroup
	last.Add(1)
	for i, parcel := range []string{"letter", "box", "crate"} {
		go func(closes bool) {
			if closes {
				defer last.Done()
			}
			if deliver(ctx, parcel) != nil {
				return
			}
			record(parcel)
		}(i == 2)
	}
	last.Wait()
}

// evenFirst has one round of two in which the index is even, and goes by its own loop too.
func evenFirst(ctx context.Context) {
	parcels, over := make(chan string), make(chan struct{})
	for i := range 2 {
		go func() {
			if i%2 == 0 {
				defer close(parcels)
				_ = deliver(ctx, "parcel")
				return
			}
			for parcel := range parcels {
				record(parcel)
			}
			close(over)
		}()
	}
	<-over
}

// lastKept keeps in a variable which round is the last one.
func lastKept(ctx context.Context) {
	over := make(chan struct{})
	for i := 0; i < 2; i++ {
		last := i == 1
		go func() {
			if !last {
				_ = deliver(ctx, "parcel")
				return
			}
			close(over)
		}()
	}
	<-over
}
