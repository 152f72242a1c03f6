package stuckwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: nobody receives before Wait, so no task gets beyond its send.
func weighShips(ctx context.Context, ships []string) (total int, err error) {
	tons := make(chan int)
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(gctx, ship)
			tons <- n
			return err
		})
	}
	if err := g.Wait(); err != nil { // want `stuckwait: g\.Wait never returns; the task blocks for ever sending on tons`
		return 0, err
	}
	for range ships {
		total += <-tons
	}
	return total, nil
}

// GOOD: tons has room for the result of each task.
func weighFleet(ctx context.Context, ships []string) (total int, err error) {
	tons := make(chan int, len(ships))
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			n, err := weigh(gctx, ship)
			tons <- n
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	for range ships {
		total += <-tons
	}
	return total, nil
}
