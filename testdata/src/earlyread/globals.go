package earlyread

import (
	"context"
	"sync"
)

// Package variables, which more than one function may use.

var (
	yieldLock sync.Mutex
	yield     []int
	lastCrate int
)

// countYield counts itself done before it adds what it has: what is deferred first runs last.
func countYield(ctx context.Context, crates []crate) int {
	var wg sync.WaitGroup
	for _, c := range crates {
		wg.Add(1)
		go func() {
			var apples int
			defer func() {
				yieldLock.Lock()
				defer yieldLock.Unlock()
				yield = append(yield, apples)
			}()
			defer wg.Done()
			apples, _ = weigh(ctx, c)
		}()
	}
	wg.Wait()
	return len(yield) // want `earlyread: countYield reads yield before the task has written it, although it has waited; it sees what was there before`
}

// countYieldFirst adds it first.
func countYieldFirst(ctx context.Context, crates []crate) int {
	var wg sync.WaitGroup
	for _, c := range crates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var apples int
			defer func() {
				yieldLock.Lock()
				defer yieldLock.Unlock()
				yield = append(yield, apples)
			}()
			apples, _ = weigh(ctx, c)
		}()
	}
	wg.Wait()
	return len(yield)
}

// glance reads under the lock, and without having waited.
func glance(ctx context.Context, c crate) int {
	go func() {
		apples, _ := weigh(ctx, c)
		yieldLock.Lock()
		defer yieldLock.Unlock()
		lastCrate = apples
	}()
	yieldLock.Lock()
	defer yieldLock.Unlock()
	return lastCrate
}

// lockedGlance may be called by somebody who holds the lock.
func lockedGlance(ctx context.Context, c crate) int {
	go func() {
		apples, _ := weigh(ctx, c)
		yieldLock.Lock()
		defer yieldLock.Unlock()
		lastCrate = apples
	}()
	return lastCrate
}
