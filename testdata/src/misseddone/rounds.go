package misseddone

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A trolley is what a conductor goes round in.
type trolley struct {
	mu     sync.Mutex
	plan   sync.RWMutex
	seats  *semaphore.Weighted
	riders sync.WaitGroup
	sold   int
	line   int
}

// punch gives up a round with the lock.
// not run: who locks next is the next round
func (t *trolley) punch(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		if err := deliver(ctx, k); err != nil { // want `misseddone: trolley.punch goes on to the next round without t.mu.Unlock; the next one to lock t.mu blocks for ever`
			continue
		}
		t.sold++
		t.mu.Unlock()
	}
}

// punchOnce gives it back there.
func (t *trolley) punchOnce(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		if err := deliver(ctx, k); err != nil {
			t.mu.Unlock()
			continue
		}
		t.sold++
		t.mu.Unlock()
	}
}

// announce keeps a read lock for each stop that is not known, in a condition within one.
// not run: who locks for writing is elsewhere
func (t *trolley) announce(ctx context.Context, stops <-chan int) {
	for s := range stops {
		t.plan.RLock()
		if s != t.line {
			if err := deliver(ctx, "change"); err != nil { // want `misseddone: trolley.announce goes on to the next round without t.plan.RUnlock; the next one to lock t.plan for writing blocks for ever`
				continue
			}
			t.line = s
		}
		_ = deliver(ctx, "stop")
		t.plan.RUnlock()
	}
}

// announceAll has a function for each round.
func (t *trolley) announceAll(ctx context.Context, stops <-chan int) {
	for s := range stops {
		func() {
			t.plan.RLock()
			defer t.plan.RUnlock()
			if s != t.line {
				return
			}
			_ = deliver(ctx, "stop")
		}()
	}
}

// turn goes round for ever, and one case of a select keeps the lock.
// not run: who locks next is the next round
func (t *trolley) turn(bell, brake <-chan int) {
	for {
		select {
		case n := <-bell:
			t.mu.Lock()
			if n == 0 { // want `misseddone: trolley.turn goes on to the next round without t.mu.Unlock`
				continue
			}
			t.sold += n
			t.mu.Unlock()
		case <-brake:
			return
		}
	}
}

// turnBack gives it back in both.
func (t *trolley) turnBack(bell, brake <-chan int) {
	for {
		select {
		case n := <-bell:
			t.mu.Lock()
			if n == 0 {
				t.mu.Unlock()
				continue
			}
			t.sold += n
			t.mu.Unlock()
		case <-brake:
			return
		}
	}
}

// board does not give back the seat of who does not pay.
// not run: who wants the seat is the next round
func (t *trolley) board(ctx context.Context, riders []string) error {
	for _, r := range riders {
		if err := t.seats.Acquire(ctx, 1); err != nil {
			return err
		}
		if err := deliver(ctx, r); err != nil { // want `misseddone: trolley.board goes on to the next round without t.seats.Release; what it has acquired of t.seats is never free again`
			continue
		}
		t.seats.Release(1)
	}
	return nil
}

// boardAll gives it back by the goroutine, or at once.
func (t *trolley) boardAll(ctx context.Context, riders []string) error {
	for _, r := range riders {
		if err := t.seats.Acquire(ctx, 1); err != nil {
			return err
		}
		if r == "" {
			t.seats.Release(1)
			continue
		}
		go func() {
			defer t.seats.Release(1)
			_ = deliver(ctx, r)
		}()
	}
	return nil
}

// count counts a rider who does not come.
// not run: who waits is elsewhere
func (t *trolley) count(ctx context.Context, riders []string) {
	for _, r := range riders {
		t.riders.Add(1)
		if err := deliver(ctx, r); err != nil { // want `misseddone: trolley.count goes on to the next round without t.riders.Done; t.riders.Wait never returns`
			continue
		}
		go func() {
			defer t.riders.Done()
			_ = deliver(ctx, r)
		}()
	}
}

// countLate counts those who do.
func (t *trolley) countLate(ctx context.Context, riders []string) {
	for _, r := range riders {
		if err := deliver(ctx, r); err != nil {
			continue
		}
		t.riders.Add(1)
		go func() {
			defer t.riders.Done()
			_ = deliver(ctx, r)
		}()
	}
}

