package wgcount

import (
	"sync"
	"sync/atomic"
)

// firstSwaps has the first task count down, which an atomic flag tells.
func firstSwaps(hives []string) {
	if len(hives) == 0 {
		return
	}
	var first sync.WaitGroup
	first.Add(1)
	var got atomic.Bool
	for _, hive := range hives {
		go func() {
			tend(hive)
			if got.CompareAndSwap(false, true) {
				first.Done()
			}
		}()
	}
	first.Wait()
}

// firstLocks has a flag under a lock.
func firstLocks(hives []string) {
	if len(hives) == 0 {
		return
	}
	var first sync.WaitGroup
	first.Add(1)
	var mu sync.Mutex
	got := false
	for _, hive := range hives {
		go func() {
			tend(hive)
			mu.Lock()
			defer mu.Unlock()
			if !got {
				got = true
				first.Done()
			}
		}()
	}
	first.Wait()
}

// firstOpens has no flag, but what each task finds itself.
func firstOpens(hives []string) {
	var first sync.WaitGroup
	first.Add(1)
	for _, hive := range hives {
		go func() {
			if open(hive) == nil {
				first.Done() // want `wgcount: first.Done is called more often than first.Add counts; .*`
			}
		}()
	}
	first.Wait()
}

// someCounted counts those hives that are weak, and only these count themselves out.
func someCounted(hives []string, weak func(string) bool) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		counted := weak(hive)
		if counted {
			wg.Add(1)
		}
		go func() {
			tend(hive)
			if counted {
				wg.Done()
			}
		}()
	}
	wg.Wait()
}
