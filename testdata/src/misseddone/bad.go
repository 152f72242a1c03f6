package misseddone

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// afterDelivery returns the failure before it counts the task as done.
func afterDelivery(ctx context.Context, parcels []string) (lost []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(len(parcels))
	for _, parcel := range parcels {
		go func() {
			if err := deliver(ctx, parcel); err != nil {
				mu.Lock()
				lost = append(lost, parcel)
				mu.Unlock()
				return // want `misseddone: .* wg\.Done`
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return lost
}

// onlyIfDelivered is done only where all went well.
func onlyIfDelivered(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if deliver(ctx, parcel) == nil {
				wg.Done()
			}
		}() // want `misseddone: .* wg\.Done`
	}
	wg.Wait()
}

// oneKind forgets one kind of parcel.
func oneKind(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			switch kind(parcel) {
			case "letter":
				wg.Done()
			case "crate":
				record(parcel)
				return // want `misseddone: .* wg\.Done`
			default:
				record(parcel)
				wg.Done()
			}
		}()
	}
	wg.Wait()
}

// localTask is a closure with a name, started for each parcel.
func localTask(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	bring := func(parcel string) {
		for range 2 {
			if deliver(ctx, parcel) != nil {
				return // want `misseddone: .* wg\.Done`
			}
		}
		wg.Done()
	}
	for _, parcel := range parcels {
		wg.Add(1)
		go bring(parcel)
	}
	wg.Wait()
}

// exited ends the goroutine itself.
func exited(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if fragile(parcel) {
				runtime.Goexit() // want `misseddone: .* wg\.Done`
			}
			record(parcel)
			wg.Done()
		}()
	}
	wg.Wait()
}

// recovered panics, recovers and never comes to Done.
func recovered(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer func() {
				if r := recover(); r != nil {
					record(parcel)
				}
			}()
			if fragile(parcel) {
				panic(errTorn) // want `misseddone: .* wg\.Done`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// notReady leaves before it has said that it is ready.
func notReady(ctx context.Context, office string) error {
	var ready sync.WaitGroup
	var failed error
	ready.Add(1)
	go func() {
		if failed = deliver(ctx, office); failed != nil {
			return // want `misseddone: .* ready\.Done`
		}
		ready.Done()
		record(office)
	}()
	ready.Wait()
	return failed
}

// sourceFails returns before close, and the carriers range on.
func sourceFails(parcels []string, carriers int) {
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
		for _, parcel := range parcels {
			if stamp(parcel) != nil {
				return // want `misseddone: .* clos(e|ing) belt`
			}
			belt <- parcel
		}
		close(belt)
	}()
	wg.Wait()
}

// sourceTaskFails does so in a group.
func sourceTaskFails(parcels []string, carriers int) error {
	var g errgroup.Group
	belt := make(chan string)
	g.Go(func() error {
		for _, parcel := range parcels {
			if err := stamp(parcel); err != nil {
				return err // want `misseddone: .* clos(e|ing) belt`
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

// listed ranges over a list that is closed only where all went well.
func listed(ctx context.Context, parcels []string) (count int) {
	list := make(chan string, len(parcels))
	go func() {
		for _, parcel := range parcels {
			if deliver(ctx, parcel) != nil {
				return // want `misseddone: .* clos(e|ing) list`
			}
			list <- parcel
		}
		close(list)
	}()
	for range list {
		count++
	}
	return count
}

// unsaid waits for a channel that a failure leaves open.
func unsaid(ctx context.Context, parcel string) (err error) {
	done := make(chan struct{})
	go func() {
		if err = deliver(ctx, parcel); err != nil {
			return // want `misseddone: .* clos(e|ing) done`
		}
		record(parcel)
		close(done)
	}()
	<-done
	return err
}

// notStarted leaves the others at the start.
func notStarted(parcels []string) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, parcel := range parcels {
		wg.Go(func() {
			<-start
			record(parcel)
		})
	}
	wg.Go(func() {
		if stamp("first of all") != nil {
			return // want `misseddone: .* clos(e|ing) start`
		}
		close(start)
	})
	wg.Wait()
}

// slotKept keeps its slot after a failure.
func slotKept(ctx context.Context, parcels []string) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 1)
	for _, parcel := range parcels {
		wg.Go(func() {
			slots <- struct{}{}
			if deliver(ctx, parcel) != nil {
				return // want `misseddone: .*slots`
			}
			<-slots
		})
	}
	wg.Wait()
}

// weightKept does so with a semaphore.
func weightKept(ctx context.Context, parcels []string) error {
	var g errgroup.Group
	carts := semaphore.NewWeighted(1)
	for _, parcel := range parcels {
		g.Go(func() error {
			if err := carts.Acquire(context.Background(), 1); err != nil {
				return err
			}
			if err := deliver(ctx, parcel); err != nil {
				return err // want `misseddone: .*carts\.Release`
			}
			carts.Release(1)
			return nil
		})
	}
	return g.Wait()
}

// lockKept keeps the lock after a failure, and the others want it.
func lockKept(parcels []string) (count int, err error) {
	var mu sync.Mutex
	var g errgroup.Group
	for _, parcel := range parcels {
		g.Go(func() error {
			mu.Lock()
			if err := stamp(parcel); err != nil {
				return err // want `misseddone: .*mu\.Unlock`
			}
			count++
			mu.Unlock()
			return nil
		})
	}
	err = g.Wait()
	return count, err
}

// readLockKept keeps a read lock, and a writer wants it.
func readLockKept(parcels []string) (count int) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Go(func() {
			mu.RLock()
			if fragile(parcel) {
				return // want `misseddone: .*mu\.RUnlock`
			}
			record(parcel)
			mu.RUnlock()
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

// twoCounts is done with the one and not with the other.
func twoCounts(ctx context.Context, parcels []string) {
	var begun, ended sync.WaitGroup
	for _, parcel := range parcels {
		begun.Add(1)
		ended.Add(1)
		go func() {
			begun.Done()
			if deliver(ctx, parcel) != nil {
				return // want `misseddone: .* ended\.Done`
			}
			ended.Done()
		}()
	}
	begun.Wait()
	ended.Wait()
}

// skipped goes on with the next parcel, and this one is never counted.
func skipped(ctx context.Context, parcels []string) {
	var left sync.WaitGroup
	belt := make(chan string)
	left.Add(len(parcels))
	go func() {
		for parcel := range belt {
			if deliver(ctx, parcel) != nil {
				continue
			}
			left.Done()
		}
	}() // want `misseddone: .* left\.Done`
	for _, parcel := range parcels {
		belt <- parcel
	}
	close(belt)
	left.Wait()
}

// inHelper leaves the count to a function that returns before it.
func inHelper(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			deliverAndCount(parcel, &wg)
			record(parcel)
		}()
	}
	wg.Wait()
}

// deliverAndCount counts only what was delivered.
//
// not run: it counts for its caller.
func deliverAndCount(parcel string, wg *sync.WaitGroup) {
	if err := stamp(parcel); err != nil {
		return // want `misseddone: deliverAndCount returns without wg\.Done; wg\.Wait never returns`
	}
	wg.Done()
}

// nextRound goes on with the next parcel when one is fragile, and every parcel counts.
func nextRound(parcels []string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		for _, parcel := range parcels {
			if fragile(parcel) {
				continue
			}
			wg.Done()
			return
		}
	}() // want `misseddone: the task returns without wg\.Done`
	wg.Wait()
}

// firstOpens has the first parcel's task open the counter for the others.
func firstOpens(ctx context.Context, parcels []string) {
	open := make(chan struct{})
	var wg sync.WaitGroup
	for i, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i > 0 {
				<-open
			}
			if deliver(ctx, parcel) != nil {
				return // want `misseddone: .* without closing open`
			}
			if i == 0 {
				close(open)
			}
		}()
	}
	wg.Wait()
}

