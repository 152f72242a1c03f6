package stuckwait

import (
	"sync"
	"sync/atomic"
	"time"
)

// The lives of objects: what their constructors and methods do together. Clients are
// not seen; any of them would call these in this order.

// call calls a ship; who sets it is not seen.
var call func(ship string) error

// A Tower tells the ships' positions; its Close holds the lock that the watch wants.
type Tower struct {
	mu     sync.Mutex
	watch  sync.WaitGroup
	off    chan struct{}
	closed bool
	seen   int
}

// NewTower mans a tower.
func NewTower(every time.Duration) *Tower {
	t := &Tower{off: make(chan struct{})}
	t.watch.Add(1)
	go func() {
		defer t.watch.Done()
		t.look(every)
	}()
	return t
}

func (t *Tower) look(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			t.mu.Lock()
			t.seen++
			t.mu.Unlock()
		case <-t.off:
			return
		}
	}
}

// Close sends the watch home.
func (t *Tower) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.closed = true
	close(t.off)
	t.watch.Wait() // want `stuckwait: t.watch.Wait never returns; Tower.look blocks for ever locking t.mu`
}

// A Beacon is a Tower whose Close gives the lock back before it waits.
type Beacon struct {
	mu     sync.Mutex
	watch  sync.WaitGroup
	off    chan struct{}
	closed bool
	seen   int
}

// NewBeacon lights a beacon.
func NewBeacon(every time.Duration) *Beacon {
	b := &Beacon{off: make(chan struct{})}
	b.watch.Add(1)
	go func() {
		defer b.watch.Done()
		b.look(every)
	}()
	return b
}

func (b *Beacon) look(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.mu.Lock()
			b.seen++
			b.mu.Unlock()
		case <-b.off:
			return
		}
	}
}

// Close puts the light out.
func (b *Beacon) Close() {
	b.mu.Lock()
	closed := b.closed
	b.closed = true
	b.mu.Unlock()
	if closed {
		return
	}
	close(b.off)
	b.watch.Wait()
}

// A Belt moves cargo from one end to the other; one end leaves when it is told to, the
// other then has nobody to give to.
type Belt struct {
	halt  chan struct{}
	crate chan int
	ends  sync.WaitGroup
}

// NewBelt starts a belt.
func NewBelt() *Belt {
	b := &Belt{halt: make(chan struct{}), crate: make(chan int)}
	b.ends.Add(2)
	go b.load()
	go b.fetch()
	return b
}

func (b *Belt) load() {
	defer b.ends.Done()
	for i := 0; ; i++ {
		select {
		case <-b.halt:
			return
		default:
		}
		b.crate <- i
	}
}

func (b *Belt) fetch() {
	defer b.ends.Done()
	for {
		select {
		case <-b.crate:
		case <-b.halt:
			return
		}
	}
}

// Close stops the belt.
func (b *Belt) Close() {
	close(b.halt)
	b.ends.Wait() // want `stuckwait: b.ends.Wait never returns; b.load blocks for ever sending on b.crate`
}

// A Slide is a Belt whose two ends watch halt wherever they wait.
type Slide struct {
	halt  chan struct{}
	crate chan int
	ends  sync.WaitGroup
}

// NewSlide starts a slide.
func NewSlide() *Slide {
	s := &Slide{halt: make(chan struct{}), crate: make(chan int)}
	s.ends.Add(2)
	go s.load()
	go s.fetch()
	return s
}

func (s *Slide) load() {
	defer s.ends.Done()
	for i := 0; ; i++ {
		select {
		case <-s.halt:
			return
		case s.crate <- i:
		}
	}
}

func (s *Slide) fetch() {
	defer s.ends.Done()
	for {
		select {
		case <-s.crate:
		case <-s.halt:
			return
		}
	}
}

// Close stops the slide.
func (s *Slide) Close() {
	close(s.halt)
	s.ends.Wait()
}

// A Tug has no constructor; the crew that Leave waits for leaves by itself.
type Tug struct{ crew sync.WaitGroup }

// Man takes the crew on.
func (t *Tug) Man(ship string) {
	t.crew.Add(1)
	go func() {
		defer t.crew.Done()
		if err := call(ship); err != nil {
			t.Leave() // want `stuckwait: t.crew.Wait never returns; it is called in a task that t.crew waits for`
		}
	}()
}

// Leave waits for the crew.
func (t *Tug) Leave() {
	t.crew.Wait()
}

// A Ferry's crew only says that it wants to go.
type Ferry struct {
	crew sync.WaitGroup
	ill  atomic.Bool
}

// Man takes the crew on.
func (f *Ferry) Man(ship string) {
	f.crew.Add(1)
	go func() {
		defer f.crew.Done()
		if err := call(ship); err != nil {
			f.ill.Store(true)
		}
	}()
}

// Leave waits for the crew.
func (f *Ferry) Leave() { f.crew.Wait() }

// A Pier asks for its state before it waits: which way that goes depends on others.
type Pier struct {
	mu   sync.Mutex
	open bool
	off  chan struct{}
	done chan struct{}
}

// NewPier builds a pier.
func NewPier() *Pier { return &Pier{off: make(chan struct{}), done: make(chan struct{})} }

// Open lets ships come.
func (p *Pier) Open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open {
		return
	}
	p.open = true
	go func() {
		defer close(p.done)
		<-p.off
	}()
}

// Close waits until the last one has left.
func (p *Pier) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.open {
		return
	}
	p.open = false
	close(p.off)
	<-p.done
}

// A Scout goes out in a goroutine of whoever has it.
type Scout struct {
	home  chan struct{}
	found chan string
}

// NewScout makes one that waits.
func NewScout() *Scout { return &Scout{home: make(chan struct{}), found: make(chan string)} }

// Search goes on until Return is called, or nothing is found any more.
//
// not run: who calls both is elsewhere
func (s *Scout) Search(look func() (string, error)) error {
	for {
		what, err := look()
		if err != nil {
			return err
		}
		select {
		case s.found <- what:
		case <-s.home:
			return nil
		}
	}
}

// Found is what it has found.
//
// not run: somebody has to search
func (s *Scout) Found() string { return <-s.found }

// Return tells it to come home.
//
// not run: who calls both is elsewhere
func (s *Scout) Return() {
	s.home <- struct{}{} // want `stuckwait: Scout.Return blocks for ever sending on s.home; nobody is left to receive from it`
}
