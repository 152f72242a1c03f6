// Package b uses package a; what is good and what is bad here hangs on what
// the functions of a do.
package b

import (
	"context"
	"sync"

	"example.org/facts/a"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// parentInTask calls a function that watches the wrong context.
func parentInTask(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.Fetch(gctx, url) })
	g.Go(func() error { return a.FetchTwice(ctx, url) }) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// parentToStart has tasks started with the wrong context.
func parentToStart(ctx context.Context, first, rest []string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, first)
	a.Start(g, ctx, rest) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// parentTraced derives from the wrong context.
func parentTraced(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	traced := a.Trace(ctx)
	g.Go(func() error { return a.Fetch(gctx, url) })
	g.Go(func() error { return a.Fetch(traced, url) }) // want `parentctx: task uses traced\b`
	return g.Wait()
}

// parentWithMade has its group from another package.
func parentWithMade(ctx context.Context, url string) error {
	g, gctx := a.NewGroup(ctx)
	g.Go(func() error { return a.Fetch(gctx, url) })
	g.Go(func() error { return a.Fetch(ctx, url) }) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// parentInEach gives the task to a function that starts it several times.
func parentInEach(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Each(g, 3, func() error {
		return a.Fetch(ctx, url) // want `parentctx: task uses ctx\b`
	})
	g.Go(func() error { return a.Fetch(gctx, url) })
	return g.Wait()
}

// parentFetcher binds the wrong context to a task that another package makes.
func parentFetcher(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(a.Fetcher(gctx, url))
	g.Go(a.Fetcher(ctx, url)) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// lostMade drops the context of a group from another package.
func lostMade(ctx context.Context, urls []string) error {
	g, _ := a.NewGroup(ctx) // want `lostctx: the context of g is thrown away`
	a.Start(g, ctx, urls)
	return g.Wait()
}

// lostStart drops the context; the tasks are started elsewhere, on the parent.
func lostStart(ctx context.Context, urls []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	a.Start(g, ctx, urls)
	return g.Wait()
}

// lostPush drops the context; its tasks block in another package.
func lostPush(ctx context.Context, out chan<- int) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(func() error {
		a.Push(out, 1)
		return nil
	})
	g.Go(a.Sometimes)
	return g.Wait()
}

// deadFinish has another package wait.
func deadFinish(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	a.Start(g, ctx, urls)
	if err := a.Finish(g); err != nil {
		return err
	}
	return a.Fetch(ctx, "done") // want `deadctx: ctx is already cancelled here`
}

// deadTraced uses a context that another package derived from the group's.
func deadTraced(ctx context.Context, urls []string) error {
	g, gctx := a.NewGroup(ctx)
	traced := a.Trace(gctx)
	a.Start(g, traced, urls)
	if err := g.Wait(); err != nil {
		return err
	}
	return a.Fetch(traced, "done") // want `deadctx: traced is already cancelled here`
}

// droppedStart drops the error of tasks that may fail.
func droppedStart(ctx context.Context, urls []string) {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, urls)
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// droppedNamed drops the error of a named task that may fail.
func droppedNamed() {
	var g errgroup.Group
	g.Go(a.AlwaysNil)
	g.Go(a.Sometimes)
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// maskedTurn returns the error of a call that fails only when the group's context dies.
func maskedTurn(ctx context.Context, sem *semaphore.Weighted, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		if err := a.Turn(gctx, sem); err != nil {
			_ = g.Wait() // nothing may run on
			return err   // not seen: nothing in the signature says that Turn fails with ctx only
		}
		g.Go(func() error {
			defer sem.Release(1)
			return a.Fetch(gctx, url)
		})
	}
	return g.Wait()
}

// maskedFeed does so with a function that feeds a channel.
func maskedFeed(ctx context.Context) error {
	numbers := a.Fresh(0)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for range numbers {
			if err := a.Sometimes(); err != nil {
				return err
			}
		}
		return nil
	})
	err := a.Feed(gctx, numbers, 100)
	close(numbers)
	if err != nil {
		_ = g.Wait() // nothing may run on
		return err   // want `maskedcause: maskedFeed returns the error of the dead context gctx`
	}
	return g.Wait()
}

// missedStart returns after another package has started the tasks.
func missedStart(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, urls)
	if err := a.Sometimes(); err != nil {
		return nil // want `missedwait: missedStart returns without g\.Wait`
	}
	return g.Wait()
}

// missedNever hands its group to a function that does not wait either.
func missedNever(ctx context.Context, url string) {
	g, gctx := errgroup.WithContext(ctx)
	a.Bound(g)
	g.Go(func() error { return a.Fetch(gctx, url) }) // want `missedwait: nothing ever waits for g`
}

// missedCounted returns after another package has started a counted task.
func missedCounted(urls []string) error {
	var wg sync.WaitGroup
	for _, url := range urls {
		if err := a.Sometimes(); err != nil {
			return nil // want `missedwait: missedCounted returns without wg\.Wait`
		}
		a.StartCounted(&wg, url)
	}
	wg.Wait()
	return nil
}
