package droppedwait

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, each beside the case that differs in one point.

// failsAnyway drops the tasks' error only where it reports another one.
func failsAnyway(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if err := printLabels(); err != nil {
		_ = g.Wait()
		return fmt.Errorf("labels: %w", err)
	}
	return g.Wait()
}

// mayStillSucceed reports the other error whether there is one or not.
func mayStillSucceed(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	err := printLabels()
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return err
}

// closerBeside waits in a goroutine beside the Wait that is looked at.
func closerBeside(ctx context.Context, parcels []parcel) error {
	done := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	go func() {
		g.Wait()
		close(done)
	}()
	<-done
	return g.Wait()
}

// closerAlone has nobody who looks.
func closerAlone(ctx context.Context, parcels []parcel) {
	done := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	go func() {
		g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
		close(done)
	}()
	<-done
}

// A round keeps its group between Start and Close.
type round struct {
	drivers *errgroup.Group
	clerks  *errgroup.Group
}

// Start makes both groups.
func (r *round) Start(ctx context.Context, parcels []parcel) {
	var gctx context.Context
	r.drivers, gctx = errgroup.WithContext(ctx)
	r.clerks = new(errgroup.Group)
	deliverAll(r.drivers, gctx, parcels)
	r.clerks.Go(printLabels)
}

// Close looks at one of them.
func (r *round) Close() error {
	r.clerks.Wait() // want `droppedwait: the error of r\.clerks\.Wait is dropped`
	return r.drivers.Wait()
}

// netted waits on every path and looks on the one that succeeds.
func netted(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	defer g.Wait()
	for _, p := range parcels {
		if p.address == "" {
			return fmt.Errorf("parcel %v", p)
		}
		g.Go(func() error { return deliver(gctx, p) })
	}
	return g.Wait()
}

// askedCause asks the context for the error that ended it.
func askedCause(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	g.Wait()
	if err := context.Cause(gctx); err != context.Canceled {
		return err
	}
	return nil
}

// undelivered keeps what failed, if not why.
func undelivered(ctx context.Context, parcels []parcel) (back []parcel) {
	var mu sync.Mutex
	var g errgroup.Group
	for _, p := range parcels {
		g.Go(func() error {
			err := deliver(ctx, p)
			if err != nil {
				mu.Lock()
				back = append(back, p)
				mu.Unlock()
			}
			return err
		})
	}
	g.Wait()
	return back
}

// delivered keeps what did not fail.
func delivered(ctx context.Context, parcels []parcel) (done []parcel) {
	var mu sync.Mutex
	var g errgroup.Group
	for _, p := range parcels {
		g.Go(func() error {
			if err := deliver(ctx, p); err != nil {
				return err
			}
			mu.Lock()
			done = append(done, p)
			mu.Unlock()
			return nil
		})
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return done
}
