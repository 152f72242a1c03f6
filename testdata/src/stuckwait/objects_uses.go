package stuckwait

import "log"

// Objects whose goroutine leaves when a call fails, and what their clients call then.

// A Signal hands flags to a mast, whose crew leaves when the wind takes one.
type Signal struct {
	flags chan string
}

// NewSignal sets up a mast.
func NewSignal(hoist func(string) error) *Signal {
	s := &Signal{flags: make(chan string)}
	go s.crew(hoist)
	return s
}

func (s *Signal) crew(hoist func(string) error) {
	for f := range s.flags {
		if err := hoist(f); err != nil {
			return
		}
	}
}

// Show has a flag hoisted.
func (s *Signal) Show(flag string) {
	s.flags <- flag // want `stuckwait: Signal.Show blocks for ever sending on s.flags; nobody is left to receive from it`
}

// Dip hands in two; that nobody is left is told once.
func (s *Signal) Dip() {
	s.flags <- "up"
	s.flags <- "down"
}

// Close sends the crew home.
func (s *Signal) Close() { close(s.flags) }

// A Lantern is a Signal whose crew takes what is left.
type Lantern struct {
	flags chan string
	lost  error
}

// NewLantern sets up a lantern.
func NewLantern(hoist func(string) error) *Lantern {
	l := &Lantern{flags: make(chan string)}
	go l.crew(hoist)
	return l
}

func (l *Lantern) crew(hoist func(string) error) {
	for f := range l.flags {
		if err := hoist(f); err != nil {
			l.lost = err
			break
		}
	}
	for range l.flags {
	}
}

// Show has a light shown.
func (l *Lantern) Show(flag string) { l.flags <- flag }

// Close sends the crew home.
func (l *Lantern) Close() { close(l.flags) }

// A Heliograph is a Signal whose crew says that it has left.
type Heliograph struct {
	flags chan string
	left  chan struct{}
}

// NewHeliograph sets up mirrors.
func NewHeliograph(hoist func(string) error) *Heliograph {
	h := &Heliograph{flags: make(chan string), left: make(chan struct{})}
	go h.crew(hoist)
	return h
}

func (h *Heliograph) crew(hoist func(string) error) {
	defer close(h.left)
	for f := range h.flags {
		if err := hoist(f); err != nil {
			return
		}
	}
}

// Show sends a flash, if anybody is there.
func (h *Heliograph) Show(flag string) {
	select {
	case h.flags <- flag:
	case <-h.left:
	}
}

// Close sends the crew home.
func (h *Heliograph) Close() { close(h.flags) }

// An Echo is listened to; what it waits for may fail.
type Echo struct {
	cries chan string
}

// NewEcho listens.
func NewEcho(hear func() (string, error)) *Echo {
	e := &Echo{cries: make(chan string)}
	go func() {
		for {
			c, err := hear()
			if err != nil {
				return
			}
			e.cries <- c
		}
	}()
	return e
}

// Next waits for the next call.
func (e *Echo) Next() string {
	return <-e.cries // want `stuckwait: Echo.Next blocks for ever receiving from e.cries; nobody is left to send on it or close it`
}

// A Horn is an Echo that closes the channel when it has failed.
type Horn struct {
	cries chan string
}

// NewHorn listens.
func NewHorn(hear func() (string, error)) *Horn {
	h := &Horn{cries: make(chan string)}
	go func() {
		defer close(h.cries)
		for {
			c, err := hear()
			if err != nil {
				return
			}
			h.cries <- c
		}
	}()
	return h
}

// Next waits for the next call.
func (h *Horn) Next() (string, bool) {
	c, ok := <-h.cries
	return c, ok
}

// A Bell is rung by whoever comes; its last one is told once.
type Bell struct {
	last chan error
}

// NewBell hangs a bell.
func NewBell(ring func() error) *Bell {
	b := &Bell{last: make(chan error, 1)}
	go func() { b.last <- ring() }()
	return b
}

// Wait gives what the ringing has come to.
func (b *Bell) Wait() error { return <-b.last }

// A Rope is let go by whoever holds it, who may have let go already.
type Rope struct {
	drop chan struct{}
}

// NewRope has a rope held.
func NewRope(pull func() error) *Rope {
	r := &Rope{drop: make(chan struct{})}
	go func() {
		for {
			select {
			case <-r.drop:
				return
			default:
			}
			if err := pull(); err != nil {
				return
			}
		}
	}()
	return r
}

// Close waits until the rope is dropped.
func (r *Rope) Close() {
	r.drop <- struct{}{} // want `stuckwait: Rope.Close blocks for ever sending on r.drop; nobody is left to receive from it`
}

// A Rocket is a Signal whose crew leaves when the client says so.
type Rocket struct {
	flags chan string
}

// NewRocket sets up a rocket; who makes it knows when it is over.
func NewRocket(over <-chan struct{}, light func(string) error) *Rocket {
	f := &Rocket{flags: make(chan string)}
	go func() {
		for {
			select {
			case x := <-f.flags:
				if err := light(x); err != nil {
					continue
				}
			case <-over:
				return
			}
		}
	}()
	return f
}

// Show has a light shown.
func (f *Rocket) Show(light string) { f.flags <- light }

// A Siren is a Signal whose crew ends the program with a panic.
type Siren struct{ sounds chan string }

// NewSiren sets up a siren.
func NewSiren(sound func(string) error) *Siren {
	s := &Siren{sounds: make(chan string)}
	go s.crew(sound)
	return s
}

func (s *Siren) crew(sound func(string) error) {
	for c := range s.sounds {
		if err := sound(c); err != nil {
			log.Panicln(err)
			break
		}
	}
}

// Show has it sounded.
func (s *Siren) Show(call string) { s.sounds <- call }
