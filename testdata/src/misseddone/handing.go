package misseddone

import (
	"context"
	"errors"
	"fmt"
)

// What a method of a depot takes is given back by a goroutine that it starts, unless it
// fails before.

// admit counts a carrier that it may never start.
// not run: who waits is elsewhere
func (d *depot) admit(ctx context.Context, carry func()) error {
	d.busy.Add(1)
	if err := d.gates.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("no gate: %w", err) // want `misseddone: depot.admit returns without d.busy.Done; d.busy.Wait never returns`
	}
	go func() {
		defer d.gates.Release(1)
		defer d.busy.Done()
		carry()
	}()
	return nil
}

// admitOne starts a method, which counts down.
// not run: who waits is elsewhere
func (d *depot) admitOne(ctx context.Context, parcel string) error {
	d.busy.Add(1)
	if err := deliver(ctx, parcel); err != nil {
		return err // want `misseddone: depot.admitOne returns without d.busy.Done; d.busy.Wait never returns`
	}
	go d.carryOne(parcel)
	return nil
}

func (d *depot) carryOne(parcel string) {
	defer d.busy.Done()
	record(parcel)
}

// admitAt takes a place that only the carrier leaves.
// not run: who needs the place is elsewhere
func (d *depot) admitAt(ctx context.Context, parcel string) (err error) {
	d.docks <- struct{}{}
	if parcel == "" {
		err = errors.New("empty")
		return // want `misseddone: depot.admitAt returns without receiving from d.docks; the place that it has taken in d.docks is never free again`
	}
	go func() {
		defer func() { <-d.docks }()
		record(parcel)
	}()
	return nil
}

// admitOr counts down where it does not start the carrier.
func (d *depot) admitOr(ctx context.Context, carry func()) error {
	d.busy.Add(1)
	if err := d.gates.Acquire(ctx, 1); err != nil {
		d.busy.Done()
		return fmt.Errorf("no gate: %w", err)
	}
	go func() {
		defer d.gates.Release(1)
		defer d.busy.Done()
		carry()
	}()
	return nil
}

// admitWith counts down in its own defer where it fails.
func (d *depot) admitWith(ctx context.Context, parcel string) (err error) {
	d.busy.Add(1)
	defer func() {
		if err != nil {
			d.busy.Done()
		}
	}()
	if err := deliver(ctx, parcel); err != nil {
		return err
	}
	go d.carryOne(parcel)
	return nil
}

// admitFirst fails only when the carrier is on its way.
func (d *depot) admitFirst(ctx context.Context, parcel string) error {
	d.busy.Add(1)
	go d.carryOne(parcel)
	if err := deliver(ctx, parcel); err != nil {
		return err
	}
	return nil
}

// admitLater has a literal that others call count down.
func (d *depot) admitLater(ctx context.Context, parcel string, onEnd func(func())) error {
	d.busy.Add(1)
	onEnd(func() { d.busy.Done() })
	if err := deliver(ctx, parcel); err != nil {
		return err
	}
	go record(parcel)
	return nil
}

// admitAny counts for a carrier that is on its way already.
func (d *depot) admitAny(ctx context.Context, parcel string, more <-chan string) error {
	go func() {
		for range more {
			d.busy.Done()
		}
	}()
	d.busy.Add(1)
	if err := deliver(ctx, parcel); err != nil {
		return err
	}
	go d.carryOne(parcel)
	return nil
}

// In select, default and named results.

// offer takes no parcel.
// not run: who locks next is elsewhere
func (d *depot) offer(parcels chan string) error {
	d.mu.Lock()
	select {
	case parcel := <-parcels:
		record(parcel)
	default:
		return errLost // want `misseddone: depot.offer returns without d.mu.Unlock`
	}
	d.mu.Unlock()
	return nil
}

// offerUntil leaves when it is told to.
// not run: who locks next is elsewhere
func (d *depot) offerUntil(parcels chan string, quit chan struct{}) error {
	d.mu.Lock()
	select {
	case parcel := <-parcels:
		record(parcel)
	case <-quit:
		return errLost // want `misseddone: depot.offerUntil returns without d.mu.Unlock`
	}
	d.mu.Unlock()
	return nil
}

// weighed sets its results, and then forgets the lock.
// not run: who locks next is elsewhere
func (d *depot) weighed(parcel string) (ok bool, err error) {
	d.mu.Lock()
	if parcel == "" {
		err = fmt.Errorf("parcel %q", parcel)
		return // want `misseddone: depot.weighed returns without d.mu.Unlock`
	}
	d.mu.Unlock()
	return true, nil
}

// weighedKept leaves with the lock where it succeeds.
func (d *depot) weighedKept(parcel string) (ok bool, err error) {
	d.mu.Lock()
	if parcel == "" {
		err = nil
		return
	}
	d.mu.Unlock()
	return true, errLost
}
