package misseddone

import "sync"

// Whether the lock is held is told by the result, or it is not.

// A locker keeps parcels until they are asked for.
type locker struct {
	mu   sync.RWMutex
	open bool
	kept map[string]*string
}

// holds gives false where it has the lock, and where it has not.
// not run: who locks next is elsewhere
func (l *locker) holds(parcel string) bool {
	l.mu.Lock()
	if !l.open {
		return false // want `misseddone: locker.holds returns without l.mu.Unlock; the next one to lock l.mu blocks for ever`
	}
	_, ok := l.kept[parcel]
	l.mu.Unlock()
	return ok
}

// find gives what it has found with the lock, and without.
// not run: who locks next is elsewhere
func (l *locker) find(parcel string, pack func() *string) (*string, error) {
	l.mu.RLock()
	if p, ok := l.kept[parcel]; ok {
		return p, nil // want `misseddone: locker.find returns without l.mu.RUnlock; the next one to lock l.mu for writing blocks for ever`
	}
	l.mu.RUnlock()
	p := pack()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[parcel] = p
	return p, nil
}

// take gives nothing where it keeps the lock.
// not run: who locks next is elsewhere
func (l *locker) take(parcel string) *string {
	l.mu.Lock()
	p, ok := l.kept[parcel]
	if !ok {
		return nil // want `misseddone: locker.take returns without l.mu.Unlock`
	}
	delete(l.kept, parcel)
	l.mu.Unlock()
	return p
}

// size locks and unlocks.
func (l *locker) size() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.kept)
}

// keep has asked for the size before it locks.
// not run: who locks next is elsewhere
func (l *locker) keep(parcel string, p *string) {
	if l.size() > 9 {
		return
	}
	l.mu.Lock()
	if !l.open {
		return // want `misseddone: locker.keep returns without l.mu.Unlock`
	}
	l.kept[parcel] = p
	l.mu.Unlock()
}

// begin says by true that it has the lock.
func (l *locker) begin() bool {
	l.mu.Lock()
	if !l.open {
		l.mu.Unlock()
		return false
	}
	return true
}

// look gives something with the lock, and nothing without.
func (l *locker) look(parcel string) *string {
	l.mu.Lock()
	p := l.kept[parcel]
	if p == nil {
		l.mu.Unlock()
		return nil
	}
	return p
}

// lookTwice gives the same where it has the lock, and nothing where it has not.
func (l *locker) lookTwice(parcel string) (*string, bool) {
	l.mu.Lock()
	if p, ok := l.kept[parcel]; ok {
		return p, true
	}
	l.mu.Unlock()
	return nil, false
}

// A gate is locked by one method, and unlocked by another.
type gate struct {
	mu  sync.Mutex
	who string
}

func (g *gate) enter(who string) int {
	g.mu.Lock()
	if who == "" {
		return 0
	}
	g.who = who
	g.mu.Unlock()
	return 1
}

func (g *gate) leave() {
	g.who = ""
	g.mu.Unlock()
}

// A torn is an error that says where.
type torn interface {
	error
	Where() string
}

type tornAt struct{ where string }

func (t *tornAt) Error() string { return "torn" }
func (t *tornAt) Where() string { return t.where }

var errTornOpen torn = &tornAt{"here"}

// reopen gives an error of a type of its own, that is never nil.
// not run: who locks next is elsewhere
func (l *locker) reopen() error {
	l.mu.Lock()
	if l.open {
		return errTornOpen // want `misseddone: locker.reopen returns without l.mu.Unlock`
	}
	l.open = true
	l.mu.Unlock()
	return nil
}

// A safe is opened by a function that it keeps.
type safe struct {
	mu   sync.Mutex
	free func()
	full bool
}

func newSafe() *safe {
	s := &safe{}
	s.free = s.mu.Unlock
	return s
}

// put gives the same both times, and has opened it by the function.
func (s *safe) put() bool {
	s.mu.Lock()
	if s.full {
		s.free()
		return true
	}
	s.mu.Unlock()
	return true
}

// A hatch is opened by one method and shut by another.
type hatch struct {
	mu   sync.Mutex
	ajar bool
	seen int
}

// open keeps the lock for shut.
func (h *hatch) open(n int) {
	h.mu.Lock()
	if n > 0 {
		h.ajar = true
		return
	}
	h.mu.Unlock()
}

func (h *hatch) shut() {
	if h.ajar {
		h.ajar = false
		h.mu.Unlock()
	}
}

// A flap is shut through its lock as an interface.
type flap struct {
	mu   sync.Mutex
	ajar bool
}

func (f *flap) locker() sync.Locker { return &f.mu }

// open gives nil both times; the flap itself says whether it is open.
func (f *flap) open(n int) error {
	f.mu.Lock()
	if n > 0 {
		f.ajar = true
		return nil
	}
	f.mu.Unlock()
	return nil
}

func (f *flap) shut() {
	if f.ajar {
		f.ajar = false
		f.locker().Unlock()
	}
}

// A lid has a method that only helps those who have locked.
type lid struct {
	mu   sync.Mutex
	seen int
}

func (l *lid) down() { l.mu.Unlock() }

// look shuts by the method.
func (l *lid) look() {
	l.mu.Lock()
	if l.seen > 9 {
		l.down()
		return
	}
	l.seen++
	l.mu.Unlock()
}

// peek forgets to.
// not run: who locks next is elsewhere
func (l *lid) peek() {
	l.mu.Lock()
	if l.seen > 9 {
		return // want `misseddone: lid.peek returns without l.mu.Unlock`
	}
	l.seen++
	l.mu.Unlock()
}

// A latch is locked by a function that gives it, by a method, and by who finds it open:
// none of them unlocks what pull has locked.
type latch struct {
	mu   sync.Mutex
	seen int
}

var latches = map[string]*sync.Mutex{}

func locked(name string) *sync.Mutex {
	mu := latches[name]
	mu.Lock()
	return mu
}

func with(name string, do func()) {
	defer locked(name).Unlock()
	do()
}

func (l *latch) close() { l.mu.Lock() }

func (l *latch) count() {
	l.close()
	l.seen++
	l.mu.Unlock()
}

func (l *latch) glance() bool {
	if !l.mu.TryLock() {
		return false
	}
	defer l.mu.Unlock()
	return l.seen > 0
}

// not run: who locks next is elsewhere
func (l *latch) pull() {
	l.mu.Lock()
	if l.seen > 9 {
		return // want `misseddone: latch.pull returns without l.mu.Unlock`
	}
	l.seen++
	l.mu.Unlock()
}

// A shelf gives out what it is read under.
type shelf struct {
	mu      sync.RWMutex
	parcels map[string]string
}

func (s *shelf) reading() sync.Locker { return s.mu.RLocker() }

// lookUp gives the lock back by its other name.
func (s *shelf) lookUp(parcel string) (string, error) {
	s.mu.RLock()
	if err := stamp(parcel); err != nil {
		s.reading().Unlock()
		return "", err
	}
	to := s.parcels[parcel]
	s.mu.RUnlock()
	return to, nil
}

// lookTwice does so on one of two ways.
func (s *shelf) lookTwice(parcel string) (string, error) {
	s.reading().Lock()
	if err := stamp(parcel); err != nil {
		return "", err // want `misseddone: shelf.lookTwice returns without s.mu.RUnlock; the next one to lock s.mu for writing blocks for ever`
	}
	to := s.parcels[parcel]
	s.mu.RUnlock()
	return to, nil
}
