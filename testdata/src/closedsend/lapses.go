package closedsend

import (
	"errors"
	"sync"
	"sync/atomic"
)

// What is asked under a lock, and done when the lock is given back.

var errShut = errors.New("the tower is shut")

// A Desk hands planes to its clerks.
type Desk struct {
	mu     sync.Mutex
	closed bool
	up     sync.WaitGroup
	planes chan string
}

// OpenDesk has one clerk.
func OpenDesk() *Desk {
	d := &Desk{planes: make(chan string)}
	go func() {
		for p := range d.planes {
			_ = note(p)
			d.up.Done()
		}
	}()
	return d
}

// Hand asks under the lock, and hands over without it.
func (d *Desk) Hand(plane string) error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return errShut
	}
	d.up.Add(1)
	d.mu.Unlock()
	d.planes <- plane // want `closedsend: Desk.Hand sends on d.planes after Desk.Close has closed it; the program panics`
	return nil
}

// Close waits when it is too late.
func (d *Desk) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	close(d.planes)
	d.up.Wait()
}

// A Counter waits for what was handed in before it closes.
type Counter struct {
	mu     sync.Mutex
	closed bool
	up     sync.WaitGroup
	planes chan string
}

// OpenCounter has one clerk.
func OpenCounter() *Counter {
	d := &Counter{planes: make(chan string)}
	go func() {
		for p := range d.planes {
			_ = note(p)
			d.up.Done()
		}
	}()
	return d
}

// Hand is counted under the lock.
func (d *Counter) Hand(plane string) error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return errShut
	}
	d.up.Add(1)
	d.mu.Unlock()
	d.planes <- plane
	return nil
}

// Close waits for all that is counted.
func (d *Counter) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.up.Wait()
	close(d.planes)
}

// A Wicket keeps its lock while it hands over.
type Wicket struct {
	mu     sync.RWMutex
	open   bool
	planes chan string
}

// OpenWicket has no clerk yet.
func OpenWicket() *Wicket { return &Wicket{open: true, planes: make(chan string, 4)} }

// Hand holds the lock until it has handed over.
func (w *Wicket) Hand(plane string) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if !w.open {
		return errShut
	}
	w.planes <- plane
	return nil
}

// Close comes before or after.
func (w *Wicket) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open {
		w.open = false
		close(w.planes)
	}
}

// A Flag is a desk whose flag is atomic.
type Flag struct {
	shut   atomic.Bool
	planes chan string
}

// Hoist has no clerk yet.
func Hoist() *Flag { return &Flag{planes: make(chan string, 4)} }

// Hand may be late.
func (f *Flag) Hand(plane string) bool {
	if f.shut.Load() {
		return false
	}
	f.planes <- plane // want `closedsend: Flag.Hand sends on f.planes after Flag.Close has closed it; the program panics`
	return true
}

// Close is done once.
func (f *Flag) Close() {
	if f.shut.CompareAndSwap(false, true) {
		close(f.planes)
	}
}

// A Pennant tells who hands over to leave, and closes nothing that is sent on.
type Pennant struct {
	shut   atomic.Bool
	quit   chan struct{}
	planes chan string
}

// Wave has no clerk yet.
func Wave() *Pennant { return &Pennant{quit: make(chan struct{}), planes: make(chan string, 4)} }

// Hand leaves when it is over.
func (p *Pennant) Hand(plane string) bool {
	if p.shut.Load() {
		return false
	}
	select {
	case p.planes <- plane:
		return true
	case <-p.quit:
		return false
	}
}

// Close tells.
func (p *Pennant) Close() {
	if p.shut.CompareAndSwap(false, true) {
		close(p.quit)
	}
}

// A Shelf knows how many are about to hand over.
type Shelf struct {
	mu     sync.Mutex
	idle   *sync.Cond
	shut   bool
	hands  int
	planes chan string
}

