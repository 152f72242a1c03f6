package lostsend

import (
	"context"
	"sync"
)

// Messages to all who listen, with a lock held that they want when they leave.

// A Crier has listeners, whom it calls with its lock held.
type Crier struct {
	mu        sync.Mutex
	listeners map[int]chan letter
	last      int
}

// Listen hears letters until the context ends, and wants the lock then.
func (c *Crier) Listen(ctx context.Context, hear func(letter)) error {
	ear := make(chan letter)
	c.mu.Lock()
	c.last++
	number := c.last
	c.listeners[number] = ear
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.listeners, number)
		c.mu.Unlock()
	}()
	for {
		select {
		case l := <-ear:
			hear(l)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Cry calls them all.
func (c *Crier) Cry(l letter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ear := range c.listeners {
		ear <- l // want `lostsend: Crier.Cry blocks for ever sending on ear with c.mu held; Crier.Listen leaves without receiving from it`
	}
}

// A Bellman has the channels themselves for keys, and methods to come and go.
type Bellman struct {
	mu   sync.RWMutex
	ears map[chan letter]struct{}
}

func (b *Bellman) come() chan letter {
	ear := make(chan letter)
	b.mu.Lock()
	b.ears[ear] = struct{}{}
	b.mu.Unlock()
	return ear
}

func (b *Bellman) leave(ear chan letter) {
	b.mu.Lock()
	delete(b.ears, ear)
	b.mu.Unlock()
}

// Listen hears letters until the context ends.
func (b *Bellman) Listen(ctx context.Context, hear func(letter)) error {
	ear := b.come()
	defer b.leave(ear)
	for {
		select {
		case l := <-ear:
			hear(l)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Ring calls them all.
func (b *Bellman) Ring(l letter) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for ear := range b.ears {
		ear <- l // want `lostsend: Bellman.Ring blocks for ever sending on ear with b.mu held; Bellman.Listen leaves without receiving from it`
	}
}

// A Patient crier goes on where nobody hears.
type Patient struct {
	mu   sync.Mutex
	ears map[chan letter]struct{}
}

// Listen hears letters until the context ends.
func (p *Patient) Listen(ctx context.Context, hear func(letter)) error {
	ear := make(chan letter)
	p.mu.Lock()
	p.ears[ear] = struct{}{}
	p.mu.Unlock()
	for {
		select {
		case l := <-ear:
			hear(l)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Cry calls those who hear.
func (p *Patient) Cry(l letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ear := range p.ears {
		select {
		case ear <- l:
		default:
		}
	}
}

// A Watcher is told by a ticker that nothing has come yet, and goes on.
type Watcher struct {
	mu   sync.Mutex
	ears map[chan letter]struct{}
}

// Listen hears letters, and never leaves but with one.
func (w *Watcher) Listen(ctx context.Context, ticks func() context.Context) letter {
	ear := make(chan letter)
	w.mu.Lock()
	w.ears[ear] = struct{}{}
	w.mu.Unlock()
	for {
		select {
		case l := <-ear:
			return l
		case <-ctx.Done():
			ctx = ticks()
		}
	}
}

// Cry calls them all.
func (w *Watcher) Cry(l letter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ear := range w.ears {
		ear <- l
	}
}

// A Kind crier has who leaves receive until its channel is out.
type Kind struct {
	mu   sync.Mutex
	ears map[chan letter]struct{}
}

func (k *Kind) leave(ear chan letter) {
	go func() {
		for range ear {
		}
	}()
	k.mu.Lock()
	delete(k.ears, ear)
	k.mu.Unlock()
	close(ear)
}

// Listen hears letters until the context ends.
func (k *Kind) Listen(ctx context.Context, hear func(letter)) error {
	ear := make(chan letter)
	k.mu.Lock()
	k.ears[ear] = struct{}{}
	k.mu.Unlock()
	defer k.leave(ear)
	for {
		select {
		case l := <-ear:
			hear(l)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Cry calls them all.
func (k *Kind) Cry(l letter) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for ear := range k.ears {
		ear <- l
	}
}
