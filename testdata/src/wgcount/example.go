package wgcount

import "sync"

// BAD: a hive that does not open was added and gets no task; Wait never returns.
func tendAll(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		if open(hive) != nil {
			continue
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// GOOD: Add stands directly before the task that it counts.
func tendEach(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if open(hive) != nil {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}
