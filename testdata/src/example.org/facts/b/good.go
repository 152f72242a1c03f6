package b

import (
	"context"
	"errors"
	"sync"

	"example.org/facts/a"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// tracedInTask derives from the right context.
func tracedInTask(ctx context.Context, urls []string) error {
	g, gctx := a.NewGroup(ctx)
	for _, url := range urls {
		g.Go(func() error {
			short, cancel := a.Short(a.Trace(gctx))
			defer cancel()
			return a.Fetch(short, url)
		})
	}
	return g.Wait()
}

// detachedInTask shields one call on purpose.
func detachedInTask(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.Fetch(a.Detach(ctx), url) })
	g.Go(func() error { return a.Fetch(gctx, url) })
	return g.Wait()
}

// readsOnly calls functions that only read and log with the parent, or ignore it.
func readsOnly(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		a.Note(ctx, url)
		if a.Number(ctx) == 0 {
			return nil
		}
		return a.Fetch(gctx, url)
	})
	g.Go(func() error {
		_, err := a.Checked(ctx, url)
		return err
	})
	return g.Wait()
}

// jobs holds the right context in the receivers of its tasks.
func jobs(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		j := &a.Job{Ctx: gctx, URL: url}
		g.Go(j.Run)
	}
	return g.Wait()
}

// started has tasks started with the right context.
func started(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, urls)
	g.Go(a.Fetcher(gctx, "index"))
	return a.Finish(g)
}

// lostNothing drops the context of tasks that neither take one nor block.
func lostNothing(ctx context.Context, urls []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			_, err := a.Checked(ctx, url)
			a.Note(ctx, url)
			return err
		})
	}
	return g.Wait()
}

// detachedAfter uses a context that Wait cannot cancel.
func detachedAfter(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	after := a.Detach(ctx)
	a.Start(g, ctx, urls)
	if err := a.Finish(g); err != nil {
		return err
	}
	return a.Fetch(after, "done")
}

// readsAfter only logs with the dead context.
func readsAfter(ctx context.Context, urls []string) (int, error) {
	g, ctx := errgroup.WithContext(ctx)
	a.Start(g, ctx, urls)
	err := a.Finish(g)
	a.Note(ctx, "done")
	return a.Number(ctx), err
}

// boundOnly calls a function with the group that does not wait, so the context still lives.
func boundOnly(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Bound(g)
	a.Start(g, gctx, urls)
	err := a.Fetch(gctx, "index")
	return errors.Join(err, g.Wait())
}

// turnEndsLoop leaves the loop when there is no turn, and waits.
func turnEndsLoop(ctx context.Context, sem *semaphore.Weighted, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		if a.Turn(gctx, sem) != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return a.Fetch(gctx, url)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// fedInTask returns the error of Feed in a task, which is right.
func fedInTask(ctx context.Context) error {
	numbers := a.Fresh(0)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(numbers)
		return a.Feed(gctx, numbers, 100)
	})
	g.Go(func() error {
		a.Drain(numbers)
		return a.Sometimes()
	})
	return g.Wait()
}

// waitedElsewhere has another package wait, on both paths.
func waitedElsewhere(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, urls)
	if err := a.Sometimes(); err != nil {
		return errors.Join(err, a.Finish(g))
	}
	return a.Finish(g)
}

// countedElsewhere has another package start, and wait.
func countedElsewhere(urls []string) {
	var wg sync.WaitGroup
	defer a.WaitAll(&wg)
	for _, url := range urls {
		a.StartCounted(&wg, url)
	}
}

// closedElsewhere has another package wait in a goroutine and close.
func closedElsewhere(urls []string) int {
	lengths := a.Fresh(len(urls))
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() { lengths <- len(url) })
	}
	a.CloseAfter(&wg, lengths)
	total := 0
	for n := range lengths {
		total += n
	}
	return total
}

// kept gives the group to somebody who waits later.
func kept(ctx context.Context, hall *a.Hall, urls []string) {
	g, gctx := errgroup.WithContext(ctx)
	a.Start(g, gctx, urls)
	hall.Keep(g)
}
