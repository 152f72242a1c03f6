package model

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// syncMutex has tasks that count under a lock.
func syncMutex(loaves []string) int {
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		total int
	)
	for _, loaf := range loaves {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			total += len(loaf)
		})
	}
	wg.Wait()
	return total
}

// syncHeldAcrossWait holds the lock that its tasks want.
func (o *oven) syncHeldAcrossWait() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for range 3 {
		o.wg.Go(func() {
			o.mu.Lock()
			o.baked++
			o.mu.Unlock()
		})
	}
	o.wg.Wait()
}

// syncReadLock reads under a read lock.
func syncReadLock(stock map[string]int, names []string) int {
	var (
		mu    sync.RWMutex
		wg    sync.WaitGroup
		total atomic.Int64
	)
	for _, name := range names {
		wg.Go(func() {
			mu.RLock()
			n := stock[name]
			mu.RUnlock()
			total.Add(int64(n))
		})
	}
	wg.Wait()
	return int(total.Load())
}

// syncOnce has tasks of which one writes.
func syncOnce(ctx context.Context, loaves []string) (first error) {
	var (
		once sync.Once
		wg   sync.WaitGroup
	)
	for _, loaf := range loaves {
		wg.Go(func() {
			if err := bake(ctx, loaf); err != nil {
				once.Do(func() { first = err })
			}
		})
	}
	wg.Wait()
	return first
}

// syncSemaphore acquires in the spawner and releases in the task.
func syncSemaphore(ctx context.Context, loaves []string) error {
	sem := semaphore.NewWeighted(2)
	g, gctx := errgroup.WithContext(ctx)
	for _, loaf := range loaves {
		if err := sem.Acquire(gctx, 1); err != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return bake(gctx, loaf)
		})
	}
	return g.Wait()
}

// syncSemaphoreInTask acquires and releases in the task.
func syncSemaphoreInTask(ctx context.Context, sem *semaphore.Weighted, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, loaf := range loaves {
		g.Go(func() error {
			if err := sem.Acquire(gctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			return bake(gctx, loaf)
		})
	}
	return g.Wait()
}

// syncTryAcquire does not block.
func syncTryAcquire(sem *semaphore.Weighted) {
	if !sem.TryAcquire(1) {
		return
	}
	go func() {
		defer sem.Release(1)
		_ = cleanOven()
	}()
}

// syncChanSemaphore bounds its tasks with a buffered channel.
func syncChanSemaphore(ctx context.Context, loaves []string) error {
	slots := make(chan struct{}, 2)
	g, gctx := errgroup.WithContext(ctx)
	for _, loaf := range loaves {
		slots <- struct{}{}
		g.Go(func() error {
			defer func() { <-slots }()
			return bake(gctx, loaf)
		})
	}
	return g.Wait()
}

// syncSleep has a task that sleeps in a loop.
func syncSleep(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for gctx.Err() == nil {
			time.Sleep(time.Second)
		}
		return gctx.Err()
	})
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// syncEndless has a task that never ends.
func syncEndless(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			time.Sleep(time.Second)
		}
	})
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// syncCond waits for a condition.
func syncCond(open *bool) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		for !*open {
			cond.Wait()
		}
		mu.Unlock()
	}()
	mu.Lock()
	*open = true
	mu.Unlock()
	cond.Broadcast()
}
