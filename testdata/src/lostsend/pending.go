package lostsend

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Answers to what is kept in a map: whoever keeps it there may not wait any more.

var errLate = errors.New("nobody answers")

// A letter answers another one.
type letter struct {
	number int
	text   string
}

// A Office keeps who waits for which letter.
type Office struct {
	mu      sync.Mutex
	waiting map[int]chan letter
	last    int
	post    func(number int, text string) error
	fetch   func() (letter, error)
}

// NewOffice opens it.
func NewOffice(post func(int, string) error, fetch func() (letter, error)) *Office {
	c := &Office{waiting: map[int]chan letter{}, post: post, fetch: fetch}
	go c.serve()
	return c
}

// Write waits for the answer, and takes its channel out again.
func (c *Office) Write(ctx context.Context, text string) (letter, error) {
	answer := make(chan letter)
	c.mu.Lock()
	c.last++
	number := c.last
	c.waiting[number] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, number)
		c.mu.Unlock()
	}()
	if err := c.post(number, text); err != nil {
		return letter{}, err
	}
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

func (c *Office) serve() {
	for {
		l, err := c.fetch()
		if err != nil {
			return
		}
		c.mu.Lock()
		answer, ok := c.waiting[l.number]
		delete(c.waiting, l.number)
		c.mu.Unlock()
		if ok {
			answer <- l // want `lostsend: Office.serve blocks for ever sending on answer; Office.Write returns without receiving from it`
		}
	}
}

