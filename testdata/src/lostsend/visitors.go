package lostsend

import (
	"errors"
	"sync"
	"sync/atomic"
)

// Objects whose clients call a method beside the one that ends them, and say so themselves:
// the method hears of the end in one place, or asks first whether it has come.

var errShut = errors.New("shut")

// A Hatch hands orders to the cook, who leaves when it is shut.
type Hatch struct {
	orders chan string
	mu     sync.Mutex
	shut   bool
	quit   chan struct{}
}

// NewHatch opens a hatch.
func NewHatch() *Hatch {
	h := &Hatch{orders: make(chan string), quit: make(chan struct{})}
	go h.cook()
	return h
}

func (h *Hatch) cook() {
	for {
		select {
		case o := <-h.orders:
			note(o)
		case <-h.quit:
			return
		}
	}
}

// Order asks whether the hatch is shut, and no more when it hands in the order.
func (h *Hatch) Order(dish string) error {
	h.mu.Lock()
	if h.shut {
		h.mu.Unlock()
		return errShut
	}
	h.mu.Unlock()
	h.orders <- dish // want `lostsend: Hatch.Order blocks for ever sending on h.orders; Hatch.Close returns without receiving from it`
	return nil
}

// Close shuts the hatch.
func (h *Hatch) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.shut {
		h.shut = true
		close(h.quit)
	}
}

// A Shelf is a Hatch whose orders are handed in while it cannot be shut.
type Shelf struct {
	orders chan string
	mu     sync.RWMutex
	shut   bool
	quit   chan struct{}
}

// NewShelf sets up a shelf.
func NewShelf() *Shelf {
	s := &Shelf{orders: make(chan string), quit: make(chan struct{})}
	go s.cook()
	return s
}

func (s *Shelf) cook() {
	for {
		select {
		case o := <-s.orders:
			note(o)
		case <-s.quit:
			return
		}
	}
}

// Order hands in the order before the shelf can be shut.
func (s *Shelf) Order(dish string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.shut {
		return errShut
	}
	s.orders <- dish
	return nil
}

// Close takes the shelf down.
func (s *Shelf) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.shut {
		s.shut = true
		close(s.quit)
	}
}

// A Slot is a Hatch with an order of which nobody need hear.
type Slot struct {
	orders chan string
	shut   atomic.Bool
	quit   chan struct{}
}

// NewSlot opens a slot.
func NewSlot() *Slot {
	s := &Slot{orders: make(chan string), quit: make(chan struct{})}
	go s.cook()
	return s
}

func (s *Slot) cook() {
	for {
		select {
		case o := <-s.orders:
			note(o)
		case <-s.quit:
			return
		}
	}
}

// Order hands in the order or hears that the slot is shut.
func (s *Slot) Order(dish string) error {
	if s.shut.Load() {
		return errShut
	}
	select {
	case s.orders <- dish:
		return nil
	case <-s.quit:
		return errShut
	}
}

// Close closes the slot.
func (s *Slot) Close() {
	if !s.shut.Swap(true) {
		close(s.quit)
	}
}

// A Clerk answers what is asked, as long as he is there.
type Clerk struct {
	asked chan string
	told  chan int
	gone  chan struct{}
}

// NewClerk seats a clerk, who lets eight questions wait.
func NewClerk() *Clerk {
	c := &Clerk{asked: make(chan string, 8), told: make(chan int), gone: make(chan struct{})}
	go c.sit()
	return c
}

func (c *Clerk) sit() {
	for {
		select {
		case q := <-c.asked:
			c.told <- len(q)
		case <-c.gone:
			return
		}
	}
}

// Ask hears that the clerk has gone, but not when its question waits.
func (c *Clerk) Ask(q string) int {
	select {
	case c.asked <- q:
	case <-c.gone:
		return 0
	}
	return <-c.told // want `lostsend: Clerk.Ask blocks for ever receiving from c.told; Clerk.Leave returns without sending on it or closing it`
}

// Leave sends the clerk home.
func (c *Clerk) Leave() { close(c.gone) }

// A Usher is a Clerk who answers each question that he takes.
type Usher struct {
	asked chan string
	told  chan int
	gone  chan struct{}
}

// NewUsher seats an usher.
func NewUsher() *Usher {
	p := &Usher{asked: make(chan string), told: make(chan int), gone: make(chan struct{})}
	go p.sit()
	return p
}

func (p *Usher) sit() {
	for {
		select {
		case q := <-p.asked:
			p.told <- len(q)
		case <-p.gone:
			return
		}
	}
}

// Ask waits for the answer once the usher has taken the question.
func (p *Usher) Ask(q string) int {
	select {
	case p.asked <- q:
	case <-p.gone:
		return 0
	}
	return <-p.told
}

// Leave sends the usher home.
func (p *Usher) Leave() { close(p.gone) }

// A Gate counts whoever goes through before it can be shut, and waits for them.
type Gate struct {
	orders chan string
	mu     sync.Mutex
	shut   bool
	inside sync.WaitGroup
	quit   chan struct{}
}

// NewGate hangs a gate.
func NewGate() *Gate {
	g := &Gate{orders: make(chan string), quit: make(chan struct{})}
	go g.cook()
	return g
}

func (g *Gate) cook() {
	for {
		select {
		case o := <-g.orders:
			note(o)
		case <-g.quit:
			return
		}
	}
}

// Order is counted under the lock under which it asks.
func (g *Gate) Order(dish string) error {
	g.mu.Lock()
	if g.shut {
		g.mu.Unlock()
		return errShut
	}
	g.inside.Add(1)
	g.mu.Unlock()
	defer g.inside.Done()
	g.orders <- dish
	return nil
}

// Close waits for who is inside before it sends the cook home.
func (g *Gate) Close() {
	g.mu.Lock()
	g.shut = true
	g.mu.Unlock()
	g.inside.Wait()
	close(g.quit)
}
