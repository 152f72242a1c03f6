package deaftask

import (
	"context"
	"errors"
	"log"

	"golang.org/x/sync/errgroup"
)

// Loops that ask without a pause: they do not block, they burn.

type sextant interface {
	angle(ctx context.Context) (float64, error)
}

// asksOn does not even sleep: once the context has ended it goes round and round.
func asksOn(ctx context.Context, m sextant, use func(float64)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			a, err := m.angle(gctx) // want `deaftask: the task goes on when m\.angle fails because gctx has ended; the loop does not stop when a sibling fails`
			if err != nil {
				log.Print(err)
				continue
			}
			use(a)
		}
	})
	return g.Wait()
}

// asksUntilEnd goes on after a failure, unless that is the end.
func asksUntilEnd(ctx context.Context, m sextant, use func(float64)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			a, err := m.angle(gctx)
			if errors.Is(err, context.Canceled) {
				return err
			}
			if err != nil {
				continue
			}
			use(a)
		}
	})
	return g.Wait()
}

// asksWhileNight has another way out.
func asksWhileNight(ctx context.Context, m sextant, night func() bool) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for night() {
			if _, err := m.angle(gctx); err != nil {
				continue
			}
		}
		return nil
	})
	return g.Wait()
}

// asksThree goes on with the next one.
func asksThree(ctx context.Context, sextants []sextant, use func(float64)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for _, m := range sextants {
			a, err := m.angle(gctx)
			if err != nil {
				continue
			}
			use(a)
		}
		return nil
	})
	return g.Wait()
}
