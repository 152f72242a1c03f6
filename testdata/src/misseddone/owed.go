package misseddone

import (
	"context"
	"errors"
	"sync"
)

// Functions that are given a group to count down.

// Route counts down where it comes to its end only.
func Route(ctx context.Context, parcel string, wg *sync.WaitGroup) {
	if err := stamp(parcel); err != nil {
		return // want `misseddone: Route returns without wg.Done; wg.Wait never returns`
	}
	record(parcel)
	wg.Done()
}

// RouteInAnyCase counts down on each way.
func RouteInAnyCase(ctx context.Context, parcel string, wg *sync.WaitGroup) {
	if err := stamp(parcel); err != nil {
		wg.Done()
		return
	}
	record(parcel)
	wg.Done()
}

// RouteDeferred defers it.
func RouteDeferred(ctx context.Context, parcel string, wg *sync.WaitGroup) {
	defer wg.Done()
	if err := stamp(parcel); err != nil {
		return
	}
	record(parcel)
}

// RouteTold says that it has failed: its caller counts down.
func RouteTold(ctx context.Context, parcel string, wg *sync.WaitGroup) error {
	if err := stamp(parcel); err != nil {
		return err
	}
	record(parcel)
	wg.Done()
	return nil
}

// RouteBeside hands the group on.
func RouteBeside(ctx context.Context, parcel string, wg *sync.WaitGroup) {
	if err := stamp(parcel); err != nil {
		go refuse(parcel, wg)
		return
	}
	record(parcel)
	wg.Done()
}

func refuse(parcel string, wg *sync.WaitGroup) {
	defer wg.Done()
	record(parcel)
}

// RouteLast counts down if its caller wants that.
func RouteLast(ctx context.Context, parcel string, last bool, wg *sync.WaitGroup) {
	record(parcel)
	if !last {
		return
	}
	wg.Done()
}

// RouteMaybe may be given none.
func RouteMaybe(ctx context.Context, parcel string, wg *sync.WaitGroup) {
	if err := stamp(parcel); err != nil {
		return
	}
	record(parcel)
	if wg != nil {
		wg.Done()
	}
}

// RouteAll counts down once for each parcel.
func RouteAll(ctx context.Context, parcels <-chan string, wg *sync.WaitGroup) {
	for parcel := range parcels {
		if errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		record(parcel)
		wg.Done()
	}
}

// sort leaves it to its caller to count down where there is nothing to sort.
func sort(ctx context.Context, parcel string, wg *sync.WaitGroup, sorted *bool) {
	if err := stamp(parcel); err != nil {
		return
	}
	*sorted = true
	wg.Done()
}

func sortAll(ctx context.Context, parcels []string, wg *sync.WaitGroup) {
	for _, parcel := range parcels {
		go func() {
			var sorted bool
			if sort(ctx, parcel, wg, &sorted); !sorted {
				wg.Done()
			}
		}()
	}
}
