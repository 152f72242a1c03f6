// Package oracle is what the generated programs call: work that fails or not,
// conditions that nobody can know, and pauses. For the analyzer it is code of
// another package. In a run it follows a schedule that Start draws from a seed.
package oracle

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"
)

var failed = errors.New("failed")

// Fail is work that takes a while and then fails or not.
func Fail() error {
	Step()
	if fails() {
		return failed
	}
	return nil
}

// Flip is a condition.
func Flip() bool {
	mu.Lock()
	defer mu.Unlock()
	return now.rnd.Float64() < now.flips
}

// Step takes a while.
func Step() {
	pause := delay()
	if pause < 0 {
		runtime.Gosched()
		return
	}
	time.Sleep(pause)
}

// A schedule is how one run goes. The runs that differ in nothing but a few
// pauses find few of the orders that are possible; so each schedule has a
// character of its own: who is slow, which call fails, how conditions tend.
type schedule struct {
	rnd    *rand.Rand
	seed   uint64
	style  int     // of pauses: see delay
	flips  float64 // how often Flip is true
	rate   float64 // how often Fail fails, if failAt is 0
	failAt int     // the call of Fail that fails, counted from 1
	calls  int
	failed int
}

var (
	mu  sync.Mutex
	now *schedule
)

// Start begins a schedule. It returns what is left to decide outside of this
// package: the number of workers and of items, and when the parent context is
// cancelled, if it is. Both numbers are at most largest.
func Start(seed uint64, largest int) (n, items int, cancelAfter time.Duration) {
	mu.Lock()
	defer mu.Unlock()
	rnd := rand.New(rand.NewPCG(seed, 1))
	now = &schedule{rnd: rnd, seed: seed, style: rnd.IntN(4), flips: []float64{0.1, 0.5, 0.5, 0.9}[rnd.IntN(4)]}
	switch k := rnd.IntN(20); {
	case k < 6:
	case k < 13:
		now.failAt = 1 + rnd.IntN(4)
	case k < 19:
		now.rate = 0.4
	default:
		now.rate = 1
	}
	n, items = 1+rnd.IntN(largest), 1+rnd.IntN(largest)
	if rnd.IntN(8) == 0 {
		items = 0
	}
	return n, items, time.Duration(rnd.IntN(1<<rnd.IntN(16))) * time.Microsecond
}

// Failures is the number of calls of Fail that have failed since Start.
func Failures() int {
	mu.Lock()
	defer mu.Unlock()
	return now.failed
}

func fails() bool {
	mu.Lock()
	defer mu.Unlock()
	now.calls++
	fail := now.calls == now.failAt
	if now.failAt == 0 {
		fail = now.rnd.Float64() < now.rate
	}
	if fail {
		now.failed++
	}
	return fail
}

// delay is the next pause: none but a chance for others, one of a few round
// numbers so that things fall together, one that belongs to the line of the
// caller, or anything up to 8 ms.
func delay() time.Duration {
	mu.Lock()
	defer mu.Unlock()
	switch now.style {
	case 0:
		if now.rnd.IntN(4) > 0 {
			return -1
		}
		return 0
	case 1:
		return time.Duration(now.rnd.IntN(4)) * 15 * time.Millisecond
	case 2:
		pc := make([]uintptr, 2) // the caller of Step and its caller
		runtime.Callers(3, pc)
		site := rand.New(rand.NewPCG(now.seed, uint64(pc[0]+pc[1])))
		return time.Duration(now.rnd.IntN(1<<site.IntN(18))) * time.Microsecond
	default:
		return time.Duration(now.rnd.IntN(60000)) * time.Microsecond
	}
}
