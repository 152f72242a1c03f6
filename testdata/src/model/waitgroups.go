package model

import "sync"

// wgAddDone counts with Add and a deferred Done.
func wgAddDone(loaves []string) {
	var wg sync.WaitGroup
	for range loaves {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = cleanOven()
		}()
	}
	wg.Wait()
}

// wgAddAll counts all tasks at once.
func wgAddAll(loaves []string) {
	var wg sync.WaitGroup
	wg.Add(len(loaves))
	for range loaves {
		go func() {
			_ = cleanOven()
			wg.Done()
		}()
	}
	wg.Wait()
}

// wgGo starts its tasks with the WaitGroup's own Go.
func wgGo(loaves []string) []int {
	sizes := make([]int, len(loaves))
	var wg sync.WaitGroup
	for i, loaf := range loaves {
		wg.Go(func() { sizes[i] = len(loaf) })
	}
	wg.Wait()
	return sizes
}

// wgNamed passes a pointer to a declared function.
func wgNamed(loaves []string) {
	wg := new(sync.WaitGroup)
	for _, loaf := range loaves {
		wg.Add(1)
		go measure(wg, loaf)
	}
	wg.Wait()
}

// wgMethod has its WaitGroup in a field of the receiver.
func (o *oven) wgMethod() {
	o.wg.Add(1)
	go o.heat()
}

// wgWaitMethod waits in another method.
func (o *oven) wgWaitMethod() {
	o.wg.Wait()
}

// wgEarlyReturn skips Done on one path.
func wgEarlyReturn(loaf string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if loaf == "" {
			return
		}
		wg.Done()
	}()
	wg.Wait()
}

// wgAddInside counts in the task itself.
func wgAddInside() {
	var wg sync.WaitGroup
	go func() {
		wg.Add(1)
		defer wg.Done()
		_ = cleanOven()
	}()
	wg.Wait()
}

// wgCloser closes the results after the last task.
func wgCloser(loaves []string) int {
	sizes := make(chan int)
	var wg sync.WaitGroup
	for _, loaf := range loaves {
		wg.Go(func() { sizes <- len(loaf) })
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	total := 0
	for size := range sizes {
		total += size
	}
	return total
}

// wgDeferredWait waits on every path.
func wgDeferredWait(loaves []string) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, loaf := range loaves {
		if loaf == "" {
			return errBurnt
		}
		wg.Go(func() { _ = cleanOven() })
	}
	return nil
}

// wgTwice waits between two rounds and after the second.
func wgTwice() {
	var wg sync.WaitGroup
	wg.Go(func() { _ = cleanOven() })
	wg.Wait()
	wg.Go(func() { _ = cleanOven() })
	wg.Wait()
}

// wgHelper has a function of the package wait.
func wgHelper() {
	var wg sync.WaitGroup
	wg.Go(func() { _ = cleanOven() })
	waitFor(&wg)
}
