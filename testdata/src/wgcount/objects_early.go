package wgcount

import (
	"context"
	"sync"
)

// Workers of an object that count themselves, and a method that waits for them. A client makes
// the object, starts it and closes it; how much later is not known.

// A Quay has two kinds of workers, who know nothing of each other.
type Quay struct {
	at      sync.WaitGroup
	parcels chan int
	closing chan struct{}
}

// NewQuay has nobody at it.
func NewQuay() *Quay { return &Quay{parcels: make(chan int, 9), closing: make(chan struct{})} }

// Open starts the workers.
func (q *Quay) Open() {
	go q.load()
	go q.sweep()
}

func (q *Quay) load() {
	q.at.Add(1) // want `wgcount: q.at.Add inside the task races with q.at.Wait; Wait returns before the task is counted`
	defer q.at.Done()
	for {
		select {
		case <-q.closing:
			return
		case p := <-q.parcels:
			println(p)
		}
	}
}

func (q *Quay) sweep() {
	q.at.Add(1) // want `wgcount: q.at.Add inside the task races with q.at.Wait; Wait returns before the task is counted`
	defer q.at.Done()
	<-q.closing
}

// Close waits for those that have come by then.
func (q *Quay) Close() {
	close(q.closing)
	q.at.Wait()
}

// A Crane is waited for in a goroutine, until a context ends.
type Crane struct {
	at      sync.WaitGroup
	closing chan struct{}
}

// NewCrane makes one.
func NewCrane() *Crane { return &Crane{closing: make(chan struct{})} }

// Open starts it.
func (c *Crane) Open() { go c.turn() }

func (c *Crane) turn() {
	c.at.Add(1) // want `wgcount: c.at.Add inside the task races with c.at.Wait; Wait returns before the task is counted`
	defer c.at.Done()
	<-c.closing
}

// Shutdown waits for it.
func (c *Crane) Shutdown(ctx context.Context) error {
	close(c.closing)
	done := make(chan struct{})
	go func() {
		c.at.Wait()
		close(done)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return nil
	}
}

// A Counted is counted by who starts it.
type Counted struct {
	at      sync.WaitGroup
	closing chan struct{}
}

// NewCounted makes one.
func NewCounted() *Counted { return &Counted{closing: make(chan struct{})} }

// Open starts it.
func (c *Counted) Open() {
	c.at.Add(1)
	go c.turn()
}

func (c *Counted) turn() {
	defer c.at.Done()
	<-c.closing
}

// Shutdown waits for it.
func (c *Counted) Shutdown(ctx context.Context) error {
	close(c.closing)
	done := make(chan struct{})
	go func() {
		c.at.Wait()
		close(done)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return nil
	}
}

// A Mast says when it stands, and who closes it waits for that.
type Mast struct {
	at             sync.WaitGroup
	ready, closing chan struct{}
}

// NewMast makes one.
func NewMast() *Mast { return &Mast{ready: make(chan struct{}), closing: make(chan struct{})} }

// Open starts it.
func (m *Mast) Open() { go m.stand() }

func (m *Mast) stand() {
	m.at.Add(1)
	defer m.at.Done()
	close(m.ready)
	<-m.closing
}

// Close waits until it has stood.
func (m *Mast) Close() {
	<-m.ready
	close(m.closing)
	m.at.Wait()
}

// A Pair has a worker that is counted, and waits for the one that counts itself.
type Pair struct {
	at      sync.WaitGroup
	here    chan struct{}
	closing chan struct{}
}

// NewPair makes one.
func NewPair() *Pair { return &Pair{here: make(chan struct{}), closing: make(chan struct{})} }

// Open starts both.
func (p *Pair) Open() {
	p.at.Add(1)
	go p.first()
}

func (p *Pair) first() {
	defer p.at.Done()
	go p.second()
	<-p.here
}

func (p *Pair) second() {
	p.at.Add(1)
	defer p.at.Done()
	close(p.here)
	<-p.closing
}

// Close waits for both.
func (p *Pair) Close() {
	close(p.closing)
	p.at.Wait()
}

// A Chain hears of the one that counts itself over a third.
type Chain struct {
	at             sync.WaitGroup
	a, b, finished chan struct{}
}

// NewChain makes one.
func NewChain() *Chain {
	return &Chain{a: make(chan struct{}), b: make(chan struct{}), finished: make(chan struct{})}
}

// Open starts all of them.
func (c *Chain) Open() {
	c.at.Add(1)
	go c.last()
	go c.middle()
	go c.first()
}

func (c *Chain) first() {
	c.at.Add(1)
	defer c.at.Done()
	close(c.a)
	<-c.finished
}

func (c *Chain) middle() {
	<-c.a
	close(c.b)
}

func (c *Chain) last() {
	defer c.at.Done()
	<-c.b
}

// Close waits for the first and the last.
func (c *Chain) Close() {
	close(c.finished)
	c.at.Wait()
}
