package maskedcause

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// causeOf returns the cause, which is the first error of the group.
func causeOf(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(gctx, 1); err != nil {
			_ = g.Wait() // nobody may scan any more
			return context.Cause(gctx)
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// leaveLoop leaves the feeding loop by a label and waits.
func leaveLoop(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
feed:
	for _, b := range books {
		select {
		case shelf <- b:
		case <-gctx.Done():
			break feed
		}
	}
	close(shelf)
	return g.Wait()
}

// waitAtOnce returns what Wait says.
func waitAtOnce(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, b := range books {
		if gctx.Err() != nil {
			return g.Wait()
		}
		g.Go(func() error { return scan(gctx, b) })
	}
	return g.Wait()
}

// taskReturns has tasks that return the context's error: that is right.
func taskReturns(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	g.Go(func() error {
		defer close(shelf)
		for _, b := range books {
			select {
			case shelf <- b:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// feedTask has a task that gets it from a helper.
func feedTask(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	feed := func() error {
		defer close(shelf)
		for _, b := range books {
			if err := offer(gctx, shelf, b); err != nil {
				return err
			}
		}
		return nil
	}
	g.Go(feed)
	return g.Wait()
}

// acquireInTask waits for its turn in the task.
func acquireInTask(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if err := sem.Acquire(gctx, 1); err != nil {
				return err
			}
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// parentAcquire waits for its turn with the parent, whose error is the caller's own.
func parentAcquire(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(ctx, 1); err != nil {
			_ = g.Wait() // nobody may scan any more
			return err
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// parentErr asks the parent, before and after.
func parentErr(ctx context.Context, books []book) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	scanAll(g, gctx, books)
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// both returns the two of them.
func both(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	for _, b := range books {
		select {
		case shelf <- b:
		case <-gctx.Done():
			err := gctx.Err()
			close(shelf)
			return errors.Join(err, g.Wait())
		}
	}
	close(shelf)
	return g.Wait()
}

// waitFirst keeps the error of Acquire and returns it only if no task failed.
func waitFirst(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	var turn error
	for _, b := range books {
		if turn = sem.Acquire(gctx, 1); turn != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return turn
}

// beforeTasks uses the context while no task runs yet, so none can have failed.
func beforeTasks(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	if err := sem.Acquire(gctx, 2); err != nil {
		return err
	}
	defer sem.Release(2)
	scanAll(g, gctx, books)
	return g.Wait()
}

// ownFailure returns an error of the spawner's own work.
func ownFailure(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if b.isbn == "" {
			_ = g.Wait() // nobody may scan any more
			return errTornPage
		}
		g.Go(func() error { return scan(gctx, b) })
	}
	return g.Wait()
}

// deferredWait prefers what Wait says to whatever it returns.
func deferredWait(ctx context.Context, books []book) (err error) {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	defer func() {
		close(shelf)
		if waitErr := g.Wait(); waitErr != nil {
			err = waitErr
		}
	}()
	for _, b := range books {
		select {
		case shelf <- b:
		case <-gctx.Done():
			return gctx.Err()
		}
	}
	return nil
}

// plainGroup has no context of its own; the caller's is the only one.
func plainGroup(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	var g errgroup.Group
	for _, b := range books {
		if err := sem.Acquire(ctx, 1); err != nil {
			return errors.Join(err, g.Wait())
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(ctx, b)
		})
	}
	return g.Wait()
}

// timeLimit returns the error of a time limit that lies above the group.
func timeLimit(parent context.Context, books []book) error {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	scanAll(g, gctx, books)
	if err := g.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	return nil
}

// outerErr is a task of the outer group and returns the outer context's error, after its own Wait.
func outerErr(ctx context.Context, shelves [][]book) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, books := range shelves {
		outer.Go(func() error {
			inner, ictx := errgroup.WithContext(octx)
			scanAll(inner, ictx, books)
			if err := inner.Wait(); err != nil {
				return err
			}
			return octx.Err()
		})
	}
	return outer.Wait()
}

// sameVariable has an err that was the context's and is Wait's in the end.
func sameVariable(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	var err error
	for _, b := range books {
		if err = sem.Acquire(gctx, 1); err != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	err = g.Wait()
	return err
}

// collect is generic, and right.
func collect[T any](ctx context.Context, items []T, visit func(context.Context, T) error) (int, error) {
	started := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, item := range items {
		if gctx.Err() != nil {
			break
		}
		started++
		g.Go(func() error { return visit(gctx, item) })
	}
	return started, g.Wait()
}
