package stuckwait

import "sync"

// sail takes them in the order of moor.
func (q *harbor) sail() {
	q.places.Lock()
	defer q.places.Unlock()
	tide()
	q.cranes.Lock()
	defer q.cranes.Unlock()
	q.moored--
}

// A harbor is a quay whose methods agree.
type harbor struct {
	places, cranes sync.Mutex
	moored         int
}

// land takes a place, and then a crane.
func (q *harbor) land() {
	q.places.Lock()
	defer q.places.Unlock()
	tide()
	q.cranes.Lock()
	defer q.cranes.Unlock()
	q.moored++
}

// sameWay starts one of each.
func sameWay() {
	q := &harbor{}
	go q.land()
	go q.sail()
}

// A diary is written under a lock.
type diary struct {
	mu    sync.RWMutex
	lines []string
}

// sizeLocked is called with the lock held.
func (b *diary) sizeLocked() int { return len(b.lines) }

// append writes a line, if there is room.
func (b *diary) append(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sizeLocked() < 100 {
		b.lines = append(b.lines, line)
	}
}

// ensure gives back before it writes.
func (b *diary) ensure(line string) {
	b.mu.RLock()
	found := contains(b.lines, line)
	b.mu.RUnlock()
	if !found {
		b.append(line)
	}
}

// lockedOnce has each take the lock for itself.
func lockedOnce(line string) {
	b := &diary{}
	go b.append(line)
	go b.ensure(line)
}

// oneAfterTheOther takes the locks both ways, but not at the same time.
func oneAfterTheOther() {
	var a, b sync.Mutex
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Lock()
		tide()
		b.Lock()
		b.Unlock()
		a.Unlock()
	}()
	<-done
	b.Lock()
	tide()
	a.Lock()
	a.Unlock()
	b.Unlock()
}

// underOne takes them both ways under a third.
func underOne() {
	var gate, a, b sync.Mutex
	tons := 0
	go func() {
		gate.Lock()
		defer gate.Unlock()
		a.Lock()
		defer a.Unlock()
		tide()
		b.Lock()
		defer b.Unlock()
		tons++
	}()
	go func() {
		gate.Lock()
		defer gate.Unlock()
		b.Lock()
		defer b.Unlock()
		tide()
		a.Lock()
		defer a.Unlock()
		tons--
	}()
}

// lockedHereOnly locks here what a task unlocks.
func lockedHereOnly(ships []string) {
	var mu sync.Mutex
	for _, ship := range ships {
		mu.Lock()
		go func() {
			inspect(ship)
			mu.Unlock()
		}()
	}
}

// ownLocks has a lock for each ship.
func ownLocks(ships []string) {
	for _, ship := range ships {
		q := &quay{}
		go func() {
			q.places.Lock()
			defer q.places.Unlock()
			inspect(ship)
			q.cranes.Lock()
			defer q.cranes.Unlock()
			q.moored++
		}()
	}
}

// A roll is a ledger whose methods know of each other.
type roll struct {
	mu    sync.RWMutex
	names []string
	next  *roll
}

// len is how many names there are.
func (r *roll) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.names)
}

// enter gives back before it asks.
func (r *roll) enter(name string) bool {
	r.mu.Lock()
	r.names = append(r.names, name)
	r.mu.Unlock()
	return r.len() < 100
}

// ifFree asks only where it has given back.
func (r *roll) ifFree(name string, quick bool) int {
	r.mu.Lock()
	if !quick {
		r.names = append(r.names, name)
		r.mu.Unlock()
		return r.len()
	}
	defer r.mu.Unlock()
	return len(r.names)
}

// onward asks another one.
func (r *roll) onward() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		return len(r.names)
	}
	return len(r.names) + r.next.len()
}

// relocked lends the lock out for a while.
func (r *roll) relocked(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outside(name)
}

// outside is called with the lock held, and gives it back meanwhile.
func (r *roll) outside(name string) {
	r.mu.Unlock()
	inspect(name)
	r.mu.Lock()
}

// later has somebody else ask.
func (r *roll) later() {
	r.mu.Lock()
	defer r.mu.Unlock()
	go r.len()
}

// onlyReads has tasks that read again while they read, and nobody who writes by then.
func onlyReads(lines []string) {
	var mu sync.RWMutex
	mu.Lock()
	lines = append(lines, "")
	mu.Unlock()
	size := func() int {
		mu.RLock()
		defer mu.RUnlock()
		return len(lines)
	}
	for range 2 {
		go func() {
			mu.RLock()
			defer mu.RUnlock()
			tide()
			inspect(lines[size()-1])
		}()
	}
}

// readsAndWrites has tasks that read, one after the other, and one that writes.
func readsAndWrites(ships []string) {
	var mu sync.RWMutex
	tons := 0
	for _, ship := range ships {
		go func() {
			mu.RLock()
			tide()
			n := tons
			mu.RUnlock()
			mu.Lock()
			tons = n + inspect(ship)
			mu.Unlock()
		}()
	}
}
