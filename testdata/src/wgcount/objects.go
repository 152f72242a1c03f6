package wgcount

import "sync"

// A Belt counts the parcels that it carries twice down.
type Belt struct {
	moving sync.WaitGroup
	room   chan struct{}
}

// NewBelt has room for some at a time.
func NewBelt(room int) *Belt { return &Belt{room: make(chan struct{}, room)} }

// Carry starts a parcel.
//
// not run: it panics after a while, as a belt that nobody made has no room.
func (b *Belt) Carry(parcel func()) {
	b.moving.Go(func() {
		b.room <- struct{}{}
		defer func() {
			<-b.room
			b.moving.Done() // want `wgcount: b.moving.Done is called in a task that b.moving.Go counts, and b.moving.Go calls it too`
		}()
		parcel()
	})
}

// Stop waits for all of them.
func (b *Belt) Stop() { b.moving.Wait() }

// A Chute counts each down once, whoever started it.
type Chute struct{ moving sync.WaitGroup }

// NewChute makes one.
func NewChute() *Chute { return new(Chute) }

// Drop starts a parcel.
func (c *Chute) Drop(parcel func()) { c.moving.Go(parcel) }

// Slide starts one that counts itself.
func (c *Chute) Slide(parcel func()) {
	c.moving.Add(1)
	go func() {
		defer c.moving.Done()
		parcel()
	}()
}

// Stop waits for all of them.
func (c *Chute) Stop() { c.moving.Wait() }

// A Yard has workers that count themselves.
type Yard struct {
	at   sync.WaitGroup
	work chan func()
}

// NewYard has nobody in it.
func NewYard() *Yard { return &Yard{work: make(chan func())} }

// Open starts the workers.
//
// not run: Wait returns too early, nobody blocks
func (y *Yard) Open(n int) {
	for range n {
		go y.labour()
	}
}

func (y *Yard) labour() {
	y.at.Add(1) // want `wgcount: y.at.Add inside the task races with y.at.Wait; Wait returns before the task is counted`
	defer y.at.Done()
	for f := range y.work {
		f()
	}
}

// Close waits for those that have come by then.
func (y *Yard) Close() {
	close(y.work)
	y.at.Wait()
}

// A Shed has workers that say that they have counted themselves.
type Shed struct {
	at   sync.WaitGroup
	work chan func()
}

// NewShed has nobody in it.
func NewShed() *Shed { return &Shed{work: make(chan func())} }

// Open starts the workers, and waits until they are counted.
func (s *Shed) Open(n int) {
	in := make(chan struct{})
	for range n {
		go s.labour(in)
	}
	for range n {
		<-in
	}
}

func (s *Shed) labour(in chan<- struct{}) {
	s.at.Add(1)
	defer s.at.Done()
	in <- struct{}{}
	for f := range s.work {
		f()
	}
}

// Close waits for all.
func (s *Shed) Close() {
	close(s.work)
	s.at.Wait()
}

// A Port serves in a goroutine of whoever has it.
type Port struct {
	at   sync.WaitGroup
	quit chan struct{}
	next chan func()
}

// NewPort makes one that is shut.
func NewPort() *Port { return &Port{quit: make(chan struct{}), next: make(chan func())} }

// Serve runs until Shut is called. Who shuts a port that has not begun to serve knows that.
func (p *Port) Serve() {
	p.at.Add(1)
	defer p.at.Done()
	for {
		select {
		case <-p.quit:
			return
		case f := <-p.next:
			f()
		}
	}
}

// Shut waits for Serve, if it has come so far.
func (p *Port) Shut() {
	close(p.quit)
	p.at.Wait()
}

// A Mill has millers that say under its lock that they have counted themselves.
type Mill struct {
	mu   sync.Mutex
	come *sync.Cond
	at   sync.WaitGroup
	in   int
	work chan func()
}

// NewMill waits until all have come.
func NewMill(n int) *Mill {
	m := &Mill{work: make(chan func())}
	m.come = sync.NewCond(&m.mu)
	for range n {
		go m.grind()
	}
	m.mu.Lock()
	for m.in < n {
		m.come.Wait()
	}
	m.mu.Unlock()
	return m
}

func (m *Mill) grind() {
	m.at.Add(1)
	defer m.at.Done()
	m.mu.Lock()
	m.in++
	m.come.Signal()
	m.mu.Unlock()
	for f := range m.work {
		f()
	}
}

// Close waits for all.
func (m *Mill) Close() {
	close(m.work)
	m.at.Wait()
}
