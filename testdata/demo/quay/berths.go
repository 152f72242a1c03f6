package quay

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"example.com/harbour/registry"
)

// AssignBerths reserves a berth for each ship, in their order, and publishes the plan.
func (q *Quay) AssignBerths(ctx context.Context, ships []registry.Ship) error {
	plan := line(ships)
	g, ctx := errgroup.WithContext(ctx)
	for _, berth := range plan {
		g.Go(func() error {
			return q.registry.Reserve(ctx, berth)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("reserve berths: %w", err)
	}
	return q.registry.Publish(ctx, plan)
}

// FreeBerths gives the berths of the ships back and publishes an empty plan.
func (q *Quay) FreeBerths(ctx context.Context, ships []registry.Ship) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			return q.registry.Free(gctx, ship.Name)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("free berths: %w", err)
	}
	return q.registry.Publish(ctx, nil)
}

// CallPilots sends a pilot to each ship and tells how many were called.
func (q *Quay) CallPilots(ctx context.Context, ships []registry.Ship) int {
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		g.Go(func() error {
			return q.registry.Summon(gctx, "pilots", ship.Name)
		})
	}
	g.Wait()
	return len(ships)
}

// CallTugs sends a tug to each ship that is too long to turn by itself.
func (q *Quay) CallTugs(ctx context.Context, ships []registry.Ship) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, ship := range ships {
		if ship.Length < 120 {
			continue
		}
		g.Go(func() error {
			return q.registry.Summon(gctx, "tugs", ship.Name)
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("call tugs: %w", err)
	}
	return nil
}

// line puts the ships one behind the other, with a gap between them.
func line(ships []registry.Ship) []registry.Berth {
	const gap = 20
	var plan []registry.Berth
	from := 0
	for _, ship := range ships {
		plan = append(plan, registry.Berth{Ship: ship.Name, From: from})
		from += ship.Length + gap
	}
	return plan
}
