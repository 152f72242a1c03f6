package wgcount

import "sync"

// A Belt counts the parcels that it carries twice down.
type Belt struct {
	moving sync.WaitGroup
	room   chan struct{}
}

// NewBelt has room for some at a time.
func NewBelt(room int) *Belt { return &Belt{room: make(chan struct{}, room)} }

// Carry starts a parcel.
//
// not run: it panics after a while, as a belt that nobody made has no room.
func (b *Belt) Carry(parcel func()) {
	b.moving.Go(func() {
		b.room <- struct{}{}
		defer func() {
			<-b.room
			b.moving.Done() // want `wgcount: b.moving.Done is called in a task that b.moving.Go counts, and b.moving.Go calls it too`
		}()
		parcel()
	})
}

// Stop waits for all of them.
func (b *Belt) Stop() { b.moving.Wait() }

// A Chute counts each down once, whoever started it.
type Chute struct{ moving sync.WaitGroup }

// NewChute makes one.
func NewChute() *Chute { return new(Chute) }

// Drop starts a parcel.
func (c *Chute) Drop(parcel func()) { c.moving.Go(parcel) }

// Slide starts one that counts itself.
func (c *Chute) Slide(parcel func()) {
	c.moving.Add(1)
	go func() {
		defer c.moving.Done()
		parcel()
	}()
}

// Stop waits for all of them.
func (c *Chute) Stop() { c.moving.Wait() }
