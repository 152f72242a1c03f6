package nofailfast

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"golang.org/x/sync/errgroup"
)

// Contexts that a signal to the process ends.

// guardedUntilSignal waits for the user when the stove is cold.
func guardedUntilSignal(h hive) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails another goes on until ctx ends, and g.Wait does not return`
	g.Go(h.warm)
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}

// guardedTogether ends the others by the group's context.
func guardedTogether(h hive) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(h.warm)
	g.Go(func() error { return h.guard(gctx) })
	return g.Wait()
}

// stoppedByTheFirst has the task that fails do what the signal would.
func stoppedByTheFirst(h hive) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var g errgroup.Group
	g.Go(func() error {
		err := h.warm()
		if err != nil {
			stop()
		}
		return err
	})
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}

// stoppedBefore waits when nobody is on guard any more.
func stoppedBefore(h hive) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var g errgroup.Group
	defer func() {
		stop()
		err = errors.Join(err, g.Wait())
	}()
	g.Go(h.warm)
	g.Go(func() error { return h.guard(ctx) })
	return h.warm()
}
