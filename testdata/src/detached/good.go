package detached

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// nothingAtHand has no other context.
func nothingAtHand(buoys []buoy) error {
	var g errgroup.Group
	for _, b := range buoys {
		g.Go(func() error { return b.read(context.Background()) })
	}
	return g.Wait()
}

// timed gives the call a limit.
func timed(ctx context.Context, buoys []buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range buoys {
		g.Go(func() error {
			if err := b.read(gctx); err != nil {
				return err
			}
			short, cancel := context.WithTimeout(context.WithoutCancel(gctx), time.Second)
			defer cancel()
			return b.read(short)
		})
	}
	return g.Wait()
}

// timedByHelper has the limit made elsewhere.
func timedByHelper(ctx context.Context, b buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return b.read(gctx) })
	g.Go(func() error {
		short, cancel := limited()
		defer cancel()
		return b.read(short)
	})
	return g.Wait()
}

// cleansUp lets go in any case.
func cleansUp(ctx context.Context, buoys []buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range buoys {
		g.Go(func() error {
			defer b.read(context.Background())
			if err := b.read(gctx); err != nil {
				_ = b.read(context.Background())
				return err
			}
			return nil
		})
		g.Go(func() error {
			<-gctx.Done()
			return b.read(context.WithoutCancel(gctx))
		})
		g.Go(func() error { return b.shutdown(context.Background()) })
	}
	return g.Wait()
}

// unwaited is not waited for.
func unwaited(ctx context.Context, b buoy) {
	go b.read(context.Background())
	_ = b.read(ctx)
}

// elsewhere leaves the choice to a function that has no other context.
func elsewhere(ctx context.Context, b buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return b.read(gctx) })
	g.Go(func() error { return b.drift() })
	g.Go(func() error { return b.moor() })
	return g.Wait()
}

// eitherWay ends in another way too.
func eitherWay(ctx context.Context, b buoy, stop chan struct{}) {
	idle := context.Background()
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-idle.Done():
		case <-stop:
		}
	})
	wg.Wait()
}

// chosen has one of two contexts.
func chosen(ctx context.Context, b buoy, calm bool) error {
	c := ctx
	if calm {
		c = context.Background()
	}
	var g errgroup.Group
	g.Go(func() error { return b.read(c) })
	return g.Wait()
}

// nested derives a group from nothing, which ends by itself when a task of it fails.
func nested(ctx context.Context, buoys []buoy) {
	var wg sync.WaitGroup
	wg.Go(func() {
		g, gctx := errgroup.WithContext(context.Background())
		for _, b := range buoys {
			g.Go(func() error { return b.read(gctx) })
		}
		_ = g.Wait()
	})
	wg.Wait()
}

// shielded says what it does.
func shielded(ctx context.Context, buoys []buoy) {
	var wg sync.WaitGroup
	for _, b := range buoys {
		wg.Go(func() { _ = b.read(context.WithoutCancel(ctx)) })
	}
	wg.Wait()
}

// stopped is told to end by a method, as its twin knows.
func stopped(ctx context.Context, buoys []buoy) error {
	l := &lamp{dark: make(chan struct{})}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return l.burn(context.Background()) })
	g.Go(func() error {
		defer l.Stop()
		return buoys[0].read(gctx)
	})
	return g.Wait()
}
