package stuckwait

import "time"

// A Gong blows by a clock.
type Gong struct {
	clock *time.Ticker
	off   chan bool
}

// Start has it blow from now on.
func (h *Gong) Start(ship string) {
	h.clock = time.NewTicker(time.Minute)
	h.off = make(chan bool)
	go h.toots(ship)
}

func (h *Gong) toots(ship string) {
	for range h.clock.C {
		select {
		case <-h.off:
			return
		default:
			toot(ship)
		}
	}
}

// Stop stops the clock first.
func (h *Gong) Stop() {
	h.clock.Stop()
	h.off <- true // want `stuckwait: Gong.Stop blocks for ever sending on h.off; h.toots blocks for ever ranging over h.clock.C`
}

// A Whistle does the same, and listens to both.
type Whistle struct {
	clock *time.Ticker
	off   chan bool
}

// Start has it blow from now on.
func (w *Whistle) Start(ship string) {
	w.clock = time.NewTicker(time.Minute)
	w.off = make(chan bool)
	go w.toots(ship)
}

func (w *Whistle) toots(ship string) {
	for {
		select {
		case <-w.off:
			return
		case <-w.clock.C:
			toot(ship)
		}
	}
}

// Stop stops the clock first, too.
func (w *Whistle) Stop() {
	w.clock.Stop()
	w.off <- true
}
