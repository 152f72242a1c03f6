package quay

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"example.com/harbour/registry"
)

var errNoRope = errors.New("rope is worn out")

type crane struct {
	number int
	home   int
}

// inspect reads what was last found of the crane's ropes.
func (c crane) inspect(ctx context.Context, r *registry.Client) error {
	worn, err := r.Worn(ctx, c.number)
	if worn {
		err = errNoRope
	}
	if err != nil {
		return fmt.Errorf("crane %d: %w", c.number, err)
	}
	return nil
}

// StartShift inspects the cranes and brings each to its place.
func (q *Quay) StartShift(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range q.cranes {
		if err := c.inspect(gctx, q.registry); err != nil {
			return fmt.Errorf("start shift: %w", err)
		}
		g.Go(func() error {
			return q.registry.MoveCrane(gctx, c.number, c.home)
		})
	}
	return g.Wait()
}

// EndShift inspects the cranes and brings them all to the shed.
func (q *Quay) EndShift(ctx context.Context) error {
	for _, c := range q.cranes {
		if err := c.inspect(ctx, q.registry); err != nil {
			return fmt.Errorf("end shift: %w", err)
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range q.cranes {
		g.Go(func() error {
			return q.registry.MoveCrane(gctx, c.number, 0)
		})
	}
	return g.Wait()
}

// Unload brings a ship's containers ashore, as many at a time as there are cranes.
func (q *Quay) Unload(ctx context.Context, m registry.Manifest) error {
	free := semaphore.NewWeighted(int64(len(q.cranes)))
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range m.Containers {
		if err := free.Acquire(gctx, 1); err != nil {
			_ = g.Wait() // the cranes must stand still before the ship may leave
			return fmt.Errorf("unload %s: %w", m.Ship, err)
		}
		g.Go(func() error {
			defer free.Release(1)
			return q.registry.MoveContainer(gctx, c.Number, "ashore")
		})
	}
	return g.Wait()
}

// Load brings a ship's containers on board, as many at a time as there are cranes.
func (q *Quay) Load(ctx context.Context, m registry.Manifest) error {
	free := semaphore.NewWeighted(int64(len(q.cranes)))
	g, gctx := errgroup.WithContext(ctx)
	for _, c := range m.Containers {
		if free.Acquire(gctx, 1) != nil {
			break
		}
		g.Go(func() error {
			defer free.Release(1)
			return q.registry.MoveContainer(gctx, c.Number, "on board")
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("load %s: %w", m.Ship, err)
	}
	return ctx.Err()
}
