package earlyread

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// together returns what there is beside the error: calls come first.
func together(ctx context.Context, c crate) (int, error) {
	var w int
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		w, err = weigh(gctx, c)
		return err
	})
	return w, g.Wait()
}

// joined waits for the collector too.
func joined(ctx context.Context, crates []crate) (int, error) {
	weighed := make(chan int)
	total := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		for w := range weighed {
			total += w
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
	err := g.Wait()
	close(weighed)
	<-done
	return total, err
}

// drained knows by the closed channel that the loader is done.
func drained(crates []crate) (int, error) {
	out := make(chan crate)
	var failed error
	go func() {
		defer close(out)
		failed = load(crates, out)
	}()
	n := 0
	for c := range out {
		n += c.apples
	}
	return n, failed
}

// filled takes every place of the semaphore, so all tasks have left theirs.
func filled(ctx context.Context, crates []crate, most int) []int {
	var mu sync.Mutex
	var weights []int
	places := make(chan struct{}, most)
	for _, c := range crates {
		places <- struct{}{}
		go func() {
			w, _ := weigh(ctx, c)
			mu.Lock()
			weights = append(weights, w)
			mu.Unlock()
			<-places
		}()
	}
	for range most {
		places <- struct{}{}
	}
	return weights
}

// peeked looks under the lock.
func peeked(ctx context.Context, crates []crate) (int, error) {
	var mu sync.Mutex
	total := 0
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range crates {
		mu.Lock()
		enough := total > 100
		mu.Unlock()
		if enough {
			break
		}
		g.Go(func() error {
			w, err := weigh(gctx, c)
			mu.Lock()
			total += w
			mu.Unlock()
			return err
		})
	}
	err := g.Wait()
	return total, err
}

// counted has an atomic number.
func counted(ctx context.Context, crates []crate) (int64, error) {
	var total atomic.Int64
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range crates {
		g.Go(func() error {
			w, err := weigh(gctx, c)
			total.Add(int64(w))
			return err
		})
	}
	before := total.Load()
	return before, g.Wait()
}

// handsOut reads the element that it is about to hand out.
func handsOut(ctx context.Context, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	for i := range crates {
		if crates[i].apples == 0 {
			continue
		}
		g.Go(func() (err error) {
			crates[i].apples, err = weigh(gctx, crates[i])
			return err
		})
	}
	return g.Wait()
}

// closer waits and closes; the spawner hears of it by the channel.
func closer(ctx context.Context, crates []crate) int {
	var mu sync.Mutex
	total := 0
	over := make(chan struct{})
	var wg sync.WaitGroup
	for _, c := range crates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w, _ := weigh(ctx, c)
			mu.Lock()
			total += w
			mu.Unlock()
		}()
	}
	go func() {
		wg.Wait()
		close(over)
	}()
	<-over
	return total
}

// filledBy takes all places in a loop that might have no round at all.
func filledBy(ctx context.Context, crates []crate, farm struct{ workers int }) []int {
	var mu sync.Mutex
	var weights []int
	places := make(chan struct{}, farm.workers)
	for _, c := range crates {
		places <- struct{}{}
		go func() {
			w, _ := weigh(ctx, c)
			mu.Lock()
			weights = append(weights, w)
			mu.Unlock()
			<-places
		}()
	}
	for range farm.workers {
		places <- struct{}{}
	}
	if len(weights) == 1 {
		return weights[:1]
	}
	return weights
}

// inReport reads what the task has seen last only to say so, once the test has failed.
func inReport(t *testing.T, ctx context.Context, c crate) {
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
		t.Errorf("crate %d: %d apples", c.id, last)
	}
}