// A Lobby has room for an answer that nobody waits for.
type Lobby struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait waits for a letter.
func (l *Lobby) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter, 1)
	l.mu.Lock()
	l.waiting[number] = answer
	l.mu.Unlock()
	select {
	case got := <-answer:
		return got, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (l *Lobby) Deliver(got letter) {
	l.mu.Lock()
	answer := l.waiting[got.number]
	l.mu.Unlock()
	answer <- got
}

// An claim is kept with what it is about.
type claim struct {
	title string
	came  chan error
}

// A Cashier keeps orders, and waits for a while only.
type Cashier struct {
	mu     sync.RWMutex
	orders map[string]*claim
}

// Order waits until the book has come.
func (d *Cashier) Order(title string) error {
	o := &claim{title: title, came: make(chan error)}
	d.mu.Lock()
	d.orders[title] = o
	d.mu.Unlock()
	select {
	case err := <-o.came:
		return err
	case <-time.After(time.Second):
		return errLate
	}
}

// Came tells who has ordered it.
func (d *Cashier) Came(title string, err error) {
	d.mu.RLock()
	o := d.orders[title]
	d.mu.RUnlock()
	if o == nil {
		return
	}
	o.came <- err // want `lostsend: Cashier.Came blocks for ever sending on o.came; Cashier.Order returns without receiving from it`
}

// A Rack keeps them in a sync.Map.
type Rack struct {
	waiting sync.Map
}

// Wait waits for a letter.
func (r *Rack) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	r.waiting.Store(number, answer)
	defer r.waiting.Delete(number)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (r *Rack) Deliver(l letter) {
	if found, ok := r.waiting.Load(l.number); ok {
		answer := found.(chan letter)
		answer <- l // want `lostsend: Rack.Deliver blocks for ever sending on answer; Rack.Wait returns without receiving from it`
	}
}

// A Hall tells all who wait when it closes.
type Hall struct {
	mu      sync.Mutex
	waiting map[string]chan error
}

// Wait waits for a reader to be called.
func (h *Hall) Wait(ctx context.Context, reader string) error {
	called := make(chan error)
	h.mu.Lock()
	h.waiting[reader] = called
	h.mu.Unlock()
	select {
	case err := <-called:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close sends all of them home.
func (h *Hall) Close() {
	h.mu.Lock()
	all := h.waiting
	h.waiting = nil
	h.mu.Unlock()
	for _, called := range all {
		called <- errLate // want `lostsend: Hall.Close blocks for ever sending on called; Hall.Wait returns without receiving from it`
	}
}

// A Window is sure that who has the channel out is waited for.
type Window struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait gives up only if nobody has taken the channel out.
func (h *Window) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	h.mu.Lock()
	h.waiting[number] = answer
	h.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		h.mu.Lock()
		_, still := h.waiting[number]
		delete(h.waiting, number)
		h.mu.Unlock()
		if !still {
			return <-answer, nil
		}
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (h *Window) Deliver(l letter) {
	h.mu.Lock()
	answer, ok := h.waiting[l.number]
	delete(h.waiting, l.number)
	h.mu.Unlock()
	if ok {
		answer <- l
	}
}

// A Drawer is cleared by who gives up: it may receive in another one's place.
type Drawer struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait waits for a letter.
func (s *Drawer) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	s.mu.Lock()
	s.waiting[number] = answer
	s.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		s.clear(number)
		return letter{}, ctx.Err()
	}
}

func (s *Drawer) clear(number int) {
	s.mu.Lock()
	answer := s.waiting[number]
	delete(s.waiting, number)
	s.mu.Unlock()
	select {
	case <-answer:
	case <-time.After(time.Second):
	}
}

// Deliver hands a letter over.
func (s *Drawer) Deliver(l letter) {
	s.mu.Lock()
	answer := s.waiting[l.number]
	s.mu.Unlock()
	answer <- l
}

// A Safe hands over with the lock held, which who gives up may want: that is not told.
type Safe struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait waits for a letter.
func (s *Safe) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	s.mu.Lock()
	s.waiting[number] = answer
	s.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (s *Safe) Deliver(l letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliver(l)
}

func (s *Safe) deliver(l letter) {
	s.waiting[l.number] <- l
}

// A Tray tells by its entries who may leave.
type Tray struct {
	mu      sync.Mutex
	waiting map[int]*slip
}

type slip struct {
	answer chan letter
	hasty  bool
}

// Wait may leave.
func (t *Tray) Wait(ctx context.Context, number int) (letter, error) {
	s := &slip{answer: make(chan letter), hasty: true}
	t.mu.Lock()
	t.waiting[number] = s
	t.mu.Unlock()
	select {
	case l := <-s.answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over to who stays.
func (t *Tray) Deliver(l letter) {
	t.mu.Lock()
	s := t.waiting[l.number]
	t.mu.Unlock()
	if s != nil && !s.hasty {
		s.answer <- l
	}
}

// A Pair has one who may leave and one who stays, and answers who stays.
type Pair struct {
	mu      sync.Mutex
	waiting map[bool]chan letter
}

// Hasty may leave.
func (p *Pair) Hasty(ctx context.Context) (letter, error) {
	answer := make(chan letter)
	p.mu.Lock()
	p.waiting[true] = answer
	p.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Patient stays.
func (p *Pair) Patient() letter {
	answer := make(chan letter)
	p.mu.Lock()
	p.waiting[false] = answer
	p.mu.Unlock()
	return <-answer
}

// Deliver hands a letter over.
func (p *Pair) Deliver(l letter) {
	p.mu.Lock()
	answer := p.waiting[false]
	p.mu.Unlock()
	answer <- l
}

// An Attic gives the map away, to whoever may receive.
type Attic struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait waits for a letter.
func (a *Attic) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	a.mu.Lock()
	a.waiting[number] = answer
	a.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Waiting is who waits.
func (a *Attic) Waiting() map[int]chan letter { return a.waiting }

// Deliver hands a letter over.
func (a *Attic) Deliver(l letter) {
	a.mu.Lock()
	answer := a.waiting[l.number]
	a.mu.Unlock()
	answer <- l
}

// A Cellar has goroutines receive what nobody waits for any more.
type Cellar struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Wait waits for a letter.
func (c *Cellar) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	c.mu.Lock()
	c.waiting[number] = answer
	c.mu.Unlock()
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Sweep receives for those who have left.
func (c *Cellar) Sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, answer := range c.waiting {
		go func() { <-answer }()
	}
}

// Deliver hands a letter over.
func (c *Cellar) Deliver(l letter) {
	c.mu.Lock()
	answer := c.waiting[l.number]
	c.mu.Unlock()
	answer <- l
}
