package racyerr

import (
	"context"
	"sync"
	"sync/atomic"
)

// Package variables: each task of a function comes to the same.

var (
	faults       int
	guarded      int
	counted      atomic.Int64
	chart        map[string]string
	chartSet     sync.Once
	telling      bool
	faultLock    sync.Mutex
	turnedFaults int
	turns        = make(chan struct{}, 1)
)

// inspect counts in a package variable, without a lock.
func inspect(plates []plate) int {
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			faults += n // want `racyerr: concurrent tasks write the same faults without a lock; which value stays is chance`
		})
	}
	wg.Wait()
	return faults
}

// inspectGuarded takes a lock, inspectCounted counts atomically.
func inspectGuarded(plates []plate) int {
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if p.faulty {
				faultLock.Lock()
				guarded++
				faultLock.Unlock()
			}
		})
	}
	wg.Wait()
	return guarded
}

func inspectCounted(plates []plate) int64 {
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if p.faulty {
				counted.Add(1)
			}
		})
	}
	wg.Wait()
	return counted.Load()
}

// lookUp draws the chart once, in whichever task comes first.
func lookUp(ctx context.Context, plates []plate) (err error) {
	errs := make([]error, len(plates))
	var wg sync.WaitGroup
	for i, p := range plates {
		wg.Go(func() {
			chartSet.Do(func() { chart = map[string]string{} })
			if chart[p.stars[0]] == "" {
				errs[i] = expose(ctx, p)
			}
		})
	}
	wg.Wait()
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}

// toldBefore sets the variable before the tasks start.
func toldBefore(plates []plate) {
	telling = len(plates) > 1
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if telling {
				_, _ = develop(p)
			}
		})
	}
	wg.Wait()
	telling = false
}

// inspectInTurn takes a channel with room for one for a lock.
func inspectInTurn(plates []plate) int {
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			turns <- struct{}{}
			turnedFaults += n
			<-turns
		})
	}
	wg.Wait()
	return turnedFaults
}
