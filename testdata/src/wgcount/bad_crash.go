package wgcount

import "sync"

// These functions panic: more is done than added.

// doneTwice is done on the early path, and deferred.
func doneTwice(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if open(hive) != nil {
				wg.Done() // want `wgcount: wg.Done is called more often than wg.Add counts`
				return
			}
			tend(hive)
		}()
	}
	wg.Wait()
}

// doneInGo is done in a task that the WaitGroup counts itself.
func doneInGo(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Go(func() {
			defer wg.Done() // want `wgcount: wg.Done is called in a task that wg.Go counts, and wg.Go calls it too`
			tend(hive)
		})
	}
	wg.Wait()
}

// doneByBoth is done in the task and in the spawner.
func doneByBoth(hive string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		tend(hive)
	}()
	if open(hive) != nil {
		wg.Done() // want `wgcount: wg.Done is called more often than wg.Add counts`
	}
	wg.Wait()
}

// neverAdded is done without having been added.
func neverAdded(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		go func() {
			defer wg.Done() // want `wgcount: wg.Done is called more often than wg.Add counts`
			tend(hive)
		}()
	}
	wg.Wait()
}

// addAfterStart adds when the task runs already, and can be done.
func addAfterStart(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		go func() {
			defer wg.Done()
			tend(hive)
		}()
		hum()
		wg.Add(1) // want `wgcount: wg.Add comes after the go statement of the task that it counts`
	}
	wg.Wait()
}

// doneInLoop is done for each comb, and was added once.
func doneInLoop(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			for range 2 {
				tend(hive)
				wg.Done() // want `wgcount: wg.Done is called more often than wg.Add counts`
			}
		}()
	}
	wg.Wait()
}