// Put makes an empty shelf.
func Put() *Shelf {
	s := &Shelf{planes: make(chan string, 4)}
	s.idle = sync.NewCond(&s.mu)
	return s
}

// Hand is one of the hands before it gives the lock back.
func (s *Shelf) Hand(plane string) error {
	s.mu.Lock()
	if s.shut {
		s.mu.Unlock()
		return errShut
	}
	s.hands++
	s.mu.Unlock()
	s.planes <- plane
	s.mu.Lock()
	s.hands--
	s.idle.Signal()
	s.mu.Unlock()
	return nil
}

// Close waits until there are none.
func (s *Shelf) Close() {
	s.mu.Lock()
	for s.hands > 0 {
		s.idle.Wait()
	}
	s.shut = true
	s.mu.Unlock()
	close(s.planes)
}

// A Ledge says that it is shut, and then waits for those who have asked before.
type Ledge struct {
	mu     sync.Mutex
	idle   *sync.Cond
	shut   bool
	hands  int
	planes chan string
}

// Lay makes an empty ledge.
func Lay() *Ledge {
	l := &Ledge{planes: make(chan string, 4)}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// Hand is one of the hands before it gives the lock back.
func (l *Ledge) Hand(plane string) error {
	l.mu.Lock()
	if l.shut {
		l.mu.Unlock()
		return errShut
	}
	l.hands++
	l.mu.Unlock()
	l.planes <- plane
	l.mu.Lock()
	l.hands--
	l.idle.Broadcast()
	l.mu.Unlock()
	return nil
}

// Close waits until there are none.
func (l *Ledge) Close() {
	l.mu.Lock()
	l.shut = true
	for l.hands > 0 {
		l.idle.Wait()
	}
	l.mu.Unlock()
	close(l.planes)
}

// A Nook lets one in at a time.
type Nook struct {
	mu     sync.Mutex
	taken  bool
	planes chan string
}

// Open makes an empty nook.
func Open() *Nook { return &Nook{planes: make(chan string, 4)} }

// Hand takes the nook while it hands over.
func (n *Nook) Hand(plane string) error {
	n.mu.Lock()
	if n.taken {
		n.mu.Unlock()
		return errShut
	}
	n.taken = true
	n.mu.Unlock()
	n.planes <- plane
	n.mu.Lock()
	n.taken = false
	n.mu.Unlock()
	return nil
}

// Close takes it for good, if nobody is in it.
func (n *Nook) Close() error {
	n.mu.Lock()
	if n.taken {
		n.mu.Unlock()
		return errShut
	}
	n.taken = true
	n.mu.Unlock()
	close(n.planes)
	return nil
}

// A Hatch hands planes through, whoever stands there.
type Hatch struct {
	mu     sync.Mutex
	closed bool
	planes chan string
}

// Cut has no clerk yet.
func Cut() *Hatch { return &Hatch{planes: make(chan string, 4)} }

// Hand takes the panic of the one that hands over.
func (h *Hatch) Hand(plane string) (err error) {
	defer func() {
		if recover() != nil {
			err = errShut
		}
	}()
	h.hand(plane)
	return nil
}

func (h *Hatch) hand(plane string) {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.mu.Unlock()
	h.planes <- plane
}

// Close comes in between.
func (h *Hatch) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	close(h.planes)
}

// A Chute has it done by a goroutine, whose panic nobody else can take.
type Chute struct {
	mu     sync.Mutex
	closed bool
	planes chan string
}

// Drop has no clerk yet.
func Drop() *Chute { return &Chute{planes: make(chan string, 4)} }

// Hand recovers for itself alone.
func (c *Chute) Hand(plane string) (err error) {
	defer func() {
		if recover() != nil {
			err = errShut
		}
	}()
	go c.hand(plane)
	return nil
}

func (c *Chute) hand(plane string) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	c.planes <- plane // want `closedsend: Chute.hand sends on c.planes after Chute.Close has closed it; the program panics`
}

// Close comes in between.
func (c *Chute) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	close(c.planes)
}
