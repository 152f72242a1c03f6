package stuckwait

import "sync"

// Locks that a sync.Cond gives back and takes again.

// A lock of ships: they wait in the basin until the gate is open.
type basin struct {
	mu    sync.Mutex
	gate  sync.Cond
	ships []string
	open  bool
}

func newBasin() *basin {
	b := &basin{}
	b.gate.L = &b.mu
	return b
}

// enter tells the keeper.
func (b *basin) enter(ship string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ships = append(b.ships, ship)
	b.gate.Broadcast()
}

// keep waits for a ship, and then with the lock for the end.
func (b *basin) keep(end <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.ships) == 0 {
		b.gate.Wait()
	}
	<-end
}

// keptToTheEnd needs the lock before it tells the end.
//
// not run: the keeper may be late
func keptToTheEnd(ship string) {
	b := newBasin()
	end := make(chan struct{})
	defer close(end)
	b.enter(ship)
	go b.keep(end)
	counted := make(chan int)
	go func() {
		b.mu.Lock()
		counted <- len(b.ships)
		b.mu.Unlock()
	}()
	<-counted // want `stuckwait: keptToTheEnd blocks for ever receiving from counted; b.keep blocks for ever receiving from end`
}

// pass waits for the gate.
func (b *basin) pass(ship string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.open {
		b.gate.Wait()
	}
	return inspect(ship)
}

// opened lets all of them pass.
func opened(ships []string) (tons int) {
	b := newBasin()
	var wg sync.WaitGroup
	out := make(chan int, len(ships))
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- b.pass(ship)
		}()
	}
	b.mu.Lock()
	b.open = true
	b.gate.Broadcast()
	b.mu.Unlock()
	wg.Wait()
	close(out)
	for n := range out {
		tons += n
	}
	return tons
}

// locked waits by the lock that the sync.Cond has made its own.
func locked(ships []string) int {
	ready := sync.NewCond(&sync.Mutex{})
	left := len(ships)
	for _, ship := range ships {
		go func() {
			inspect(ship)
			ready.L.Lock()
			left--
			ready.L.Unlock()
			ready.Signal()
		}()
	}
	ready.L.Lock()
	defer ready.L.Unlock()
	for left > 0 {
		ready.Wait()
	}
	return left
}

// lockedAgain does so in a task that has the lock.
//
// not run: it depends on the ships
func lockedAgain(ships []string) {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	go func() {
		ready.L.Lock()
		defer ready.L.Unlock()
		for len(ships) == 0 {
			ready.Wait()
		}
		mu.Lock() // want `stuckwait: the task blocks for ever locking ready.L, which it has locked already`
		ships = ships[1:]
		mu.Unlock()
	}()
}

// waitsUnlocked gives the lock away while it waits, which is what the other one needs.
func waitsUnlocked(ship string) {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	arrived := false
	go func() {
		inspect(ship)
		mu.Lock()
		defer mu.Unlock()
		arrived = true
		ready.Broadcast()
	}()
	mu.Lock()
	for !arrived {
		ready.Wait()
	}
	mu.Unlock()
}

// A crew waits for each other under the lock of its object.
type crew struct {
	mu   sync.Mutex
	cond *sync.Cond
	on   int
}

func newCrew() *crew {
	c := &crew{}
	c.cond = sync.NewCond(&c.mu)
	return c
}

func (c *crew) board() {
	c.cond.L.Lock()
	c.on++
	c.cond.L.Unlock()
	c.cond.Signal()
}

func (c *crew) full(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.on < n {
		c.cond.Wait()
	}
}

// boards waits until all are on board.
func boards(names []string) {
	c := newCrew()
	for range names {
		go c.board()
	}
	c.full(len(names))
}
