package lostsend

import (
	"context"
)

// Goroutines that wait for the end of a context which nobody else can end.

// A card is valid until it is handed in.
type card struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// issue has somebody wait for the card to come back.
func issue(ctx context.Context) *card {
	ctx, cancel := context.WithCancel(ctx)
	c := &card{ctx: ctx, cancel: cancel}
	go c.watch()
	return c
}

func (c *card) watch() {
	<-c.ctx.Done() // want `lostsend: c.watch blocks for ever receiving from c.ctx.Done\(\); issueOnly returns without cancelling c.ctx`
	note("card is back")
}

func (c *card) handIn() { c.cancel() }

// issueOnly forgets the card.
func issueOnly() {
	issue(context.Background())
}

// issueAndReturn hands it in.
func issueAndReturn(title string) bool {
	c := issue(context.Background())
	defer c.handIn()
	return onShelf(title)
}

// issueForCaller leaves the end to the caller's context.
func issueForCaller(ctx context.Context) {
	issue(ctx)
}

// A seat is taken by a method, and given back by the goroutine itself when its time is
// over: nobody else ends it.
type seat struct{ leave context.CancelFunc }

func (s *seat) take(ctx context.Context) {
	ctx, s.leave = context.WithCancel(ctx)
	go s.clear(ctx)
}

func (s *seat) clear(ctx context.Context) {
	<-ctx.Done() // want `lostsend: s.clear blocks for ever receiving from ctx.Done\(\); takeSeat returns without cancelling ctx`
	s.leave()
}

// takeSeat goes away.
func takeSeat() {
	s := &seat{}
	s.take(context.Background())
}

// takeSeatFor leaves the seat.
func takeSeatFor(title string) bool {
	s := &seat{}
	s.take(context.Background())
	defer s.leave()
	return onShelf(title)
}
