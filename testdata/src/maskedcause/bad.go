package maskedcause

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// acquireOnly returns the error of Acquire without waiting at all.
func acquireOnly(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(gctx, 1); err != nil {
			return err // want `maskedcause: acquireOnly returns the error of the dead context gctx; the error of the task that failed stays in g`
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// acquireWrapped wraps it; the cause is not in it all the same.
func acquireWrapped(ctx context.Context, books []book) error {
	sem := semaphore.NewWeighted(4)
	g, ctx := errgroup.WithContext(ctx)
	for _, b := range books {
		if err := sem.Acquire(ctx, 1); err != nil {
			return fmt.Errorf("turn of %s: %w", b.isbn, err) // want `maskedcause: .* returns the error of the dead context ctx\b`
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(ctx, b)
		})
	}
	return g.Wait()
}

// selectErr returns the context's error from the feeding loop.
func selectErr(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	for _, b := range books {
		select {
		case shelf <- b:
		case <-gctx.Done():
			close(shelf)
			return gctx.Err() // want `maskedcause: selectErr returns the error of the dead context gctx`
		}
	}
	close(shelf)
	return g.Wait()
}

// selectErrWaited does so after it has closed the channel and waited.
func selectErrWaited(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	for _, b := range books {
		select {
		case <-gctx.Done():
			err := gctx.Err()
			close(shelf)
			_ = g.Wait() // the scanners must have left the shelf
			return err   // want `maskedcause: .* returns the error of the dead context gctx`
		case shelf <- b:
		}
	}
	close(shelf)
	return g.Wait()
}

// askedInLoop asks before each start.
func askedInLoop(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, b := range books {
		if err := gctx.Err(); err != nil {
			_ = g.Wait() // nobody may scan any more
			return err   // want `maskedcause: .* returns the error of the dead context gctx`
		}
		g.Go(func() error { return scan(gctx, b) })
	}
	return g.Wait()
}

// insteadOfWait waits, sees the failure and returns the context's error.
func insteadOfWait(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	scanAll(g, gctx, books)
	if err := g.Wait(); err != nil {
		return gctx.Err() // want `maskedcause: .* returns the error of the dead context gctx`
	}
	return nil
}

// severalResults returns it beside other results.
func severalResults(ctx context.Context, books []book) (int, error) {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 2, shelf)
	for i, b := range books {
		select {
		case <-gctx.Done():
			close(shelf)
			_ = g.Wait()         // the scanners must have left the shelf
			return i, gctx.Err() // want `maskedcause: .* returns the error of the dead context gctx`
		case shelf <- b:
		}
	}
	close(shelf)
	return len(books), g.Wait()
}

// namedResult assigns it to the named result and returns bare.
func namedResult(ctx context.Context, books []book) (err error) {
	sem := semaphore.NewWeighted(4)
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		err = sem.Acquire(gctx, 1)
		if err != nil {
			_ = g.Wait() // nobody may scan any more
			return       // want `maskedcause: .* returns the error of the dead context gctx`
		}
		g.Go(func() error {
			defer sem.Release(1)
			return scan(gctx, b)
		})
	}
	return g.Wait()
}

// keptForLater keeps it in a variable, leaves the loop, waits, and prefers it.
func keptForLater(ctx context.Context, books []book) error {
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
	err := g.Wait()
	if turn != nil {
		return turn // not seen: whether Wait said nil is not followed
	}
	return err
}

// calledHelper gets it from a function of the package that fails only when its context ends.
func calledHelper(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	scanners(g, gctx, 4, shelf)
	for _, b := range books {
		if err := offer(gctx, shelf, b); err != nil {
			close(shelf)
			_ = g.Wait() // the scanners must have left the shelf
			return err   // want `maskedcause: .* returns the error of the dead context gctx`
		}
	}
	close(shelf)
	return g.Wait()
}

type feedKey struct{}

// derived asks a context derived from the group's.
func derived(ctx context.Context, books []book) error {
	shelf := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	fctx := context.WithValue(gctx, feedKey{}, "shelf")
	scanners(g, gctx, 4, shelf)
	for _, b := range books {
		select {
		case shelf <- b:
		case <-fctx.Done():
			close(shelf)
			_ = g.Wait()      // the scanners must have left the shelf
			return fctx.Err() // want `maskedcause: .* returns the error of the dead context fctx`
		}
	}
	close(shelf)
	return g.Wait()
}

// paused waits between two starts and gives up when the context ends.
func paused(ctx context.Context, books []book) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error { return scan(gctx, b) })
		select {
		case <-tick.C:
		case <-gctx.Done():
			_ = g.Wait()      // nobody may scan any more
			return gctx.Err() // want `maskedcause: .* returns the error of the dead context gctx`
		}
	}
	return g.Wait()
}

type library struct {
	group *errgroup.Group
	sem   *semaphore.Weighted
}

// method has its group in a field.
func (l *library) method(ctx context.Context, books []book) error {
	var gctx context.Context
	l.group, gctx = errgroup.WithContext(ctx)
	for _, b := range books {
		if err := l.sem.Acquire(gctx, 1); err != nil {
			_ = l.group.Wait() // nobody may scan any more
			return err         // want `maskedcause: .* returns the error of the dead context gctx; .* stays in l\.group`
		}
		l.group.Go(func() error {
			defer l.sem.Release(1)
			return scan(gctx, b)
		})
	}
	return l.group.Wait()
}

// spread is generic.
func spread[T any](ctx context.Context, items []T, visit func(context.Context, T) error) error {
	sem := semaphore.NewWeighted(8)
	g, gctx := errgroup.WithContext(ctx)
	for _, item := range items {
		if err := sem.Acquire(gctx, 1); err != nil {
			_ = g.Wait() // the visits must be over
			return err   // want `maskedcause: .* returns the error of the dead context gctx`
		}
		g.Go(func() error {
			defer sem.Release(1)
			return visit(gctx, item)
		})
	}
	return g.Wait()
}

// inTask is a task of one group and spawner of another; it masks the error of its own.
func inTask(ctx context.Context, shelves [][]book) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, books := range shelves {
		outer.Go(func() error {
			sem := semaphore.NewWeighted(2)
			inner, ictx := errgroup.WithContext(octx)
			for _, b := range books {
				if err := sem.Acquire(ictx, 1); err != nil {
					_ = inner.Wait() // nobody may scan any more
					return err       // want `maskedcause: .* returns the error of the dead context ictx; .* stays in inner`
				}
				inner.Go(func() error {
					defer sem.Release(1)
					return scan(ictx, b)
				})
			}
			return inner.Wait()
		})
	}
	return outer.Wait()
}
