// Package semaphore has a semaphore of golang.org/x/sync in use beside a group.
package semaphore

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

var errReef = errors.New("reef")

type dive struct{ reef bool }

func (d dive) begin() error {
	if d.reef {
		return errReef
	}
	return nil
}

// BAD: after the first accident it says that the context was cancelled.
func diveAll(ctx context.Context, dives []dive) error {
	g, ctx := errgroup.WithContext(ctx)
	sem := semaphore.NewWeighted(1)
	for _, d := range dives {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err // want "maskedcause: "
		}
		g.Go(func() error {
			defer sem.Release(1)
			return d.begin()
		})
	}
	return g.Wait()
}

// GOOD: it says what the accident was.
func diveAllChecked(ctx context.Context, dives []dive) error {
	g, ctx := errgroup.WithContext(ctx)
	sem := semaphore.NewWeighted(1)
	for _, d := range dives {
		if sem.Acquire(ctx, 1) != nil {
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return d.begin()
		})
	}
	return errors.Join(g.Wait())
}
