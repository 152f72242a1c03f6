package lostsend

import "sync"

// Messages to all who listen, who want the lock of the sender when they leave.

// A Pulpit gives its listeners channels, and takes them back with the lock that it preaches with.
type Pulpit struct {
	mu    sync.RWMutex
	pews  map[int]chan letter
	count int
}

// Sit gives a channel.
func (p *Pulpit) Sit() (int, <-chan letter) {
	pew := make(chan letter)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	p.pews[p.count] = pew
	return p.count, pew
}

// Rise takes it back.
func (p *Pulpit) Rise(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pews, n)
}

// Preach tells them all.
func (p *Pulpit) Preach(l letter) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, pew := range p.pews {
		pew <- l // want `lostsend: Pulpit.Preach blocks for ever sending on pew with p.mu held; Pulpit.Rise waits for the lock and does not receive from it`
	}
}

// A Choir has singers with a channel each, in a list.
type Choir struct {
	mu      sync.Mutex
	singers []*singer
}

type singer struct {
	choir *Choir
	notes chan letter
}

// Join is for a new one.
func (c *Choir) Join() *singer {
	s := &singer{choir: c, notes: make(chan letter)}
	c.mu.Lock()
	c.singers = append(c.singers, s)
	c.mu.Unlock()
	return s
}

// Next is the next note.
func (s *singer) Next() letter { return <-s.notes }

// Leave is for one who has sung enough.
func (s *singer) Leave() { s.choir.drop(s) }

func (c *Choir) drop(s *singer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, o := range c.singers {
		if o == s {
			c.singers = append(c.singers[:i], c.singers[i+1:]...)
			return
		}
	}
}

// Conduct gives a note to all.
func (c *Choir) Conduct(l letter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.singers {
		s.notes <- l // want `lostsend: Choir.Conduct blocks for ever sending on s.notes with c.mu held; singer.Leave waits for the lock and does not receive from it`
	}
}

// A Emptied has those who leave receive what is sent until they have the lock.
type Emptied struct {
	mu   sync.Mutex
	pews map[chan letter]bool
}

// Sit gives a channel.
func (d *Emptied) Sit() chan letter {
	pew := make(chan letter)
	d.mu.Lock()
	d.pews[pew] = true
	d.mu.Unlock()
	return pew
}

// Rise takes it back.
func (d *Emptied) Rise(pew chan letter) {
	go func() {
		for range pew {
		}
	}()
	d.mu.Lock()
	delete(d.pews, pew)
	d.mu.Unlock()
	close(pew)
}

// Preach tells them all.
func (d *Emptied) Preach(l letter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for pew := range d.pews {
		pew <- l
	}
}

// An Apart copies what it has to tell before it does without the lock.
type Apart struct {
	mu   sync.Mutex
	pews []chan letter
}

// Sit gives a channel.
func (a *Apart) Sit() <-chan letter {
	pew := make(chan letter)
	a.mu.Lock()
	a.pews = append(a.pews, pew)
	a.mu.Unlock()
	return pew
}

// Rise empties all of them.
func (a *Apart) Rise() {
	a.mu.Lock()
	a.pews = nil
	a.mu.Unlock()
}

// Preach tells them all.
func (a *Apart) Preach(l letter) {
	a.mu.Lock()
	pews := a.pews
	a.mu.Unlock()
	for _, pew := range pews {
		pew <- l
	}
}

// A Airy has room in its pews, and more than one may miss.
type Airy struct {
	mu   sync.Mutex
	pews map[int]chan letter
}

// Sit gives a channel.
func (r *Airy) Sit(n int) <-chan letter {
	pew := make(chan letter, 8)
	r.mu.Lock()
	r.pews[n] = pew
	r.mu.Unlock()
	return pew
}

// Rise takes it back.
func (r *Airy) Rise(n int) {
	r.mu.Lock()
	delete(r.pews, n)
	r.mu.Unlock()
}

// Preach tells them all.
func (r *Airy) Preach(l letter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, pew := range r.pews {
		pew <- l
	}
}

