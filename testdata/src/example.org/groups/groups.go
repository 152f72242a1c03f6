// Package groups gathers tasks under groups of other libraries.
package groups

import (
	"context"
	"errors"
	"sync"

	"github.com/creachadair/taskgroup"
	"github.com/oklog/run"
	"github.com/sourcegraph/conc/pool"
)

var errNoFlour = errors.New("no flour")

func mill(ctx context.Context, grain string) error {
	if grain == "" {
		return errNoFlour
	}
	<-ctx.Done()
	return ctx.Err()
}

func dropped(ctx context.Context, sacks []string) {
	p := pool.New().WithErrors()
	for _, sack := range sacks {
		p.Go(func() error { return mill(ctx, sack) })
	}
	p.Wait() // want `droppedwait: the error of p.Wait is dropped`
}

func kept(ctx context.Context, sacks []string) error {
	p := pool.New().WithErrors()
	for _, sack := range sacks {
		p.Go(func() error { return mill(ctx, sack) })
	}
	return p.Wait()
}

// A plain pool has no errors.
func plain(ctx context.Context, sacks []string) {
	p := pool.New().WithMaxGoroutines(2)
	for _, sack := range sacks {
		p.Go(func() { _ = mill(ctx, sack) })
	}
	p.Wait()
}

func parent(ctx context.Context, sacks []string) error {
	p := pool.New().WithContext(ctx).WithMaxGoroutines(4).WithCancelOnError()
	for _, sack := range sacks {
		p.Go(func(context.Context) error { return mill(ctx, sack) }) // want `parentctx: task uses ctx, which does not die when p fails`
	}
	return p.Wait()
}

func given(ctx context.Context, sacks []string) error {
	p := pool.New().WithContext(ctx).WithCancelOnError()
	for _, sack := range sacks {
		p.Go(func(ctx context.Context) error { return mill(ctx, sack) })
	}
	return p.Wait()
}

// Nobody asked the pool to cancel: all sacks are milled, and all errors told.
func collected(ctx context.Context, sacks []string) error {
	p := pool.New().WithContext(ctx)
	for _, sack := range sacks {
		p.Go(func(context.Context) error { return mill(ctx, sack) })
	}
	return p.Wait()
}

func left(ctx context.Context, sacks []string) error {
	p := pool.New().WithErrors()
	for _, sack := range sacks {
		if sack == "" {
			return nil // want `missedwait: left returns without p.Wait`
		}
		p.Go(func() error { return mill(ctx, sack) })
	}
	return p.Wait()
}

func tasks(ctx context.Context, sacks []string) {
	g := taskgroup.New(nil)
	for _, sack := range sacks {
		g.Go(func() error { return mill(ctx, sack) })
	}
	g.Wait() // want `droppedwait: the error of g.Wait is dropped`
}

// The hook sees every error, so what Wait says is not needed.
func hooked(ctx context.Context, sacks []string) error {
	var mu sync.Mutex
	var errs []error
	g := taskgroup.New(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err)
	})
	for _, sack := range sacks {
		g.Go(func() error { return mill(ctx, sack) })
	}
	g.Wait()
	return errors.Join(errs...)
}

func hookedLater(ctx context.Context, sacks []string, tell func(error)) {
	var g taskgroup.Group
	g.OnError(tell)
	for _, sack := range sacks {
		g.Go(func() error { return mill(ctx, sack) })
	}
	g.Wait()
}

// interrupted waits for the oven, or until the group interrupts it: what cancels is given
// to the group.
func interrupted(g *run.Group, heat func() error) {
	hot := make(chan struct{})
	g.Add(func() error {
		if err := heat(); err != nil {
			return err
		}
		close(hot)
		return nil
	}, func(error) {})
	ctx, cancel := context.WithCancel(context.Background())
	g.Add(func() error {
		select {
		case <-ctx.Done():
		case <-hot:
		}
		return nil
	}, func(error) { cancel() })
}
