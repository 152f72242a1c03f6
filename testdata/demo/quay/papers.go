// Package quay plans berths, cranes and papers along one quay.
package quay

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"example.com/harbour/registry"
)

// lookups is how many requests for papers run at a time.
const lookups = 8

// A Quay has a number of cranes and the registry that it asks.
type Quay struct {
	registry *registry.Client
	cranes   []crane
}

// New returns a quay with n cranes in a row.
func New(r *registry.Client, n int) *Quay {
	q := &Quay{registry: r}
	for i := range n {
		q.cranes = append(q.cranes, crane{number: i + 1, home: i * 40})
	}
	return q
}

// Expected lists the ships of the day.
func (q *Quay) Expected(ctx context.Context) ([]registry.Ship, error) {
	return q.registry.Ships(ctx)
}

// Cargo is what the customs office wants to see.
type Cargo struct {
	Manifest  registry.Manifest
	Clearance registry.Clearance
}

// CargoPapers gathers the papers of a ship's cargo.
func (q *Quay) CargoPapers(ctx context.Context, ship registry.Ship) (*Cargo, error) {
	var c Cargo
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		c.Manifest, err = q.registry.Manifest(gctx, ship.Name)
		return err
	})
	g.Go(func() (err error) {
		c.Clearance, err = q.registry.Clearance(ctx, ship.Name)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("cargo of %s: %w", ship.Name, err)
	}
	return &c, nil
}

// Crew is what the harbour doctor wants to see.
type Crew struct {
	List   registry.CrewList
	Health registry.HealthReport
}

// CrewPapers gathers the papers of a ship's crew.
func (q *Quay) CrewPapers(ctx context.Context, ship registry.Ship) (*Crew, error) {
	var c Crew
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		c.List, err = q.registry.Crew(gctx, ship.Name)
		return err
	})
	g.Go(func() (err error) {
		c.Health, err = q.registry.Health(gctx, ship.Name)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("crew of %s: %w", ship.Name, err)
	}
	return &c, nil
}

// VerifyManifests makes sure that each ship has told what it carries.
func (q *Quay) VerifyManifests(ctx context.Context, ships []registry.Ship) error {
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(lookups)
	for _, ship := range ships {
		g.Go(func() error {
			m, err := q.registry.Manifest(ctx, ship.Name)
			if err != nil {
				return err
			}
			if len(m.Containers) == 0 {
				return fmt.Errorf("manifest of %s is empty", ship.Name)
			}
			return nil
		})
	}
	return g.Wait()
}

// VerifyClearances makes sure that the customs office lets each ship in.
func (q *Quay) VerifyClearances(ctx context.Context, ships []registry.Ship) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(lookups)
	for _, ship := range ships {
		g.Go(func() error {
			c, err := q.registry.Clearance(gctx, ship.Name)
			if err != nil {
				return err
			}
			if !c.Granted {
				return fmt.Errorf("%s has no clearance", ship.Name)
			}
			return nil
		})
	}
	return g.Wait()
}
