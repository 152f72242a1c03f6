package model

import (
	"context"
	"errors"
	"fmt"
	"log"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// resultDropped drops the results of TryGo and Wait.
func resultDropped(ctx context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.TryGo(func() error { return bake(gctx, "rye") })
	g.Wait()
}

// resultBlank assigns the result of Wait to nothing.
func resultBlank(ctx context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })

	_ = g.Wait()
}

// resultUnread assigns the result of Wait and does not look at it.
func resultUnread(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	err := cleanOven()
	if err != nil {
		return err
	}
	err = g.Wait()
	return nil
}

// resultDeferred waits in a defer.
func resultDeferred(ctx context.Context) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() { err = errors.Join(err, g.Wait()) }()
	g.Go(func() error { return bake(gctx, "rye") })
	return cleanOven()
}

// resultWrapped wraps the errors that it returns.
func resultWrapped(ctx context.Context, sem *semaphore.Weighted) error {
	g, gctx := errgroup.WithContext(ctx)
	if err := sem.Acquire(gctx, 1); err != nil {
		return fmt.Errorf("acquire: %w", err)
	}
	g.Go(func() error {
		if err := bake(gctx, "rye"); err != nil {
			return fmt.Errorf("bake: %w", err)
		}
		return context.Cause(gctx)
	})
	if err := g.Wait(); err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	return gctx.Err()
}

// resultKept has tasks that keep their errors in different places.
func resultKept(ctx context.Context, note func(error)) error {
	var g errgroup.Group
	var mu sync.Mutex
	var all []error
	errs := make(chan error, 2)
	g.Go(func() error {
		err := bake(ctx, "rye")
		errs <- err
		return err
	})
	g.Go(func() error {
		err := bake(ctx, "wheat")
		mu.Lock()
		defer mu.Unlock()
		all = append(all, err)
		return err
	})
	g.Go(func() error {
		err := bake(ctx, "spelt")
		note(err)
		return err
	})
	g.Go(func() error {
		err := bake(ctx, "oat")
		log.Print(err)
		return err
	})
	return g.Wait()
}

// resultFatal ends a test from within a task.
func resultFatal(t *testing.T, ctx context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := bake(gctx, "rye"); err != nil {
			t.Fatal(err)
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		log.Fatal(err)
	}
}
