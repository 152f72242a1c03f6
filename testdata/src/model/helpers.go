package model

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

var errBurnt = errors.New("burnt")

type orderKey struct{}

type batch struct {
	ctx  context.Context
	loaf string
}

// run watches the context in its receiver.
func (b *batch) run() error {
	return bake(b.ctx, b.loaf)
}

// bake watches its context, and may fail.
func bake(ctx context.Context, loaf string) error {
	select {
	case <-time.After(time.Duration(len(loaf)) * time.Millisecond):
		if loaf == "" {
			return errBurnt
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bakeTwice passes its context on.
func bakeTwice(ctx context.Context, loaf string) error {
	if err := bake(ctx, loaf); err != nil {
		return err
	}
	return bake(ctx, loaf)
}

// cleanOven has no context and may fail.
func cleanOven() error {
	if time.Now().Second() == 0 {
		return errBurnt
	}
	return nil
}

// baker returns a task that watches ctx.
func baker(ctx context.Context, loaf string) func() error {
	return func() error { return bake(ctx, loaf) }
}

// bakeInto sends its result.
func bakeInto(ctx context.Context, i int, loaf string, errs chan<- error) {
	if i < 0 {
		loaf = ""
	}
	errs <- bake(ctx, loaf)
}

// startBaking spawns under its caller's group.
func startBaking(g *errgroup.Group, ctx context.Context, loaves []string) {
	for _, loaf := range loaves {
		g.Go(func() error { return bake(ctx, loaf) })
	}
}

// openOven returns a group and its context.
func openOven(ctx context.Context, limit int) (*errgroup.Group, context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(limit)
	return g, gctx
}

// withOrder derives a context.
func withOrder(ctx context.Context, order int) context.Context {
	return context.WithValue(ctx, orderKey{}, order)
}

// freshSizes returns a new channel with room for n.
func freshSizes(n int) chan int {
	return make(chan int, n)
}

// measure counts itself done.
func measure(wg *sync.WaitGroup, loaf string) {
	defer wg.Done()
	time.Sleep(time.Duration(len(loaf)) * time.Millisecond)
}

// waitFor waits for its caller's tasks.
func waitFor(wg *sync.WaitGroup) {
	wg.Wait()
}

// heat counts itself done in the receiver.
func (o *oven) heat() {
	defer o.wg.Done()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.baked++
}
