// Command harbour plans the day of a small harbour: it checks the papers of
// the ships that are expected, gives them berths and unloads them.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"time"

	"example.com/harbour/quay"
	"example.com/harbour/registry"
)

func main() {
	base := flag.String("registry", "http://localhost:8085", "address of the port registry")
	cranes := flag.Int("cranes", 4, "number of cranes in service")
	limit := flag.Duration("limit", 10*time.Minute, "time for the whole plan")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()

	if err := run(ctx, quay.New(registry.New(*base), *cranes)); err != nil {
		log.Fatal(err)
	}
}

// run goes through the plan of one day.
func run(ctx context.Context, q *quay.Quay) error {
	ships, err := q.Expected(ctx)
	if err != nil {
		return err
	}
	if err := q.VerifyManifests(ctx, ships); err != nil {
		return err
	}
	if err := q.VerifyClearances(ctx, ships); err != nil {
		return err
	}
	if err := q.StartShift(ctx); err != nil {
		return err
	}
	if err := q.AssignBerths(ctx, ships); err != nil {
		return err
	}
	if err := q.CallTugs(ctx, ships); err != nil {
		return err
	}
	if err := tide(ctx, q, ships); err != nil {
		return err
	}
	log.Printf("%d pilots called", q.CallPilots(ctx, ships))
	for _, ship := range ships {
		if err := handle(ctx, q, ship); err != nil {
			return err
		}
	}
	if err := q.FreeBerths(ctx, ships); err != nil {
		return err
	}
	return q.EndShift(ctx)
}

// tide prepares for high water.
func tide(ctx context.Context, q *quay.Quay, ships []registry.Ship) error {
	if err := q.WarnCrews(ctx, ships); err != nil {
		return err
	}
	if err := q.WarnLocks(ctx, ships); err != nil {
		return err
	}
	containers, err := q.CountContainers(ctx, ships)
	if err != nil {
		return err
	}
	sailors, err := q.CountSailors(ctx, ships)
	if err != nil {
		return err
	}
	log.Printf("%d containers and %d sailors on board", containers, sailors)
	return nil
}

// handle unloads one ship and loads it again.
func handle(ctx context.Context, q *quay.Quay, ship registry.Ship) error {
	cargo, err := q.CargoPapers(ctx, ship)
	if err != nil {
		return err
	}
	crew, err := q.CrewPapers(ctx, ship)
	if err != nil {
		return err
	}
	log.Printf("%s: %d containers, %d sailors", ship.Name, len(cargo.Manifest.Containers), len(crew.List.Sailors))
	if err := q.Unload(ctx, cargo.Manifest); err != nil {
		return err
	}
	return q.Load(ctx, cargo.Manifest)
}
