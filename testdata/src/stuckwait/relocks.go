package stuckwait

import "sync"

// Locks that are locked again by the one who has them. Nothing here starts a goroutine.

// A manifest has its lock embedded.
type manifest struct {
	sync.RWMutex
	names []string
}

// Len is how many names there are.
func (m *manifest) Len() int {
	m.RLock()
	defer m.RUnlock()
	return len(m.names)
}

// Enter has the lock when it asks.
//
// not run: the one who calls it hangs
func (m *manifest) Enter(name string) {
	m.Lock()
	defer m.Unlock()
	if m.Len() < 100 { // want `stuckwait: manifest.Len blocks for ever locking m; manifest.Enter, which calls it, has locked it already`
		m.names = append(m.names, name)
	}
}

// Leave asks at its end, before it unlocks.
//
// not run: the one who calls it hangs
func (m *manifest) Leave() {
	m.Lock()
	defer m.Unlock()
	defer m.Len() // want `stuckwait: manifest.Len blocks for ever locking m; manifest.Leave, which calls it, has locked it already`
	m.names = nil
}

// Twice locks where it was to unlock.
//
// not run: the one who calls it hangs
func (m *manifest) Twice() {
	m.Lock()
	defer m.Lock() // want `stuckwait: manifest.Twice blocks for ever locking m, which it has locked already`
	m.names = nil
}

// Cut locks again on one way.
//
// not run: the one who calls it hangs
func (m *manifest) Cut(n int) {
	m.Lock()
	if n < len(m.names) {
		m.Lock() // want `stuckwait: manifest.Cut blocks for ever locking m, which it has locked already`
		m.names = m.names[:n]
		m.Unlock()
	}
	m.Unlock()
}

// Rest has taken it in a branch, and does not come to the call without.
//
// not run: the one who calls it hangs
func (m *manifest) Rest(n int) int {
	if n == 0 {
		return 0
	}
	m.Lock()
	defer m.Unlock()
	m.names = m.names[n:]
	return m.Len() // want `stuckwait: manifest.Len blocks for ever locking m`
}

// Each calls f with the lock held.
func (m *manifest) Each(f func(string)) {
	m.Lock()
	defer m.Unlock()
	for _, name := range m.names {
		f(name)
	}
}

// With calls f with the lock held, once.
func (m *manifest) With(f func()) {
	m.Lock()
	defer m.Unlock()
	f()
}

// Reset gives With what asks.
//
// not run: the one who calls it hangs
func (m *manifest) Reset() {
	m.With(func() { m.names = m.names[:m.Len()] }) // want `stuckwait: .* blocks for ever locking m; manifest.With, which calls it, has locked it already`
}

// Trim asks for each of them.
//
// not run: the one who calls it hangs
func (m *manifest) Trim() {
	m.Each(func(name string) { // want `stuckwait: .* blocks for ever locking m; manifest.Each, which calls it, has locked it already`
		m.short(m.Len() - len(name))
	})
}

// Now calls a literal at once.
//
// not run: the one who calls it hangs
func (m *manifest) Now() int {
	m.Lock()
	defer m.Unlock()
	return func() int { return m.Len() }() // want `stuckwait: .* blocks for ever locking m`
}

var (
	buoysMu sync.Mutex
	buoys   = map[string]int{}
)

func buoy(name string) int {
	buoysMu.Lock()
	defer buoysMu.Unlock()
	return buoys[name]
}

// moveBuoy has the lock of the package.
//
// not run: the one who calls it hangs
func moveBuoy(name string, by int) {
	buoysMu.Lock()
	buoys[name] = buoy(name) + by // want `stuckwait: buoy blocks for ever locking buoysMu; moveBuoy, which calls it, has locked it already`
	buoysMu.Unlock()
}

var fleet manifest

// joinFleet has the lock of an object of the package.
//
// not run: the one who calls it hangs
func joinFleet(name string) {
	fleet.Lock()
	defer fleet.Unlock()
	if fleet.Len() < 10 { // want `stuckwait: manifest.Len blocks for ever locking fleet; joinFleet, which calls it, has locked it already`
		fleet.names = append(fleet.names, name)
	}
}

func lenOf(m *manifest) int {
	m.Lock()
	defer m.Unlock()
	return len(m.names)
}

// enterInto calls a plain function with the lock of what it is given.
//
// not run: the one who calls it hangs
func enterInto(m *manifest, name string) {
	m.Lock()
	defer m.Unlock()
	if lenOf(m) < 100 { // want `stuckwait: lenOf blocks for ever locking m; enterInto, which calls it, has locked it already`
		m.names = append(m.names, name)
	}
}

// Of what follows, nothing is stuck.

// last asks at its end, when it has unlocked.
func (m *manifest) last() {
	defer m.Len()
	m.Lock()
	defer m.Unlock()
	m.names = nil
}

