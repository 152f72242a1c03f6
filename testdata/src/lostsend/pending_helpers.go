package lostsend

import (
	"context"
	"sync"
)

// Answers to what is kept in a map, by methods that only keep it there and take it out.

// A Line has methods for its map.
type Line struct {
	mu      sync.Mutex
	waiting map[int]chan letter
	last    int
	post    func(number int, text string) error
	fetch   func() (letter, error)
}

// NewLine opens it.
func NewLine(post func(int, string) error, fetch func() (letter, error)) *Line {
	c := &Line{waiting: map[int]chan letter{}, post: post, fetch: fetch}
	go c.serve()
	return c
}

func (c *Line) add(number int, answer chan letter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[number] = answer
}

func (c *Line) remove(number int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, number)
}

func (c *Line) take(number int) (chan letter, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer, ok := c.waiting[number]
	delete(c.waiting, number)
	return answer, ok
}

// Write waits for the answer.
func (c *Line) Write(ctx context.Context, number int, text string) (letter, error) {
	answer := make(chan letter)
	c.add(number, answer)
	defer c.remove(number)
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

func (c *Line) serve() {
	for {
		l, err := c.fetch()
		if err != nil {
			return
		}
		if answer, ok := c.take(l.number); ok {
			answer <- l // want `lostsend: Line.serve blocks for ever sending on answer; Line.Write returns without receiving from it`
		}
	}
}

// A Wire makes the channel where it keeps it, and numbers it two steps below.
type Wire struct {
	mu      sync.Mutex
	waiting map[int]chan letter
	last    int
	post    func(number int, text string) error
}

func (w *Wire) register() (int, chan letter) {
	answer := make(chan letter)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last++
	w.keep(w.last, answer)
	return w.last, answer
}

func (w *Wire) keep(number int, answer chan letter) { w.waiting[number] = answer }

// Write waits for the answer.
func (w *Wire) Write(ctx context.Context, text string) (letter, error) {
	number, answer := w.register()
	if err := w.post(number, text); err != nil {
		return letter{}, err
	}
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

func (w *Wire) find(number int) chan letter {
	w.mu.Lock()
	defer w.mu.Unlock()
	if answer, ok := w.waiting[number]; ok {
		delete(w.waiting, number)
		return answer
	}
	return nil
}

func (w *Wire) deliver(l letter) {
	if answer := w.find(l.number); answer != nil {
		answer <- l // want `lostsend: Wire.deliver blocks for ever sending on answer; Wire.Write returns without receiving from it`
	}
}

// Deliver hands a letter over.
func (w *Wire) Deliver(l letter) { w.deliver(l) }

// A Cable keeps what waits in a struct.
type Cable struct {
	mu    sync.Mutex
	calls map[int]*dial
}

type dial struct {
	number int
	answer chan letter
}

func (c *Cable) track(d *dial) {
	c.mu.Lock()
	c.calls[d.number] = d
	c.mu.Unlock()
}

func (c *Cable) untrack(number int) *dial {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.calls[number]
	delete(c.calls, number)
	return d
}

// Dial waits for the answer.
func (c *Cable) Dial(ctx context.Context, number int) (letter, error) {
	d := &dial{number: number, answer: make(chan letter)}
	c.track(d)
	select {
	case l := <-d.answer:
		return l, nil
	case <-ctx.Done():
		c.untrack(number)
		return letter{}, ctx.Err()
	}
}

// Answer hands a letter over.
func (c *Cable) Answer(l letter) {
	d := c.untrack(l.number)
	if d == nil {
		return
	}
	d.answer <- l // want `lostsend: Cable.Answer blocks for ever sending on d.answer; Cable.Dial returns without receiving from it`
}

// A Roomy makes room for the answer in its helper.
type Roomy struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

func (r *Roomy) register(number int) chan letter {
	answer := make(chan letter, 1)
	r.mu.Lock()
	r.waiting[number] = answer
	r.mu.Unlock()
	return answer
}

func (r *Roomy) take(number int) chan letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	answer := r.waiting[number]
	delete(r.waiting, number)
	return answer
}

// Wait waits for a letter.
func (r *Roomy) Wait(ctx context.Context, number int) (letter, error) {
	answer := r.register(number)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (r *Roomy) Deliver(l letter) {
	if answer := r.take(l.number); answer != nil {
		answer <- l
	}
}

// A Mixed keeps the channels of those who stay too, by the same method.
type Mixed struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

func (m *Mixed) add(number int, answer chan letter) {
	m.mu.Lock()
	m.waiting[number] = answer
	m.mu.Unlock()
}

func (m *Mixed) take(number int) chan letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waiting[number]
}

// Hasty may leave.
func (m *Mixed) Hasty(ctx context.Context) (letter, error) {
	answer := make(chan letter)
	m.add(1, answer)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Patient stays.
func (m *Mixed) Patient() letter {
	answer := make(chan letter)
	m.add(2, answer)
	return <-answer
}

// Deliver hands a letter over to who stays.
func (m *Mixed) Deliver(l letter) {
	if answer := m.take(2); answer != nil {
		answer <- l
	}
}

// A Public lets others keep channels.
type Public struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

// Add keeps a channel.
func (p *Public) Add(number int, answer chan letter) {
	p.mu.Lock()
	p.waiting[number] = answer
	p.mu.Unlock()
}

func (p *Public) take(number int) chan letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting[number]
}

// Wait waits for a letter.
func (p *Public) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	p.Add(number, answer)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (p *Public) Deliver(l letter) {
	if answer := p.take(l.number); answer != nil {
		answer <- l
	}
}

// A Drained has its helper receive what comes late.
type Drained struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

func (d *Drained) add(number int, answer chan letter) {
	d.mu.Lock()
	d.waiting[number] = answer
	d.mu.Unlock()
}

func (d *Drained) remove(number int) {
	d.mu.Lock()
	answer, ok := d.waiting[number]
	delete(d.waiting, number)
	d.mu.Unlock()
	if ok {
		go drainLetters(answer)
	}
}

func drainLetters(from chan letter) {
	for range from {
	}
}

// Wait waits for a letter.
func (d *Drained) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	d.add(number, answer)
	defer d.remove(number)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		return letter{}, ctx.Err()
	}
}

func (d *Drained) take(number int) chan letter {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting[number]
}

// Deliver hands a letter over.
func (d *Drained) Deliver(l letter) {
	if answer := d.take(l.number); answer != nil {
		answer <- l
	}
}

// A Sure waits for the answer if its channel is out already.
type Sure struct {
	mu      sync.Mutex
	waiting map[int]chan letter
}

func (s *Sure) add(number int, answer chan letter) {
	s.mu.Lock()
	s.waiting[number] = answer
	s.mu.Unlock()
}

func (s *Sure) remove(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, still := s.waiting[number]
	delete(s.waiting, number)
	return still
}

func (s *Sure) take(number int) chan letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.waiting[number]
	delete(s.waiting, number)
	return answer
}

// Wait waits for a letter.
func (s *Sure) Wait(ctx context.Context, number int) (letter, error) {
	answer := make(chan letter)
	s.add(number, answer)
	select {
	case l := <-answer:
		return l, nil
	case <-ctx.Done():
		if !s.remove(number) {
			return <-answer, nil
		}
		return letter{}, ctx.Err()
	}
}

// Deliver hands a letter over.
func (s *Sure) Deliver(l letter) {
	if answer := s.take(l.number); answer != nil {
		answer <- l
	}
}
