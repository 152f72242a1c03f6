package lostsend

import (
	"context"
	"time"
)

// Objects that are made in one function and filled in others.

// A drawer is filled by a method.
type drawer struct {
	done chan error
}

func (d *drawer) open() { d.done = make(chan error) }

func (d *drawer) openWide() { d.done = make(chan error, 1) }

// file puts a card into the drawer.
func (d *drawer) file(ctx context.Context, title string) {
	d.done <- renew(ctx, title) // want `lostsend: x.file blocks for ever sending on d.done; fileCard returns without receiving from it`
}

// fileWide is file for a drawer with room.
func (d *drawer) fileWide(ctx context.Context, title string) {
	d.done <- renew(ctx, title)
}

// fileCard leaves when time is up.
func fileCard(ctx context.Context, title string, d time.Duration) error {
	x := &drawer{}
	x.open()
	go x.file(ctx, title)
	select {
	case err := <-x.done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// fileCardWide has room for the answer.
func fileCardWide(ctx context.Context, title string, d time.Duration) error {
	x := &drawer{}
	x.openWide()
	go x.fileWide(ctx, title)
	select {
	case err := <-x.done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// fileCardAnew opens the drawer a second time, so which channel is sent on is not known.
func fileCardAnew(ctx context.Context, title string, d time.Duration) error {
	x := &drawer{}
	x.openWide()
	if dice(2) == 1 {
		x.openWide()
	}
	go x.fileWide(ctx, title)
	select {
	case err := <-x.done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// A box is embedded in a crate, which is filled by a promoted method.
type box struct{ found chan bool }

func (b *box) fill()     { b.found = make(chan bool) }
func (b *box) fillWell() { b.found = make(chan bool, 1) }

type crate struct {
	box
	label string
}

func (c *crate) search() {
	c.found <- onShelf(c.label) // want `lostsend: c.search blocks for ever sending on`
}

func (c *crate) searchWell() { c.found <- onShelf(c.label) }

// searchCrate does not wait for the search.
func searchCrate(title string) {
	c := &crate{label: title}
	c.fill()
	go c.search()
}

// searchCrateWell has room for the answer.
func searchCrateWell(title string) {
	c := &crate{label: title}
	c.fillWell()
	go c.searchWell()
}

// A bell is a part of the hall, which a method furnishes.
type bell struct{ rung chan struct{} }

func newBell() *bell { return &bell{rung: make(chan struct{})} }

// Rung is closed when the bell rings; there need not be a bell.
func (b *bell) Rung() <-chan struct{} {
	if b == nil {
		return nil
	}
	return b.rung
}

type hall struct {
	bell  *bell
	tower *tower
}

type tower struct{ bell *bell }

func (h *hall) furnish(b *bell) {
	if h.tower == nil {
		h.tower = &tower{}
	}
	h.tower.bell = b
	h.bell = b
}

func (h *hall) Bell() *bell { return h.bell }

// waitInHall waits for a bell that nobody rings.
func waitInHall() {
	h := hall{}
	h.furnish(newBell())
	go func() {
		<-h.Bell().Rung() // want `lostsend: the task blocks for ever receiving from h.Bell\(\).Rung\(\); waitInHall returns without sending on it or closing it`
	}()
}

// waitInTower waits for the same bell at another place.
func waitInTower() {
	h := hall{}
	h.furnish(newBell())
	go func() {
		<-h.tower.bell.Rung() // want `lostsend: the task blocks for ever receiving from h.tower.bell.Rung\(\); waitInTower returns without sending on it or closing it`
	}()
}

// ringInTower rings it where the other does not look.
func ringInTower() {
	h := hall{}
	h.furnish(newBell())
	go func() {
		<-h.Bell().Rung()
	}()
	close(h.tower.bell.rung)
}

// A Lift has two cars that are started, and their channels made, by a method.
type Lift struct {
	down chan struct{}
	up   chan string
}

// NewLift makes a lift.
func NewLift() *Lift { return &Lift{} }

// Start sends the cars off.
func (l *Lift) Start(title string) {
	l.down = make(chan struct{})
	l.up = make(chan string)
	go func() {
		for {
			select {
			case <-l.down:
				return
			case s := <-l.up:
				note(s)
			}
		}
	}()
	go func() {
		for lend(title) == nil {
			l.up <- title // want `lostsend: the task blocks for ever sending on l.up; Lift.Stop returns without receiving from it`
		}
	}()
}

// Stop ends them.
func (l *Lift) Stop() { close(l.down) }

// A Hoist is a Lift of which both cars watch down.
type Hoist struct {
	down chan struct{}
	up   chan string
}

// NewHoist makes a hoist.
func NewHoist() *Hoist { return &Hoist{} }

// Start sends the cars off.
func (h *Hoist) Start(title string) {
	h.down = make(chan struct{})
	h.up = make(chan string)
	go func() {
		for {
			select {
			case <-h.down:
				return
			case s := <-h.up:
				note(s)
			}
		}
	}()
	go func() {
		for lend(title) == nil {
			select {
			case h.up <- title:
			case <-h.down:
				return
			}
		}
	}()
}

// Stop ends them.
func (h *Hoist) Stop() { close(h.down) }
