package misseddone

import (
	"context"
	"sync"
	"sync/atomic"
)

// Counts that are only waited for where something says that all went well.

// A van is on the road once it was loaded.
type van struct {
	wg      sync.WaitGroup
	rolling bool
}

// load counts what nobody waits for if it fails.
func (v *van) load(ctx context.Context, parcel string) error {
	v.wg.Add(1)
	if err := stamp(parcel); err != nil {
		return err
	}
	v.rolling = true
	go func() {
		defer v.wg.Done()
		deliver(ctx, parcel)
	}()
	return nil
}

// home waits for a van that is on the road.
func (v *van) home() {
	if !v.rolling {
		return
	}
	v.wg.Wait()
}

// A bike tells by an atomic flag.
type bike struct {
	riders sync.WaitGroup
	out    atomic.Bool
}

func (b *bike) load(ctx context.Context, parcel string) error {
	b.riders.Add(1)
	if err := stamp(parcel); err != nil {
		return err
	}
	b.out.Store(true)
	go func() {
		defer b.riders.Done()
		deliver(ctx, parcel)
	}()
	return nil
}

func (b *bike) home() {
	if b.out.Load() {
		b.riders.Wait()
	}
}

// A cart says that it is out before it is counted.
type cart struct {
	pullers sync.WaitGroup
	out     bool
}

func (c *cart) load(ctx context.Context, parcel string) error {
	c.out = true
	c.pullers.Add(1)
	if err := stamp(parcel); err != nil {
		return err // want `misseddone: cart.load returns without c.pullers.Done; c.pullers.Wait never returns`
	}
	go func() {
		defer c.pullers.Done()
		deliver(ctx, parcel)
	}()
	return nil
}

func (c *cart) home() {
	if c.out {
		c.pullers.Wait()
	}
}

// A tram is waited for in any case by one of two.
type tram struct {
	drivers sync.WaitGroup
	moving  bool
}

func (t *tram) load(ctx context.Context, parcel string) error {
	t.drivers.Add(1)
	if err := stamp(parcel); err != nil {
		return err // want `misseddone: tram.load returns without t.drivers.Done; t.drivers.Wait never returns`
	}
	t.moving = true
	go func() {
		defer t.drivers.Done()
		deliver(ctx, parcel)
	}()
	return nil
}

func (t *tram) home() {
	if t.moving {
		t.drivers.Wait()
	}
}

func (t *tram) close() { t.drivers.Wait() }
