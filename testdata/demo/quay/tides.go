package quay

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"example.com/harbour/registry"
)

// WarnCrews tells each ship that the water rises.
func (q *Quay) WarnCrews(ctx context.Context, ships []registry.Ship) error {
	answers := make(chan error)
	for _, ship := range ships {
		go func() { answers <- q.registry.Summon(ctx, "watch", ship.Name) }()
	}
	for range ships {
		if err := <-answers; err != nil {
			return fmt.Errorf("warn crews: %w", err)
		}
	}
	return nil
}

// WarnLocks tells the locks which ships come.
func (q *Quay) WarnLocks(ctx context.Context, ships []registry.Ship) error {
	answers := make(chan error, len(ships))
	for _, ship := range ships {
		go func() { answers <- q.registry.Summon(ctx, "lock", ship.Name) }()
	}
	var errs []error
	for range ships {
		errs = append(errs, <-answers)
	}
	return errors.Join(errs...)
}

// CountContainers says how many containers all ships have on board.
func (q *Quay) CountContainers(ctx context.Context, ships []registry.Ship) (int, error) {
	total := 0
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			m, err := q.registry.Manifest(gctx, ship.Name)
			total += len(m.Containers)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, fmt.Errorf("count containers: %w", err)
	}
	return total, nil
}

// CountSailors says how many sailors all ships have on board.
func (q *Quay) CountSailors(ctx context.Context, ships []registry.Ship) (int, error) {
	crews := make([]int, len(ships))
	g, gctx := errgroup.WithContext(ctx)
	for i, ship := range ships {
		g.Go(func() error {
			l, err := q.registry.Crew(gctx, ship.Name)
			crews[i] = len(l.Sailors)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, fmt.Errorf("count sailors: %w", err)
	}
	total := 0
	for _, n := range crews {
		total += n
	}
	return total, nil
}
