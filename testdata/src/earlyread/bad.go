package earlyread

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// atOnce tests the error of a goroutine that has only just been started.
func atOnce(crates []crate) (int, error) {
	out := make(chan crate)
	var failed error
	go func() {
		defer close(out)
		failed = load(crates, out)
	}()
	if failed != nil { // want `earlyread: atOnce reads failed before it has waited for the task that writes it`
		return 0, failed
	}
	n := 0
	for c := range out {
		n += c.apples
	}
	return n, failed
}

// collector is never joined; the group that feeds it is.
func collector(ctx context.Context, crates []crate) (int, error) {
	weighed := make(chan int)
	total := 0
	go func() {
		for w := range weighed {
			total += w
		}
	}()
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range crates {
		g.Go(func() error {
			w, err := weigh(gctx, c)
			if err != nil {
				return err
			}
			weighed <- w
			return nil
		})
	}
	err := g.Wait()
	close(weighed)
	return total, err // want `earlyread: collector reads total without having waited for the task that writes it`
}

// doneFirst counts itself out before it appends: deferred calls run last first.
func doneFirst(ctx context.Context, crates []crate) []int {
	var mu sync.Mutex
	var weights []int
	var wg sync.WaitGroup
	for _, c := range crates {
		wg.Add(1)
		go func() {
			var w int
			defer func() {
				mu.Lock()
				weights = append(weights, w)
				mu.Unlock()
			}()
			defer wg.Done()
			w, _ = weigh(ctx, c)
		}()
	}
	wg.Wait()
	return weights // want `earlyread: doneFirst reads weights before the task has written it, although it has waited`
}

// starter closes done when all tasks are started, not when they are over.
func starter(ctx context.Context, crates []crate) []int {
	var mu sync.Mutex
	var weights []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		var wg sync.WaitGroup
		for _, c := range crates {
			wg.Add(1)
			go func() {
				defer wg.Done()
				w, _ := weigh(ctx, c)
				mu.Lock()
				weights = append(weights, w)
				mu.Unlock()
			}()
		}
	}()
	<-done
	return weights // want `earlyread: starter reads weights before it has waited for the task that writes it`
}

// plain reads a variable before Wait.
func plain(ctx context.Context, c crate) (int, error) {
	var w int
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		w, err = weigh(gctx, c)
		return err
	})
	if w == 0 { // want `earlyread: plain reads w before it has waited for the task that writes it`
		return 0, g.Wait()
	}
	return w, g.Wait()
}

type parser struct {
	weights []int
	found   int
}

// givesUp leaves when the context ends, and reads what the goroutine still writes.
func givesUp(ctx context.Context, crates []crate) (int, error) {
	p := &parser{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, c := range crates {
			p.found, _ = weigh(ctx, c)
		}
	}()
	var err error
	for over := false; !over && err == nil; {
		select {
		case <-done:
			over = true
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if p.found > 0 { // want `earlyread: givesUp reads p\.found before it has waited for the task that writes it`
		return p.found, nil
	}
	return 0, err
}

// tally is an atomic number that a collector counts up; nobody waits for it.
func tally(ctx context.Context, crates []crate) (int64, error) {
	weighed := make(chan int)
	var total atomic.Int64
	go func() {
		for range weighed {
			total.Add(1)
		}
	}()
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range crates {
		g.Go(func() error {
			w, err := weigh(gctx, c)
			weighed <- w
			return err
		})
	}
	if err := g.Wait(); err != nil {
		close(weighed)
		return 0, err
	}
	close(weighed)
	return total.Load(), nil // want `earlyread: tally reads total without having waited for the task that writes it`
}

// throttledStarter closes done when the last task is started; room for a task is
// not the end of all others.
func throttledStarter(ctx context.Context, crates []crate) []int {
	var mu sync.Mutex
	var weights []int
	done := make(chan struct{})
	go func() {
		defer close(done)
		var wg sync.WaitGroup
		wg.Add(len(crates))
		places := make(chan struct{}, 10)
		for _, c := range crates {
			places <- struct{}{}
			go func() {
				defer wg.Done()
				defer func() { <-places }()
				w, _ := weigh(ctx, c)
				mu.Lock()
				weights = append(weights, w)
				mu.Unlock()
			}()
		}
	}()
wait:
	for {
		select {
		case <-time.After(time.Second):
			println("still weighing")
		case <-done:
			break wait
		}
	}
	return weights // want `earlyread: throttledStarter reads weights before it has waited for the task that writes it`
}

// visited starts a task in a literal that another package calls.
func visited(ctx context.Context, crates []crate) []int {
	var mu sync.Mutex
	var weights []int
	var wg sync.WaitGroup
	eachCrate(crates, func(c crate) {
		wg.Add(1)
		go func() {
			var w int
			defer func() {
				mu.Lock()
				weights = append(weights, w)
				mu.Unlock()
			}()
			defer wg.Done()
			w, _ = weigh(ctx, c)
		}()
	})
	wg.Wait()
	return weights // want `earlyread: visited reads weights before the task has written it, although it has waited`
}

// eachCrate is given from outside.
var eachCrate = func(crates []crate, visit func(crate)) {}

// askedThen decides by what the task has seen last.
func askedThen(t *testing.T, ctx context.Context, c crate) {
	var last int
	heavy := make(chan struct{})
	go func() {
		for last < 10 && ctx.Err() == nil {
			last, _ = weigh(ctx, c)
		}
		close(heavy)
	}()
	select {
	case <-heavy:
	case <-time.After(time.Second):
		if last == 0 { // want `earlyread: askedThen reads last before it has waited for the task that writes it`
			t.Errorf("crate %d: empty", c.id)
		}
	}
}
