package lostsend

import "sync"

// A crew is a wrapper of go statements: what it runs stands several calls below whoever
// made the crew.
type crew struct {
	over  chan struct{}
	hands sync.WaitGroup
}

func newCrew() *crew { return &crew{over: make(chan struct{})} }

func (c *crew) run(work func()) {
	c.hands.Add(1)
	go func() {
		defer c.left()
		work()
	}()
}

func (c *crew) left() {
	if c != nil {
		c.hands.Done()
	}
}

func (c *crew) done() <-chan struct{} {
	if c == nil {
		return nil
	}
	return c.over
}

func (c *crew) dismiss() {
	close(c.over)
	c.hands.Wait()
}

// A bellows is worked by a crew.
type bellows struct {
	pulled chan int
	crew   *crew
}

func newBellows(c *crew) *bellows {
	b := &bellows{pulled: make(chan int), crew: c}
	b.start()
	return b
}

// start looks whether it is over, and then sends whether or not it is.
func (b *bellows) start() {
	b.crew.run(func() {
		for {
			select {
			case <-b.crew.done():
				return
			default:
				b.pulled <- 0 // want `lostsend: the task blocks for ever sending on b.pulled; another task returns without receiving from it`
			}
		}
	})
}

func listen(pulled <-chan int, c *crew) {
	for {
		select {
		case <-pulled:
		case <-c.done():
			return
		}
	}
}

// hum dismisses the crew while the bellows may be about to send.
func hum(organs int) {
	for range organs {
		go func() {
			c := newCrew()
			b := newBellows(c)
			c.run(func() { listen(b.pulled, c) })
			c.dismiss()
		}()
	}
}

// A shift is a crew with the same ways.
type shift struct {
	over  chan struct{}
	hands sync.WaitGroup
}

func newShift() *shift { return &shift{over: make(chan struct{})} }

func (s *shift) run(work func()) {
	s.hands.Add(1)
	go func() {
		defer s.left()
		work()
	}()
}

func (s *shift) left() {
	if s != nil {
		s.hands.Done()
	}
}

func (s *shift) done() <-chan struct{} {
	if s == nil {
		return nil
	}
	return s.over
}

func (s *shift) dismiss() {
	close(s.over)
	s.hands.Wait()
}

// A harp is played by a shift that sends only until it is over.
type harp struct {
	plucked chan int
	shift   *shift
}

func newHarp(s *shift) *harp {
	h := &harp{plucked: make(chan int), shift: s}
	h.start()
	return h
}

func (h *harp) start() {
	h.shift.run(func() {
		for {
			select {
			case <-h.shift.done():
				return
			case h.plucked <- 0:
			}
		}
	})
}

func attend(plucked <-chan int, s *shift) {
	for {
		select {
		case <-plucked:
		case <-s.done():
			return
		}
	}
}

// strum is hum with a harp.
func strum(harps int) {
	for range harps {
		go func() {
			s := newShift()
			h := newHarp(s)
			s.run(func() { attend(h.plucked, s) })
			s.dismiss()
		}()
	}
}
