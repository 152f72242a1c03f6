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
