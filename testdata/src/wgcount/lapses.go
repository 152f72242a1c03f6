package wgcount

import (
	"sync"
	"sync/atomic"
)

// A Gate counts who is in.
type Gate struct {
	mu   sync.Mutex
	shut bool
	in   sync.WaitGroup
}

// enter asks under the lock, and counts without it.
func (g *Gate) enter() bool {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if shut {
		return false
	}
	g.in.Add(1) // want `wgcount: g\.in\.Add after shut was asked races with g\.in\.Wait of Gate\.Close; Wait returns before the task is counted`
	return true
}

// Visit may be any number of times at once.
func (g *Gate) Visit(look func()) {
	if g.enter() {
		defer g.in.Done()
		look()
	}
}

// Close waits for the visits.
func (g *Gate) Close() {
	g.mu.Lock()
	g.shut = true
	g.mu.Unlock()
	g.in.Wait()
}

// A Hatch counts under the lock.
type Hatch struct {
	mu   sync.Mutex
	shut bool
	in   sync.WaitGroup
}

func (h *Hatch) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		return false
	}
	h.in.Add(1)
	return true
}

// Visit may be any number of times at once.
func (h *Hatch) Visit(look func()) {
	if h.enter() {
		defer h.in.Done()
		look()
	}
}

// Close waits for the visits.
func (h *Hatch) Close() {
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.in.Wait()
}

// A Turnstile asks again when it has counted.
type Turnstile struct {
	shut atomic.Bool
	in   sync.WaitGroup
}

// Enter takes back what it has counted too late.
func (t *Turnstile) Enter(look func()) {
	if t.shut.Load() {
		return
	}
	t.in.Add(1)
	defer t.in.Done()
	if t.shut.Load() {
		return
	}
	look()
}

// Close waits for who is in.
func (t *Turnstile) Close() {
	t.shut.Store(true)
	t.in.Wait()
}
