package wgcount

import "sync"

// In these functions Wait never returns: more is added than done.

// twoForOne adds two for each task.
func twoForOne(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(2) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// oneTooMany adds one for a task that it does not start.
func oneTooMany(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives) + 1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
	for _, hive := range hives {
		go tendCounted(&wg, hive)
	}
	wg.Wait()
}

// wrongConstant adds three and starts two tasks.
func wrongConstant(hive string) {
	var wg sync.WaitGroup
	wg.Add(3) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
	go func() {
		defer wg.Done()
		tend(hive)
	}()
	go func() {
		defer wg.Done()
		tend(hive + " queen")
	}()
	wg.Wait()
}

// countedTwice adds for all tasks and then again for each.
func countedTwice(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for _, hive := range hives {
		wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// addAndGo adds for a task that the WaitGroup counts itself.
func addAndGo(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		wg.Go(func() { tend(hive) })
	}
	wg.Wait()
}

// onlyWeak adds for all hives and starts a task for the weak ones.
func onlyWeak(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives)) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
	for _, hive := range hives {
		if !weak(hive) {
			continue
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// notOpened adds two, and starts the second task only where the hive opens.
func notOpened(hives []string) (stung int) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(2) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		go tendCounted(&wg, hive+" lid")
		if err := open(hive); err != nil {
			stung++
			continue
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
	return stung
}

// brokenOff adds for all hives and stops at the first that stings.
func brokenOff(hives []string) (err error) {
	var wg sync.WaitGroup
	wg.Add(len(hives)) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
	for _, hive := range hives {
		if err = open(hive); err != nil {
			break
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
	return err
}

// twoIfWeak adds two for a weak hive and starts one task.
func twoIfWeak(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if weak(hive) {
			wg.Add(2) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		} else {
			wg.Add(1)
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// secondVisit adds, in a running task, for a visit that does not always happen.
func secondVisit(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
			wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
			if weak(hive) {
				go tendCounted(&wg, hive)
			}
		}()
	}
	wg.Wait()
}

// untilEmpty leaves the loop after it has counted a task that it does not start.
// not run: what comes over the channel decides
func untilEmpty(hives <-chan string) {
	var wg sync.WaitGroup
	for hive := range hives {
		wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done`
		if hive == "" {
			break
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}
