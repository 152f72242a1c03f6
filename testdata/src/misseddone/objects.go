package misseddone

import (
	"sync"
	"sync/atomic"
)

// The lives of objects: what their constructors and methods do together. Clients are
// not seen; any of them would call these in this order.

// hand gives a parcel to its reader; who sets it is not seen.
var hand func(parcel string) error

// A Van is unloaded when its driver is back.
type Van struct {
	out    sync.WaitGroup
	parked atomic.Bool
}

// NewVan sends a van out.
func NewVan(parcel string) *Van {
	v := &Van{}
	v.out.Add(1)
	go v.drive(parcel)
	return v
}

func (v *Van) drive(parcel string) {
	if err := hand(parcel); err != nil {
		return // want `misseddone: v.drive returns without v.out.Done; v.out.Wait never returns`
	}
	record(parcel)
	v.out.Done()
}

// Close waits for the driver.
func (v *Van) Close() {
	if !v.parked.CompareAndSwap(false, true) {
		return
	}
	v.out.Wait()
}

// A Cart is a Van whose driver always reports back.
type Cart struct {
	out    sync.WaitGroup
	parked atomic.Bool
}

// NewCart sends a cart out.
func NewCart(parcel string) *Cart {
	c := &Cart{}
	c.out.Add(1)
	go c.drive(parcel)
	return c
}

func (c *Cart) drive(parcel string) {
	defer c.out.Done()
	if err := hand(parcel); err != nil {
		return
	}
	record(parcel)
}

// Close waits for the driver.
func (c *Cart) Close() {
	if !c.parked.CompareAndSwap(false, true) {
		return
	}
	c.out.Wait()
}

// A Lift runs until it is stopped, in a goroutine of whoever has it.
type Lift struct {
	halt chan struct{}
	down chan struct{}
	load func() (string, error)
}

// NewLift makes one that stands.
func NewLift(load func() (string, error)) *Lift {
	return &Lift{halt: make(chan struct{}), down: make(chan struct{}), load: load}
}

// Run carries parcels until Stop is called.
//
// not run: who calls both is elsewhere
func (l *Lift) Run(first string) error {
	if err := hand(first); err != nil {
		return err // want `misseddone: Lift.Run returns without closing l.down; Lift.Stop blocks for ever receiving from l.down`
	}
	defer close(l.down)
	for {
		select {
		case <-l.halt:
			return nil
		default:
			record(first)
		}
	}
}

// Stop waits until it is down.
//
// not run: who calls both is elsewhere
func (l *Lift) Stop() {
	close(l.halt)
	<-l.down
}

// A Hoist is a Lift that says on every way that it is down.
type Hoist struct {
	halt chan struct{}
	down chan struct{}
	load chan string
}

// NewHoist makes one that stands.
func NewHoist() *Hoist {
	return &Hoist{halt: make(chan struct{}), down: make(chan struct{}), load: make(chan string)}
}

// Run carries parcels until Stop is called.
func (h *Hoist) Run(first string) error {
	defer close(h.down)
	if err := hand(first); err != nil {
		return err
	}
	for {
		select {
		case <-h.halt:
			return nil
		case parcel := <-h.load:
			record(parcel)
		}
	}
}

// Put gives it a parcel, as long as it runs.
func (h *Hoist) Put(parcel string) {
	select {
	case h.load <- parcel:
	case <-h.down:
	}
}

// Stop waits until it is down.
//
// not run: who calls both is elsewhere
func (h *Hoist) Stop() {
	close(h.halt)
	<-h.down
}