// tried does not wait for the lock.
func (m *manifest) tried() int {
	if !m.TryLock() {
		return m.Len()
	}
	defer m.Unlock()
	return len(m.names)
}

// ifHeld locks only where it has not.
func (m *manifest) ifHeld(held bool) {
	if !held {
		m.Lock()
		defer m.Unlock()
	}
	m.names = nil
}

// locksIfAsked has one lock, or the other call.
func (m *manifest) locksIfAsked(n int) int {
	if n > 3 {
		m.Lock()
		defer m.Unlock()
		return n
	}
	return m.Len()
}

// unlocksBetween gives it back for a while.
func (m *manifest) unlocksBetween(n int) {
	m.Lock()
	for m.short(n) {
		m.Unlock()
		m.Len()
		m.Lock()
	}
	m.Unlock()
}

func (m *manifest) short(n int) bool { return len(m.names) < n }

// maybeLen asks only where there is something.
func (m *manifest) maybeLen() int {
	if m.names == nil {
		return 0
	}
	return m.Len()
}

// enterIfNil knows that maybeLen does not ask.
func (m *manifest) enterIfNil(name string) {
	m.Lock()
	defer m.Unlock()
	if m.names == nil {
		m.names = make([]string, m.maybeLen(), 3)
	}
}

// readTwice reads while it reads, which only a writer in between would make hang.
func (m *manifest) readTwice() int {
	m.RLock()
	defer m.RUnlock()
	return m.Len()
}

// eachLater keeps a literal that asks.
func (m *manifest) eachLater(keep func(func())) {
	m.Lock()
	defer m.Unlock()
	keep(func() { m.Len() })
}

// otherLock takes that of another one.
func (m *manifest) otherLock(o *manifest) int {
	m.Lock()
	defer m.Unlock()
	return o.Len()
}

// handedOver is unlocked by a goroutine before it asks.
func (m *manifest) handedOver() int {
	m.Lock()
	go m.Unlock()
	return m.Len()
}

// inEither has it on one way only, and asks on both.
func (m *manifest) inEither(held bool) int {
	if held {
		m.Lock()
	}
	n := m.Len()
	if held {
		m.Unlock()
	}
	return n
}

// A locker is got out of a map, by a look-up or a call, and locked there.
type locker struct {
	mu   sync.Mutex
	uses int
}

func (l *locker) use() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uses++
}

func (l *locker) usedUnlocked() { l.uses++ }

func (l *locker) next() *locker { return lockers[l.uses] }

var (
	lockers    = map[int]*locker{}
	anyLockers sync.Map
)

// lookedUp locks what it has looked up, and calls what locks it again.
func lookedUp(n int) {
	l, ok := lockers[n]
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.use() // want `stuckwait: locker.use blocks for ever locking l.mu; lookedUp, which calls it, has locked it already`
}

// loaded does so with what a call has given it.
func loaded(n int, fails func() error) error {
	raw, ok := anyLockers.Load(n)
	if !ok {
		return nil
	}
	l, _ := raw.(*locker)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := fails(); err != nil {
		l.use() // want `stuckwait: locker.use blocks for ever locking l.mu; loaded, which calls it, has locked it already`
		return err
	}
	return nil
}

// loadedWell calls the method that does not lock.
func loadedWell(n int) {
	raw, _ := anyLockers.Load(n)
	l, _ := raw.(*locker)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.usedUnlocked()
}

// loadedTwo has two of them.
func loadedTwo(n, m int) {
	raw, _ := anyLockers.Load(n)
	l, _ := raw.(*locker)
	other, _ := anyLockers.Load(m)
	k, _ := other.(*locker)
	l.mu.Lock()
	defer l.mu.Unlock()
	k.use()
}

// chained locks one after the other, hand over hand.
func chained(n int) {
	l := lockers[n]
	l.mu.Lock()
	k := lockers[l.uses]
	k.mu.Lock()
	l.mu.Unlock()
	k.uses++
	k.mu.Unlock()
	l.use()
}

// replaced has another one in the same variable.
func replaced(n int) {
	l := lockers[n]
	l.mu.Lock()
	defer l.mu.Unlock()
	l = l.next()
	l.use()
}

// perhaps has another one if a condition holds.
func perhaps(n int, other bool) {
	l := lockers[n]
	k := l
	if other {
		k = lockers[n+1]
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k.use()
}

// inRounds has another one in each round, and keeps those of before.
func inRounds(n int) {
	for i := range n {
		l := lockers[i]
		l.mu.Lock()
		defer l.mu.Unlock()
		k := lockers[i+1]
		k.use()
	}
}

// given back before the call.
func givenBack(n int) {
	l := lockers[n]
	l.mu.Lock()
	l.uses++
	l.mu.Unlock()
	l.use()
}