// ifRoom leaves in a default case.
func ifRoom(parcels []string) {
	var wg sync.WaitGroup
	belt := make(chan string, 1)
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			select {
			case belt <- parcel:
			default:
				return // want `misseddone: .* wg\.Done`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// jumpsOver goes past Done.
func jumpsOver(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if fragile(parcel) {
				goto out
			}
			wg.Done()
		out:
			record(parcel)
		}() // want `misseddone: .* wg\.Done`
	}
	wg.Wait()
}

// ledger is locked by its own name.
type ledger struct {
	sync.Mutex
	lines map[string]int
}

// strike is for a ledger that may have no such line.
//
// not run: the one who locks it next hangs, and there is none.
func (l *ledger) strike(parcel string) error {
	l.Lock()
	if l.lines[parcel] == 0 {
		return errors.New("no such parcel") // want `misseddone: ledger\.strike returns without l\.Unlock; the next one to lock l blocks for ever`
	}
	delete(l.lines, parcel)
	l.Unlock()
	return nil
}

// someAtATime hands out so many parcels in each round.
func someAtATime(ctx context.Context, parcels int) {
	var wg sync.WaitGroup
	first := 0
	for first < parcels {
		first += 2
		wg.Add(1)
		go func() {
			if deliver(ctx, "parcel") != nil {
				return // want `misseddone: .* wg\.Done`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// countsFirst asks for the index too, and that has nothing to do with what it owes.
func countsFirst(ctx context.Context) {
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			if i == 0 {
				record("first")
			}
			if deliver(ctx, "parcel") != nil {
				return // want `the task returns without wg.Done; wg.Wait never returns`
			}
			wg.Done()
		}()
	}
	wg.Wait()
}
