package detached

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// inVariable has the context in a variable.
func inVariable(ctx context.Context, buoys []buoy) error {
	calm := context.TODO()
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range buoys {
		g.Go(func() error {
			if err := b.read(gctx); err != nil {
				return err
			}
			return b.read(calm) // want `detached: task gives calm \(context\.TODO\) to b\.read, and it never ends; g\.Wait waits although a sibling has failed`
		})
	}
	return g.Wait()
}

// withValue only adds a value.
func withValue(ctx context.Context, b buoy) error {
	var g errgroup.Group
	g.Go(func() error {
		tagged := context.WithValue(context.Background(), key{}, b.url)
		return b.read(tagged) // want `detached: task gives tagged \(context\.Background\) to b\.read, and it never ends; g\.Wait waits although ctx has ended`
	})
	return g.Wait()
}

// deaf waits for what never comes.
func deaf(ctx context.Context, buoys []buoy) {
	calm := context.WithoutCancel(ctx)
	var wg sync.WaitGroup
	for _, b := range buoys {
		wg.Go(func() {
			_ = b.read(ctx)
			<-calm.Done() // want `detached: task waits for the end of calm \(context\.WithoutCancel\), which never comes; wg\.Wait waits although ctx has ended`
		})
	}
	wg.Wait()
}

// named starts a named function that has both.
func named(ctx context.Context, buoys []buoy) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range buoys {
		g.Go(func() error { return b.poll(gctx) })
	}
	return g.Wait()
}

// otherStopped stops something else.
func otherStopped(ctx context.Context, near, far *lamp) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return near.burn(context.Background()) }) // want `detached: task gives context\.Background\(\) to near\.burn, and it never ends; g\.Wait waits although ctx has ended`
	g.Go(func() error {
		defer far.Stop()
		return far.burn(gctx)
	})
	return g.Wait()
}