// byFlag has a flag that tells who has the lock.
func (t *trolley) byFlag(ctx context.Context, tickets []string) {
	locked := false
	for _, k := range tickets {
		if !locked {
			t.mu.Lock()
			locked = true
		}
		if err := deliver(ctx, k); err != nil {
			continue
		}
		t.mu.Unlock()
		locked = false
	}
	if locked {
		t.mu.Unlock()
	}
}

// first locks before the loop, and gives back behind it.
func (t *trolley) first(ctx context.Context, tickets []string) {
	t.mu.Lock()
	for _, k := range tickets {
		if err := deliver(ctx, k); err != nil {
			continue
		}
		t.sold++
	}
	t.mu.Unlock()
}

// leave gives back behind the loop what the last round has taken.
func (t *trolley) leave(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		if err := deliver(ctx, k); err != nil {
			t.mu.Unlock()
			break
		}
		t.mu.Unlock()
	}
}

// between gives back, works, and takes again within one round.
func (t *trolley) between(ctx context.Context, tickets []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range tickets {
		t.mu.Unlock()
		err := deliver(ctx, k)
		t.mu.Lock()
		if err != nil {
			continue
		}
		t.sold++
	}
}

// twoWays tells by one condition, asked twice, who gives back.
func (t *trolley) twoWays(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		err := deliver(ctx, k)
		if err == nil {
			t.sold++
			t.mu.Unlock()
		}
		if err != nil {
			t.sold--
			t.mu.Unlock()
		}
	}
}

// late gives back by a flag that the round sets.
func (t *trolley) late(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		done := false
		if err := deliver(ctx, k); err == nil {
			t.sold++
			t.mu.Unlock()
			done = true
		}
		if !done {
			t.mu.Unlock()
		}
	}
}

// helped gives back by a method, whatever happens.
func (t *trolley) helped(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		if err := deliver(ctx, k); err != nil {
			t.release()
			continue
		}
		t.sold++
		t.mu.Unlock()
	}
}

func (t *trolley) release() { t.mu.Unlock() }

// retried tries again with what it has, in an inner loop.
func (t *trolley) retried(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		t.mu.Lock()
		for {
			if err := deliver(ctx, k); err != nil {
				continue
			}
			break
		}
		t.mu.Unlock()
	}
}

// eachOwn locks another one in each round, and keeps all of them for whoever calls.
func eachOwn(ctx context.Context, trolleys []*trolley) error {
	for _, t := range trolleys {
		t.mu.Lock()
		if err := deliver(ctx, "all"); err != nil {
			t.mu.Unlock()
			return err
		}
	}
	for _, t := range trolleys {
		t.mu.Unlock()
	}
	return nil
}

// tried asks for the lock.
func (t *trolley) tried(ctx context.Context, tickets []string) {
	for _, k := range tickets {
		if !t.mu.TryLock() {
			continue
		}
		if err := deliver(ctx, k); err != nil {
			t.mu.Unlock()
			continue
		}
		t.mu.Unlock()
	}
}

var errFull = errors.New("full")

// ended leaves the process of rounds by a label.
func (t *trolley) ended(ctx context.Context, lines [][]string) error {
rounds:
	for _, tickets := range lines {
		t.mu.Lock()
		for _, k := range tickets {
			if err := deliver(ctx, k); err != nil {
				t.mu.Unlock()
				continue rounds
			}
		}
		t.mu.Unlock()
		if len(tickets) > 9 {
			return errFull
		}
	}
	return nil
}

// endedHolding forgets it there.
// not run: who locks next is the next round
func (t *trolley) endedHolding(ctx context.Context, lines [][]string) {
rounds:
	for _, tickets := range lines {
		t.mu.Lock()
		for _, k := range tickets {
			if err := deliver(ctx, k); err != nil { // want `misseddone: trolley.endedHolding goes on to the next round without t.mu.Unlock`
				continue rounds
			}
		}
		t.mu.Unlock()
	}
}

// A yard is locked by one goroutine and unlocked by another.
type yard struct {
	mu    sync.Mutex
	trips chan string
}

// send leaves with the lock for who comes back.
func (y *yard) send(ctx context.Context, trips []string) {
	for _, k := range trips {
		y.mu.Lock()
		if err := deliver(ctx, k); err == nil {
			y.trips <- k
			continue
		}
		y.mu.Unlock()
	}
}

func (y *yard) comeBack() {
	for range y.trips {
		y.mu.Unlock()
	}
}
