package misseddone

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// afterDeliveryDone counts the task as done on the early path as well.
func afterDeliveryDone(ctx context.Context, parcels []string) (lost []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(len(parcels))
	for _, parcel := range parcels {
		go func() {
			if err := deliver(ctx, parcel); err != nil {
				mu.Lock()
				lost = append(lost, parcel)
				mu.Unlock()
				wg.Done()
				return
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return lost
}

// deliveredOrNot is done in both cases.
func deliveredOrNot(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if deliver(ctx, parcel) == nil {
				record(parcel)
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// everyKind is done with every kind of parcel.
func everyKind(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			switch kind(parcel) {
			case "letter":
				wg.Done()
			case "crate":
				record(parcel)
				wg.Done()
				return
			default:
				record(parcel)
				wg.Done()
			}
		}()
	}
	wg.Wait()
}

// localTaskDeferred defers Done in its closure.
func localTaskDeferred(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	bring := func(parcel string) {
		defer wg.Done()
		for range 2 {
			if deliver(ctx, parcel) != nil {
				return
			}
		}
	}
	for _, parcel := range parcels {
		wg.Add(1)
		go bring(parcel)
	}
	wg.Wait()
}

// exitedDeferred ends the goroutine; what is deferred is done.
func exitedDeferred(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if fragile(parcel) {
				runtime.Goexit()
			}
			record(parcel)
		}()
	}
	wg.Wait()
}

// recoveredDone is done where it recovers.
func recoveredDone(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer func() {
				if r := recover(); r != nil {
					record(parcel)
				}
				wg.Done()
			}()
			if fragile(parcel) {
				panic(errTorn)
			}
		}()
	}
	wg.Wait()
}

// readyOrNot says that it is ready on either path.
func readyOrNot(ctx context.Context, office string) error {
	var ready sync.WaitGroup
	var failed error
	ready.Add(1)
	go func() {
		failed = deliver(ctx, office)
		ready.Done()
		if failed != nil {
			return
		}
		record(office)
	}()
	ready.Wait()
	return failed
}

// sourceCloses closes on every path.
func sourceCloses(parcels []string, carriers int) {
	var wg sync.WaitGroup
	belt := make(chan string)
	for range carriers {
		wg.Go(func() {
			for parcel := range belt {
				record(parcel)
			}
		})
	}
	go func() {
		defer close(belt)
		for _, parcel := range parcels {
			if stamp(parcel) != nil {
				return
			}
			belt <- parcel
		}
	}()
	wg.Wait()
}

// sourceTaskCloses does so in a group.
func sourceTaskCloses(parcels []string, carriers int) error {
	var g errgroup.Group
	belt := make(chan string)
	g.Go(func() error {
		for _, parcel := range parcels {
			if err := stamp(parcel); err != nil {
				close(belt)
				return err
			}
			belt <- parcel
		}
		close(belt)
		return nil
	})
	for range carriers {
		g.Go(func() error {
			for parcel := range belt {
				record(parcel)
			}
			return nil
		})
	}
	return g.Wait()
}

// listedSoFar ranges over a list that ends with the first failure.
func listedSoFar(ctx context.Context, parcels []string) (count int) {
	list := make(chan string, len(parcels))
	go func() {
		defer close(list)
		for _, parcel := range parcels {
			if deliver(ctx, parcel) != nil {
				return
			}
			list <- parcel
		}
	}()
	for range list {
		count++
	}
	return count
}

// said closes the channel whatever came of it.
func said(ctx context.Context, parcel string) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err = deliver(ctx, parcel); err != nil {
			return
		}
		record(parcel)
	}()
	<-done
	return err
}

// startedAnyway starts the others all the same.
func startedAnyway(parcels []string) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, parcel := range parcels {
		wg.Go(func() {
			<-start
			record(parcel)
		})
	}
	wg.Go(func() {
		defer close(start)
		if stamp("first of all") != nil {
			return
		}
		record("first of all")
	})
	wg.Wait()
}

// slotGivenBack gives its slot back on every path.
func slotGivenBack(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 1)
	for _, parcel := range parcels {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if deliver(ctx, parcel) != nil {
				return
			}
			record(parcel)
		})
	}
	wg.Wait()
}

// weightGivenBack does so with a semaphore.
func weightGivenBack(ctx context.Context, parcels []string) error {
	var g errgroup.Group
	carts := semaphore.NewWeighted(1)
	for _, parcel := range parcels {
		g.Go(func() error {
			if err := carts.Acquire(context.Background(), 1); err != nil {
				return err
			}
			defer carts.Release(1)
			return deliver(ctx, parcel)
		})
	}
	return g.Wait()
}

// lockGivenBack gives the lock back before it returns the error.
func lockGivenBack(parcels []string) (count int, err error) {
	var mu sync.Mutex
	var g errgroup.Group
	for _, parcel := range parcels {
		g.Go(func() error {
			mu.Lock()
			if err := stamp(parcel); err != nil {
				mu.Unlock()
				return err
			}
			count++
			mu.Unlock()
			return nil
		})
	}
	err = g.Wait()
	return count, err
}

// readLockGivenBack gives the read lock back.
func readLockGivenBack(parcels []string) (count int) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Go(func() {
			mu.RLock()
			defer mu.RUnlock()
			if fragile(parcel) {
				return
			}
			record(parcel)
		})
	}
	wg.Go(func() {
		walk()
		mu.Lock()
		defer mu.Unlock()
		count++
	})
	wg.Wait()
	return count
}

// bothCounts is done with both.
func bothCounts(ctx context.Context, parcels []string) {
	var begun, ended sync.WaitGroup
	for _, parcel := range parcels {
		begun.Add(1)
		ended.Add(1)
		go func() {
			defer ended.Done()
			begun.Done()
			if deliver(ctx, parcel) != nil {
				return
			}
			record(parcel)
		}()
	}
	begun.Wait()
	ended.Wait()
}

// skippedAndCounted counts the parcel before it goes on with the next.
func skippedAndCounted(ctx context.Context, parcels []string) {
	var left sync.WaitGroup
	belt := make(chan string)
	left.Add(len(parcels))
	go func() {
		for parcel := range belt {
			if deliver(ctx, parcel) != nil {
				left.Done()
				continue
			}
			left.Done()
		}
	}()
	for _, parcel := range parcels {
		belt <- parcel
	}
	close(belt)
	left.Wait()
}
