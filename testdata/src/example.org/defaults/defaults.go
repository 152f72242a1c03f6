// Package defaults has tasks whose lost errors are reported to everybody, and others that
// only those hear of who have named silenttask.
package defaults

import (
	"context"
	"errors"
	"fmt"
	"log"

	"golang.org/x/sync/errgroup"
)

var errClosed = errors.New("closed")

func knock(ctx context.Context, door string) error {
	if door == "" {
		return errClosed
	}
	return ctx.Err()
}

// visit loses the failure, and nothing else tells of it.
func visit(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		g.Go(func() error {
			if err := knock(gctx, door); err != nil {
				return nil // want `silenttask: the error of knock is dropped and the task returns nil`
			}
			return knock(gctx, door+", upstairs")
		})
	}
	return g.Wait()
}

// note logs it.
func note(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		g.Go(func() error {
			if err := knock(gctx, door); err != nil {
				log.Print(err)
				return nil
			}
			return knock(gctx, door+", upstairs")
		})
	}
	return g.Wait()
}

// open has a result of each door, which stays false.
func open(ctx context.Context, doors []string) ([]bool, error) {
	g, gctx := errgroup.WithContext(ctx)
	open := make([]bool, len(doors))
	for i, door := range doors {
		g.Go(func() error {
			if err := knock(gctx, door); err != nil {
				return nil
			}
			open[i] = true
			return nil
		})
	}
	return open, g.Wait()
}

// closed wants the failure.
func closed(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		g.Go(func() error {
			if err := knock(gctx, door); err != nil {
				return nil
			}
			return fmt.Errorf("%s is open", door)
		})
	}
	return g.Wait()
}

// wrapped passes on the failures of another call, and still loses this one.
func wrapped(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		g.Go(func() error {
			if err := knock(gctx, door); err != nil {
				return nil // want `silenttask: the error of knock is dropped and the task returns nil`
			}
			if err := knock(gctx, door+", upstairs"); err != nil {
				return fmt.Errorf("%s: %w", door, err)
			}
			return nil
		})
	}
	return g.Wait()
}
