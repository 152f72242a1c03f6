package misseddone

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A depot keeps what its methods take and give back.
type depot struct {
	mu    sync.Mutex
	list  sync.RWMutex
	gates *semaphore.Weighted
	docks chan struct{}
	busy  sync.WaitGroup
	sent  int
}

var errLost = errors.New("lost")

// dispatch returns the failure with the lock held.
// not run: who locks next is elsewhere
func (d *depot) dispatch(ctx context.Context, parcel string) error {
	d.mu.Lock()
	if err := deliver(ctx, parcel); err != nil {
		return fmt.Errorf("%s: %w", parcel, err) // want `misseddone: depot.dispatch returns without d.mu.Unlock; the next one to lock d.mu blocks for ever`
	}
	d.sent++
	d.mu.Unlock()
	return nil
}

// dispatchAgain locks a second time, and then forgets it.
// not run: who locks next is elsewhere
func (d *depot) dispatchAgain(ctx context.Context, parcel string) error {
	d.mu.Lock()
	d.sent++
	d.mu.Unlock()
	err := deliver(ctx, parcel)
	d.mu.Lock()
	if err != nil {
		return err // want `misseddone: depot.dispatchAgain returns without d.mu.Unlock`
	}
	d.sent--
	d.mu.Unlock()
	return nil
}

// strike leaves early, and tells nobody that it holds the lock.
// not run: who locks next is elsewhere
func (d *depot) strike(parcel string) {
	d.mu.Lock()
	if parcel == "" {
		return // want `misseddone: depot.strike returns without d.mu.Unlock`
	}
	if d.sent == 0 {
		return // one mistake with the one above
	}
	d.sent--
	d.mu.Unlock()
}

// look holds a read lock.
// not run: who locks next is elsewhere
func (d *depot) look(parcel string) error {
	d.list.RLock()
	switch parcel {
	case "":
		return errLost // want `misseddone: depot.look returns without d.list.RUnlock; the next one to lock d.list for writing blocks for ever`
	case "letter":
		record(parcel)
	}
	d.list.RUnlock()
	return nil
}

// pass keeps what it has acquired.
// not run: who acquires next is elsewhere
func (d *depot) pass(ctx context.Context, parcel string) error {
	if err := d.gates.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := deliver(ctx, parcel); err != nil {
		return err // want `misseddone: depot.pass returns without d.gates.Release`
	}
	d.gates.Release(1)
	return nil
}

// unload keeps its place at the dock.
// not run: who needs the place is elsewhere
func (d *depot) unload(ctx context.Context, parcel string) error {
	d.docks <- struct{}{}
	if err := deliver(ctx, parcel); err != nil {
		return err // want `misseddone: depot.unload returns without receiving from d.docks`
	}
	<-d.docks
	return nil
}

// count is not counted down.
// not run: who waits is elsewhere
func (d *depot) count(ctx context.Context, parcel string) error {
	d.busy.Add(1)
	if err := deliver(ctx, parcel); err != nil {
		return err // want `misseddone: depot.count returns without d.busy.Done; d.busy.Wait never returns`
	}
	d.busy.Done()
	return nil
}

// reserve leaves with the lock held where it succeeds, as it says.
func (d *depot) reserve(parcel string) error {
	d.mu.Lock()
	if parcel == "" {
		d.mu.Unlock()
		return errLost
	}
	return nil
}

// swap is called with the lock held, and gives it away for a while.
func (d *depot) swap(ctx context.Context, parcel string) error {
	d.mu.Unlock()
	err := deliver(ctx, parcel)
	d.mu.Lock()
	if err != nil {
		return err
	}
	d.sent++
	d.mu.Unlock()
	return nil
}

// dispatchOr has others unlock on the way out.
func (d *depot) dispatchOr(ctx context.Context, parcel string) error {
	d.mu.Lock()
	if parcel == "" {
		return d.giveUp(errLost)
	}
	fail := func(err error) error {
		d.mu.Unlock()
		return err
	}
	if err := deliver(ctx, parcel); err != nil {
		return fail(err)
	}
	d.mu.Unlock()
	return nil
}

func (d *depot) giveUp(err error) error {
	d.mu.Unlock()
	return fmt.Errorf("gave up: %w", err)
}

// dispatchSafely locks only where it has to, by a condition that is asked twice.
func (d *depot) dispatchSafely(parcel string) error {
	if d.alone() {
		d.mu.Lock()
	}
	if parcel == "" {
		return errLost
	}
	if d.alone() {
		d.mu.Unlock()
	}
	return nil
}

func (d *depot) alone() bool { return d.gates == nil }

// countOn hands the count on to whoever takes the parcel.
func (d *depot) countOn(ctx context.Context, parcel string) error {
	d.busy.Add(1)
	if err := deliver(ctx, parcel); err != nil {
		d.busy.Done()
		return err
	}
	return nil
}

// dispatchLive looks at the context with the lock held.
// not run: who locks next is elsewhere
func (d *depot) dispatchLive(ctx context.Context, parcels []string) error {
	d.mu.Lock()
	for _, parcel := range parcels {
		if ctx.Err() != nil {
			return ctx.Err() // want `misseddone: depot.dispatchLive returns without d.mu.Unlock`
		}
		record(parcel)
	}
	d.mu.Unlock()
	return nil
}

// dispatchUntil waits for the end of the context with the lock held.
// not run: who locks next is elsewhere
func (d *depot) dispatchUntil(ctx context.Context, parcels <-chan string) error {
	d.mu.Lock()
	for range 4 {
		select {
		case <-ctx.Done():
			return ctx.Err() // want `misseddone: depot.dispatchUntil returns without d.mu.Unlock`
		case parcel := <-parcels:
			record(parcel)
		}
	}
	d.mu.Unlock()
	return nil
}

// claim leaves with the lock, unless its context has ended.
func (d *depot) claim(ctx context.Context, parcel string) error {
	d.mu.Lock()
	if fragile(parcel) {
		return ctx.Err()
	}
	d.mu.Unlock()
	return errLost
}
