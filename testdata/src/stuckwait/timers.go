package stuckwait

import "time"

// Timers that fire once.

// stowed stows at the turn of the tide, or when there is enough, and drains the timer as if it
// had not fired.
func stowed(crates <-chan int, d time.Duration, stow func([]int)) {
	t := time.NewTimer(d)
	var pile []int
	for {
		select {
		case <-t.C:
			stow(pile)
			pile = nil
		case c, ok := <-crates:
			if !ok {
				return
			}
			pile = append(pile, c)
			if !t.Stop() {
				<-t.C // want `stuckwait: stowed blocks for ever receiving from t.C; the timer has fired already`
			}
			t.Reset(d)
		}
	}
}

// stowedAgain sets the timer again in both cases.
func stowedAgain(crates <-chan int, d time.Duration, stow func([]int)) {
	t := time.NewTimer(d)
	var pile []int
	for {
		select {
		case <-t.C:
			stow(pile)
			pile = nil
			t.Reset(d)
		case c, ok := <-crates:
			if !ok {
				return
			}
			pile = append(pile, c)
			if !t.Stop() {
				<-t.C
			}
			t.Reset(d)
		}
	}
}

// pausedTwice stops a timer that is stopped.
func pausedTwice(pauses <-chan bool, d time.Duration) {
	t := time.NewTimer(d)
	for pause := range pauses {
		if pause {
			t.Stop()
			continue
		}
		if !t.Stop() {
			<-t.C // want `stuckwait: pausedTwice blocks for ever receiving from t.C; the timer was stopped before`
		}
		t.Reset(d)
	}
}

// pausedOnce asks whether it is.
func pausedOnce(pauses <-chan bool, d time.Duration) {
	t := time.NewTimer(d)
	paused := false
	for pause := range pauses {
		if pause {
			paused = true
			t.Stop()
			continue
		}
		if !paused && !t.Stop() {
			<-t.C
		}
		paused = false
		t.Reset(d)
	}
}

// stowedIfAny has the first crate set the timer.
func stowedIfAny(crates <-chan int, d time.Duration, stow func([]int)) {
	t := time.NewTimer(d)
	if !t.Stop() {
		<-t.C
	}
	var pile []int
	for {
		select {
		case <-t.C:
			stow(pile)
			pile = nil
		case c := <-crates:
			if pile = append(pile, c); len(pile) == 1 {
				t.Reset(d)
			}
			if len(pile) < 10 {
				continue
			}
			if !t.Stop() {
				<-t.C
			}
			stow(pile)
			pile = nil
		}
	}
}

// stowedFired remembers that the timer has fired.
func stowedFired(crates <-chan int, d time.Duration, stow func(int)) {
	t := time.NewTimer(d)
	fired := false
	for {
		select {
		case <-t.C:
			fired = true
		case c := <-crates:
			stow(c)
			if !t.Stop() && !fired {
				<-t.C
			}
			fired = false
			t.Reset(d)
		}
	}
}

// stowedEither drains what there may be.
func stowedEither(crates <-chan int, d time.Duration, stow func(int)) {
	t := time.NewTimer(d)
	for {
		select {
		case <-t.C:
		case c := <-crates:
			stow(c)
			if !t.Stop() {
				select {
				case <-t.C:
				default:
				}
			}
			t.Reset(d)
		}
	}
}

// stowedAnew makes another timer for each crate.
func stowedAnew(crates <-chan int, d time.Duration, stow func(int)) {
	for c := range crates {
		t := time.NewTimer(d)
		stow(c)
		if !t.Stop() {
			<-t.C
		}
	}
}

// A lighthouse is dark for a while after each flash.
type lighthouse struct {
	dark  *time.Timer
	flash chan bool
	end   chan bool
}

func newLighthouse(d time.Duration) *lighthouse {
	l := &lighthouse{dark: time.NewTimer(d), flash: make(chan bool), end: make(chan bool)}
	go l.shine(d)
	return l
}

func (l *lighthouse) shine(d time.Duration) {
	for {
		select {
		case <-l.dark.C:
		case <-l.flash:
			if !l.dark.Stop() {
				<-l.dark.C // want `stuckwait: lighthouse.shine blocks for ever receiving from l.dark.C; the timer has fired already`
			}
			l.dark.Reset(d)
		case <-l.end:
			return
		}
	}
}

// A beacon is lit by who passes.
type beacon struct {
	dark  *time.Timer
	flash chan bool
}

func newBeacon(d time.Duration) *beacon {
	b := &beacon{dark: time.NewTimer(d), flash: make(chan bool)}
	go b.shine(d)
	return b
}

// light lets it go dark later.
func (b *beacon) light(d time.Duration) { b.dark.Reset(d) }

func (b *beacon) shine(d time.Duration) {
	for {
		select {
		case <-b.dark.C:
		case <-b.flash:
			if !b.dark.Stop() {
				<-b.dark.C
			}
			b.dark.Reset(d)
		}
	}
}

// relit has a literal that makes another timer.
func relit(flashes <-chan bool, d time.Duration) {
	t := time.NewTimer(d)
	again := func() { t = time.NewTimer(d) }
	for {
		select {
		case <-t.C:
			again()
		case _, ok := <-flashes:
			if !ok {
				return
			}
			if !t.Stop() {
				<-t.C
			}
			t.Reset(d)
		}
	}
}

// relitByCall has a literal that sets it.
func relitByCall(flashes <-chan bool, d time.Duration) {
	t := time.NewTimer(d)
	again := func() { t.Reset(d) }
	for {
		select {
		case <-t.C:
			again()
		case _, ok := <-flashes:
			if !ok {
				return
			}
			if !t.Stop() {
				<-t.C
			}
			t.Reset(d)
		}
	}
}

// darkAtLast waits for the timer where the last order has set it.
func darkAtLast(orders <-chan int, d time.Duration) {
	t := time.NewTimer(0)
	<-t.C
	state := 0
	for range orders {
		switch state {
		case 0:
			t.Reset(d)
			state = 1
		case 1:
			if !t.Stop() {
				<-t.C
			}
			state = 0
		}
	}
	if state == 1 {
		<-t.C
	}
}

// darkIfSet asks first thing in a round.
func darkIfSet(set []bool, d time.Duration) {
	t := time.NewTimer(0)
	<-t.C
	on := 0
	for _, s := range set {
		if on == 1 {
			<-t.C
			on = 0
		}
		if s {
			t.Reset(d)
			on = 1
		}
	}
}