// A Heard has a goroutine of its own for each that sits there, which goes on to receive.
type Heard struct {
	mu   sync.Mutex
	pews map[int]*heard
}

type heard struct{ in chan letter }

// Sit has what is told given to hear.
func (h *Heard) Sit(n int, hear func(letter)) {
	p := &heard{in: make(chan letter)}
	go func() {
		for l := range p.in {
			hear(l)
		}
	}()
	h.mu.Lock()
	h.pews[n] = p
	h.mu.Unlock()
}

// Rise ends that goroutine.
func (h *Heard) Rise(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.pews[n]; p != nil {
		close(p.in)
		delete(h.pews, n)
	}
}

// Preach tells them all.
func (h *Heard) Preach(l letter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.pews {
		p.in <- l
	}
}

// A Shared is left with a lock for reading, which the sender has as well.
type Shared struct {
	mu   sync.RWMutex
	pews map[int]chan letter
	gone sync.Map
}

// Sit gives a channel.
func (s *Shared) Sit(n int) <-chan letter {
	pew := make(chan letter)
	s.mu.Lock()
	s.pews[n] = pew
	s.mu.Unlock()
	return pew
}

// Rise is remembered, no more.
func (s *Shared) Rise(n int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.gone.Store(n, true)
}

// Preach tells them all.
func (s *Shared) Preach(l letter) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, pew := range s.pews {
		pew <- l
	}
}

// sermon is heard until somebody is hungry.
func sermon(p *Pulpit, hungry <-chan bool, hear func(letter)) {
	n, pew := p.Sit()
	defer p.Rise(n)
	for {
		select {
		case l := <-pew:
			hear(l)
		case <-hungry:
			return
		}
	}
}

// song sings what is left of the first hundred notes.
func song(c *Choir, sing func(letter) bool) {
	s := c.Join()
	defer s.Leave()
	for range 100 {
		if !sing(s.Next()) {
			return
		}
	}
}

// A Lectern is left by who has a goroutine to listen.
type Lectern struct {
	mu    sync.RWMutex
	pews  map[int]chan letter
	count int
}

// Sit gives a channel.
func (p *Lectern) Sit() (int, <-chan letter) {
	pew := make(chan letter)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	p.pews[p.count] = pew
	return p.count, pew
}

// Rise takes it back, and ends who listens.
func (p *Lectern) Rise(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pew, ok := p.pews[n]; ok {
		delete(p.pews, n)
		close(pew)
	}
}

// Preach tells them all.
func (p *Lectern) Preach(l letter) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, pew := range p.pews {
		pew <- l
	}
}

// lecture is heard to its end.
func lecture(p *Lectern, hungry <-chan bool, hear func(letter)) {
	n, pew := p.Sit()
	go func() {
		for l := range pew {
			hear(l)
		}
	}()
	<-hungry
	p.Rise(n)
}

// homily leaves what is emptied by a goroutine.
func homily(e *Emptied, hungry <-chan bool, hear func(letter)) {
	pew := e.Sit()
	defer e.Rise(pew)
	for {
		select {
		case l := <-pew:
			hear(l)
		case <-hungry:
			return
		}
	}
}

// address leaves a pew that has room.
func address(a *Airy, hungry <-chan bool, hear func(letter)) {
	pew := a.Sit(1)
	defer a.Rise(1)
	for {
		select {
		case l := <-pew:
			hear(l)
		case <-hungry:
			return
		}
	}
}

// reading leaves a copied list.
func reading(a *Apart, hungry <-chan bool, hear func(letter)) {
	pew := a.Sit()
	defer a.Rise()
	for {
		select {
		case l := <-pew:
			hear(l)
		case <-hungry:
			return
		}
	}
}

// whisper leaves with a lock that the sender shares.
func whisper(s *Shared, hungry <-chan bool, hear func(letter)) {
	pew := s.Sit(1)
	defer s.Rise(1)
	for {
		select {
		case l := <-pew:
			hear(l)
		case <-hungry:
			return
		}
	}
}
