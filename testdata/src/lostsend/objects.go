package lostsend

import (
	"context"
	"sync"
	"time"
)

// The lives of objects: what their constructors and methods do together. Clients are
// not seen; any of them would call these in this order.

// lend gives a book away; who sets it is not seen.
var lend func(title string) error

// A Desk has two clerks, of whom one leaves when the desk is closed.
type Desk struct {
	shut  chan struct{}
	slips chan string
}

// NewDesk makes a desk.
func NewDesk() *Desk { return &Desk{shut: make(chan struct{}), slips: make(chan string)} }

// Open seats the clerks.
func (d *Desk) Open(title string) {
	go func() {
		for {
			select {
			case <-d.shut:
				return
			case s := <-d.slips:
				note(s)
			}
		}
	}()
	go func() {
		for lend(title) == nil {
			d.slips <- title // want `lostsend: the task blocks for ever sending on d.slips; Desk.Close returns without receiving from it`
		}
	}()
}

// Close sends them home.
func (d *Desk) Close() { close(d.shut) }

// A Counter is a Desk of which both clerks watch shut.
type Counter struct {
	shut  chan struct{}
	slips chan string
}

// NewCounter makes a counter.
func NewCounter() *Counter { return &Counter{shut: make(chan struct{}), slips: make(chan string)} }

// Open seats the clerks.
func (c *Counter) Open(title string) {
	go func() {
		for {
			select {
			case <-c.shut:
				return
			case s := <-c.slips:
				note(s)
			}
		}
	}()
	go func() {
		for lend(title) == nil {
			select {
			case c.slips <- title:
			case <-c.shut:
				return
			}
		}
	}()
}

// Close sends them home.
func (c *Counter) Close() { close(c.shut) }

// A Lamp's reader waits for an end that nobody brings.
type Lamp struct{ out chan struct{} }

// NewLamp lights a lamp.
func NewLamp(title string) *Lamp {
	l := &Lamp{out: make(chan struct{})}
	go func() {
		note(title)
		<-l.out // want `lostsend: the task blocks for ever receiving from l.out; NewLamp returns without sending on it or closing it`
	}()
	return l
}

// A Candle goes out by itself: a method of it is given to a timer.
type Candle struct {
	out  chan struct{}
	once sync.Once
}

// NewCandle lights a candle.
func NewCandle(title string) *Candle {
	c := &Candle{out: make(chan struct{})}
	time.AfterFunc(time.Second, c.blow)
	go func() {
		note(title)
		<-c.out
	}()
	return c
}

func (c *Candle) blow() { c.once.Do(func() { close(c.out) }) }

// A Torch is put out by whoever carries it.
type Torch struct{ out chan struct{} }

// NewTorch lights a torch and tells the carrier how to put it out.
func NewTorch(title string, carry func(func())) *Torch {
	t := &Torch{out: make(chan struct{})}
	carry(func() { close(t.out) })
	go func() {
		note(title)
		<-t.out
	}()
	return t
}

// A List is read by its clients, one title after the other.
type List struct {
	titles chan string
	shut   chan struct{}
}

// NewList begins a list.
func NewList(titles []string) *List {
	l := &List{titles: make(chan string), shut: make(chan struct{})}
	go func() {
		for _, t := range titles {
			l.titles <- t
		}
	}()
	return l
}

// Next is the next title.
func (l *List) Next() string { return <-l.titles }

// Close ends the list.
func (l *List) Close() { close(l.shut) }

// A Feed gives the channel away.
type Feed struct {
	titles chan string
	shut   chan struct{}
}

// NewFeed begins a feed.
func NewFeed(titles []string) *Feed {
	f := &Feed{titles: make(chan string), shut: make(chan struct{})}
	go func() {
		for _, t := range titles {
			f.titles <- t
		}
	}()
	return f
}

// Titles are what is in it.
func (f *Feed) Titles() <-chan string { return f.titles }

// Close ends the feed.
func (f *Feed) Close() { close(f.shut) }

// Rules say how a Room is used.
type Rules struct{ quiet bool }

// A Room has a keeper only where the rules ask for one, and Close knows that.
type Room struct {
	rules Rules
	shut  chan struct{}
}

// NewRoom opens a room.
func NewRoom(r Rules) *Room {
	m := &Room{rules: r, shut: make(chan struct{})}
	if r.quiet {
		go func() { <-m.shut }()
	}
	return m
}

// Close sends the keeper home.
func (m *Room) Close() {
	if m.rules.quiet {
		close(m.shut)
	}
}

// A shelf is a part of a Wall, which closes it by a name of its own.
type shelf struct{ shut chan struct{} }

func newShelf() *shelf {
	s := &shelf{shut: make(chan struct{})}
	go func() { <-s.shut }()
	return s
}

// A Wall has one shelf.
type Wall struct{ *shelf }

// NewWall makes a wall.
func NewWall() *Wall { return &Wall{newShelf()} }

// Clear takes the shelf away.
func (w *Wall) Clear() { close(w.shut) }

// A reader reads.
type reader interface{ read() }

type student struct{ pages chan int }

func (s *student) read() { s.pages <- 1 } // want `lostsend: r.read blocks for ever sending on s.pages; hasty returns without receiving from it`

// hasty leaves before the student, whom it knows as a reader only, has told the page.
func hasty() {
	s := &student{pages: make(chan int)}
	var r reader = s
	go r.read()
}

// A Kiosk's Close ends one of its two clerks.
type Kiosk struct{ shut context.CancelFunc }

// Open seats the clerks.
func (k *Kiosk) Open(title string) {
	ctx, shut := context.WithCancel(context.Background())
	k.shut = shut
	slips := make(chan string)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case s := <-slips:
				note(s)
			}
		}
	}()
	go func() {
		for lend(title) == nil {
			slips <- title // want `lostsend: the task blocks for ever sending on slips; Kiosk.Close returns without receiving from it`
		}
	}()
}

// Close sends them home.
func (k *Kiosk) Close() { k.shut() }
