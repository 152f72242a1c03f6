package misseddone

import "sync"

// BAD: a parcel without a stamp ends its task before Done.
func deliverAll(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			if err := stamp(parcel); err != nil {
				return // want `misseddone: the task returns without wg\.Done; wg\.Wait never returns`
			}
			record(parcel)
			wg.Done()
		}()
	}
	wg.Wait()
}

// GOOD: Done is deferred, and every path reaches it.
func deliverEach(parcels []string) {
	var wg sync.WaitGroup
	for _, parcel := range parcels {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := stamp(parcel); err != nil {
				return
			}
			record(parcel)
		}()
	}
	wg.Wait()
}
