package stuckwait

import (
	"context"
	"sync"
)

// In these functions nobody is blocked but at locks; no caller waits for that.

// A quay has places, and cranes that serve them.
type quay struct {
	places, cranes sync.Mutex
	moored         int
}

// moor takes a place, and then a crane.
//
// not run: it is a part of bothWays
func (q *quay) moor() {
	q.places.Lock()
	defer q.places.Unlock()
	tide()
	q.cranes.Lock() // want `stuckwait: q.moor blocks for ever locking q.cranes; q.cast has locked it and blocks for ever locking q.places`
	defer q.cranes.Unlock()
	q.moored++
}

// cast takes them the other way round.
func (q *quay) cast() {
	q.cranes.Lock()
	defer q.cranes.Unlock()
	tide()
	q.places.Lock()
	defer q.places.Unlock()
	q.moored--
}

// bothWays starts one of each.
func bothWays() {
	q := &quay{}
	go q.moor()
	go q.cast()
}

// A log is written under a lock.
type register struct {
	mu    sync.RWMutex
	lines []string
}

// size is how many lines there are.
func (b *register) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.lines)
}

// append writes a line, if there is room.
func (b *register) append(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size() < 100 { // want `stuckwait: register.size blocks for ever locking b.mu; .*append, which calls it, has locked it already`
		b.lines = append(b.lines, line)
	}
}

// lockedTwice calls with the lock held what takes it.
func lockedTwice(line string) {
	b := &register{}
	go b.append(line)
}

// ensure writes a line that is not there yet.
//
// not run: it is a part of writesWhileReading
func (b *register) ensure(line string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if !contains(b.lines, line) {
		b.write(line) // want `stuckwait: register.write blocks for ever locking b.mu; .*ensure, which calls it, has locked it already`
	}
}

// write writes a line.
func (b *register) write(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

// writesWhileReading takes for writing what it has taken for reading.
func writesWhileReading(line string) {
	b := &register{}
	go b.ensure(line)
}

// contains reports whether the line is among the lines.
func contains(lines []string, line string) bool {
	for _, l := range lines {
		if l == line {
			return true
		}
	}
	return false
}

// leftLocked has tasks that never give back.
func leftLocked(ships []string) {
	var mu sync.Mutex
	tons := 0
	for _, ship := range ships {
		go func() {
			mu.Lock() // want `stuckwait: the task blocks for ever locking mu; another task has left without unlocking it`
			tons += inspect(ship)
		}()
	}
}

// crossed has a task take two locks the other way round, for which nobody waits.
func crossed() {
	var places, cranes sync.Mutex
	moored := 0
	go func() {
		cranes.Lock()
		defer cranes.Unlock()
		tide()
		places.Lock() // want `stuckwait: the task blocks for ever locking places; crossed has locked it and blocks for ever locking cranes`
		defer places.Unlock()
		moored--
	}()
	places.Lock()
	defer places.Unlock()
	tide()
	cranes.Lock()
	defer cranes.Unlock()
	moored++
}

// askedWithin has a task that asks, with the lock held, what takes it as well.
func askedWithin(lines []string) {
	var mu sync.Mutex
	size := func() int {
		mu.Lock() // want `stuckwait: the task blocks for ever locking mu, which it has locked already`
		defer mu.Unlock()
		return len(lines)
	}
	go func() {
		mu.Lock()
		defer mu.Unlock()
		if size() < 100 {
			lines = append(lines, "")
		}
	}()
}

// nextRound goes to the next ship with the lock held.
func nextRound(ctx context.Context, ships []string) {
	var mu sync.Mutex
	heaviest := 0
	go func() {
		for _, ship := range ships {
			mu.Lock() // want `stuckwait: the task blocks for ever locking mu, which it has locked already`
			tons, err := weigh(ctx, ship)
			if err != nil {
				report(ship)
				continue
			}
			heaviest = max(heaviest, tons)
			mu.Unlock()
		}
	}()
}

// A ledger is used by whoever has it; nothing here starts a goroutine.
type ledger struct {
	mu    sync.Mutex
	names []string
}

// len is how many names there are.
func (l *ledger) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.names)
}

// full asks for it.
func (l *ledger) full() bool { return l.len() >= 100 }

// enter calls with the lock held what calls what takes it.
//
// not run: the one who calls it hangs
func (l *ledger) enter(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full() { // want `stuckwait: ledger.full blocks for ever locking l.mu; ledger.enter, which calls it, has locked it already`
		return false
	}
	l.names = append(l.names, name)
	return true
}

// readsTwice has a task read again while it reads, and another one that writes in between.
func readsTwice(lines []string) {
	var mu sync.RWMutex
	size := func() int {
		mu.RLock() // want `stuckwait: the task blocks for ever locking mu to read once more; another task, which waits to write, comes first`
		defer mu.RUnlock()
		return len(lines)
	}
	go func() {
		mu.RLock()
		defer mu.RUnlock()
		tide()
		inspect(lines[size()-1])
	}()
	go func() {
		tide()
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, "")
	}()
}

// waitedFor has tasks that lock twice, and the others and Wait wait for them: one mistake.
func waitedFor(ships []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	tons := 0
	for _, ship := range ships {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			if tons >= 0 {
				mu.Lock() // want `stuckwait: the task blocks for ever locking mu, which it has locked already`
			}
			tons += inspect(ship)
			mu.Unlock()
		}()
	}
	wg.Wait()
}
