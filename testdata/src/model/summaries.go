package model

import (
	"context"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// sumIgnores ignores its context.
func sumIgnores(ctx context.Context, n int) int { return n }

// sumReads only reads a value of its context.
func sumReads(ctx context.Context) int {
	order, _ := ctx.Value(orderKey{}).(int)
	return order
}

// sumLogs only logs with its context.
func sumLogs(ctx context.Context) {
	slog.InfoContext(ctx, "oven", "order", sumReads(ctx))
}

// sumWatches waits for the end of its context.
func sumWatches(ctx context.Context) {
	<-ctx.Done()
}

// sumWatchesInLoop looks at its context in each round.
func sumWatchesInLoop(ctx context.Context, loaves []string) error {
	for _, loaf := range loaves {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := bake(ctx, loaf); err != nil {
			return err
		}
	}
	return nil
}

// sumSends sends one value.
func sumSends(out chan<- int) {
	out <- 1
}

// sumSendsUnless sends unless its context ends.
func sumSendsUnless(ctx context.Context, out chan<- int) error {
	select {
	case out <- 1:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sumReceives receives one value.
func sumReceives(in <-chan int) int {
	return <-in
}

// sumDrains ranges to the end.
func sumDrains(in <-chan int) {
	for range in {
	}
}

// sumCloses sends and closes.
func sumCloses(out chan<- int, n int) {
	defer close(out)
	for i := range n {
		out <- i
	}
}

// sumSpawns spawns under its group.
func sumSpawns(g *errgroup.Group, ctx context.Context) {
	g.Go(func() error { return bake(ctx, "rye") })
}

// sumSpawnsBody spawns what it is given.
func sumSpawnsBody(g *errgroup.Group, body func() error) {
	g.Go(body)
}

// sumWaits waits for its group.
func sumWaits(g *errgroup.Group) error {
	return g.Wait()
}

// sumDone counts its WaitGroup down.
func sumDone(wg *sync.WaitGroup) {
	wg.Done()
}

// sumAdds counts its WaitGroup up by what it is given.
func sumAdds(wg *sync.WaitGroup, n int) {
	wg.Add(n)
}

// sumCalls calls its function.
func sumCalls(body func() error) error {
	return body()
}

// sumDefers calls its function at the end.
func sumDefers(body func()) {
	defer body()
	_ = cleanOven()
}

// sumStores keeps its context.
func (o *oven) sumStores(ctx context.Context) {
	o.ctx = ctx
}

// sumAlwaysNil returns no error.
func sumAlwaysNil(loaf string) error {
	slog.Info("baked", "loaf", loaf)
	return nil
}

// sumAlwaysNilDeep returns what sumAlwaysNil returns.
func sumAlwaysNilDeep(loaf string) error {
	return sumAlwaysNil(loaf + "!")
}

// sumFreshChan returns a channel with no room.
func sumFreshChan() <-chan int {
	out := make(chan int)
	go sumCloses(out, 3)
	return out
}

// sumDerives returns a context derived from its own.
func sumDerives(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(withOrder(ctx, 7))
}

// sumDetaches returns a context that nothing cancels.
func sumDetaches(ctx context.Context) context.Context {
	return context.WithoutCancel(ctx)
}

// sumLocks locks and unlocks a field of its receiver.
func (o *oven) sumLocks() {
	o.mu.Lock()
	o.baked++
	o.mu.Unlock()
}

// sumAcquires acquires and leaves the release to its caller.
func sumAcquires(ctx context.Context, sem *semaphore.Weighted) error {
	return sem.Acquire(ctx, 1)
}

// sumReleases releases.
func sumReleases(sem *semaphore.Weighted) {
	sem.Release(1)
}

// sumRecursive calls itself.
func sumRecursive(ctx context.Context, out chan<- int, depth int) error {
	if depth == 0 {
		return sumSendsUnless(ctx, out)
	}
	return sumRecursive(ctx, out, depth-1)
}
