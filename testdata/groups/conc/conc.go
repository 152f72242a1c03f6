// Package conc has pools of github.com/sourcegraph/conc in use.
package conc

import (
	"context"
	"errors"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
)

var errBurnt = errors.New("burnt")

type loaf struct{ burnt bool }

func bake(ctx context.Context, l loaf) error {
	if l.burnt {
		return errBurnt
	}
	return ctx.Err()
}

// rise takes as long as it is let.
func rise(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// BAD: a burnt loaf goes unnoticed.
func bakeAll(ctx context.Context, loaves []loaf) error {
	p := pool.New().WithErrors().WithMaxGoroutines(2)
	for _, l := range loaves {
		p.Go(func() error { return bake(ctx, l) })
	}
	p.Wait() // want "droppedwait: the error of p.Wait is dropped"
	return nil
}

// GOOD: all errors, joined.
func bakeAllChecked(ctx context.Context, loaves []loaf) error {
	p := pool.New().WithErrors().WithMaxGoroutines(2)
	for _, l := range loaves {
		p.Go(func() error { return bake(ctx, l) })
	}
	return p.Wait()
}

// BAD: a burnt loaf goes unnoticed, as the results come without their error.
func weigh(loaves []loaf) []int {
	p := pool.NewWithResults[int]().WithErrors()
	for _, l := range loaves {
		p.Go(func() (int, error) { return 1, bake(context.Background(), l) })
	}
	weights, _ := p.Wait()
	return weights // want -1 "droppedwait: the error of p.Wait is dropped"
}

// BAD: the dough rises on the caller's context; a burnt loaf does not stop it.
func bakeAndRise(ctx context.Context, l loaf) error {
	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	p.Go(func(context.Context) error { return rise(ctx) }) // want "parentctx: "
	p.Go(func(ctx context.Context) error { return bake(ctx, l) })
	return p.Wait()
}

// GOOD: it rises on the context that the pool gives to it.
func bakeAndRiseStopped(ctx context.Context, l loaf) error {
	p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	p.Go(func(ctx context.Context) error { return rise(ctx) })
	p.Go(func(ctx context.Context) error { return bake(ctx, l) })
	return p.Wait()
}

// BAD: without flour the oven is left burning.
func heat(ctx context.Context, flour int) error {
	var wg conc.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	if flour == 0 {
		return nil // want "missedwait: "
	}
	wg.Wait()
	return nil
}

// GOOD: it looks for flour first.
func heatLater(ctx context.Context, flour int) error {
	if flour == 0 {
		return errors.New("no flour")
	}
	var wg conc.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	wg.Wait()
	return nil
}

// BAD: the slice is complete, the error is gone.
func slice(loaves []loaf) []int {
	slices, _ := iter.MapErr(loaves, func(l *loaf) (int, error) { return 8, bake(context.Background(), *l) })
	return slices // want -1 "droppedwait: the error of iter.MapErr is dropped"
}
