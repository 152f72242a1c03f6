package stuckwait

import (
	"sync"
	"time"
)

// Objects whose methods hand something to their goroutine with a lock held that it wants.

// A Foghorn is wound up with its lock held, which its keeper takes at each hour.
type Foghorn struct {
	mu   sync.Mutex
	wind chan int
	hour int
}

// NewFoghorn has a keeper.
func NewFoghorn() *Foghorn {
	f := &Foghorn{wind: make(chan int)}
	go f.keep()
	return f
}

func (f *Foghorn) keep() {
	hours := time.NewTicker(time.Hour)
	defer hours.Stop()
	for {
		select {
		case <-f.wind:
		case <-hours.C:
			f.mu.Lock()
			f.hour++
			f.mu.Unlock()
		}
	}
}

// Wind winds it up.
func (f *Foghorn) Wind(turns int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wind <- turns // want `stuckwait: Foghorn.Wind blocks for ever sending on f.wind; f.keep blocks for ever locking f.mu`
}

// A Clapper is rung without the lock.
type Clapper struct {
	mu   sync.Mutex
	ring chan int
	hour int
}

// NewClapper has a keeper.
func NewClapper() *Clapper {
	b := &Clapper{ring: make(chan int)}
	go b.keep()
	return b
}

func (b *Clapper) keep() {
	hours := time.NewTicker(time.Hour)
	defer hours.Stop()
	for {
		select {
		case <-b.ring:
		case <-hours.C:
			b.mu.Lock()
			b.hour++
			b.mu.Unlock()
		}
	}
}

// Ring rings it.
func (b *Clapper) Ring(times int) {
	b.mu.Lock()
	b.hour = 0
	b.mu.Unlock()
	b.ring <- times
}

// A Lamp hands over with a lock that its keeper takes for a moment only after it has been told.
type Lamp struct {
	mu    sync.Mutex
	light chan int
	lit   int
}

// NewLamp has a keeper.
func NewLamp() *Lamp {
	l := &Lamp{light: make(chan int)}
	go l.keep()
	return l
}

func (l *Lamp) keep() {
	for n := range l.light {
		l.mu.Lock()
		l.lit += n
		l.mu.Unlock()
	}
}

// Light hands one over, and the next while the keeper still wants the lock.
func (l *Lamp) Light(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.light <- n // want `stuckwait: Lamp.Light blocks for ever sending on l.light; l.keep blocks for ever locking l.mu`
}

// Close sends the keeper home.
func (l *Lamp) Close() { close(l.light) }

// A Cresset has another lock for what its keeper counts.
type Cresset struct {
	mu, count sync.Mutex
	light     chan int
	lit       int
}

// NewCresset has a keeper.
func NewCresset() *Cresset {
	b := &Cresset{light: make(chan int)}
	go b.keep()
	return b
}

func (b *Cresset) keep() {
	for n := range b.light {
		b.count.Lock()
		b.lit += n
		b.count.Unlock()
	}
}

// Light hands one over.
func (b *Cresset) Light(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.light <- n
}

// Close sends the keeper home.
func (b *Cresset) Close() { close(b.light) }

// A Roomy buoy has room for what is handed over, and asks before.
type Roomy struct {
	mu    sync.Mutex
	light chan int
	lit   int
}

// NewRoomy has a keeper.
func NewRoomy() *Roomy {
	r := &Roomy{light: make(chan int, 1)}
	go r.keep()
	return r
}

func (r *Roomy) keep() {
	for n := range r.light {
		r.mu.Lock()
		r.lit += n
		r.mu.Unlock()
	}
}

// Light hands one over if there is room.
func (r *Roomy) Light(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.light <- n:
	default:
	}
}

// Close sends the keeper home.
func (r *Roomy) Close() { close(r.light) }

var loose sync.Mutex

// tidy takes a lock of its own.
func tidy() {
	loose.Lock()
	defer loose.Unlock()
}

// A Sconce has a function without a receiver lock something else.
type Sconce struct{ light chan int }

// NewSconce has a keeper.
func NewSconce() *Sconce {
	s := &Sconce{light: make(chan int)}
	go s.keep()
	return s
}

func (s *Sconce) keep() {
	for range s.light {
	}
}

// Light hands one over.
func (s *Sconce) Light(n int) {
	tidy()
	s.light <- n
}
