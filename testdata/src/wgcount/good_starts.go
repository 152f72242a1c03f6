package wgcount

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// startedByTask starts the tasks in one that is counted.
func startedByTask(hives []string) error {
	var g errgroup.Group
	g.Go(func() error {
		for _, hive := range hives {
			g.Go(func() error { return open(hive) })
		}
		return nil
	})
	return g.Wait()
}

// startedAndTold waits until all are started.
func startedAndTold(hives []string) error {
	var g errgroup.Group
	started := make(chan struct{})
	go func() {
		defer close(started)
		for _, hive := range hives {
			g.Go(func() error { return open(hive) })
		}
	}()
	<-started
	return g.Wait()
}

// startedWhileCounted has a task that ends only when the goroutine has started all.
func startedWhileCounted(hives []string) {
	var wg sync.WaitGroup
	started := make(chan struct{})
	wg.Go(func() { <-started })
	go func() {
		for _, hive := range hives {
			wg.Go(func() { tend(hive) })
		}
		close(started)
	}()
	wg.Wait()
}

// waitedInGoroutine waits where the tasks are started.
func waitedInGoroutine(hives []string) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, hive := range hives {
			wg.Go(func() { tend(hive) })
		}
		wg.Wait()
	}()
	<-done
}

// startedUnlessOff starts under a lock that says whether it is too late.
func startedUnlessOff(hives []string) {
	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		off bool
	)
	go func() {
		for _, hive := range hives {
			mu.Lock()
			if off {
				mu.Unlock()
				return
			}
			wg.Go(func() { tend(hive) })
			mu.Unlock()
		}
	}()
	hum()
	mu.Lock()
	off = true
	mu.Unlock()
	wg.Wait()
}

// startedByGoAndHeard has heard of all tasks before it waits.
func startedByGoAndHeard(hives []string) {
	var wg sync.WaitGroup
	heard := make(chan string)
	for _, hive := range hives {
		go wg.Go(func() {
			tend(hive)
			heard <- hive
		})
	}
	for range hives {
		<-heard
	}
	wg.Wait()
}

// startedByGoOnTheWay has counted for all of them.
func startedByGoOnTheWay(hive string) {
	var wg, on sync.WaitGroup
	on.Add(1)
	go wg.Go(func() {
		on.Done()
		tend(hive)
	})
	on.Wait()
	wg.Wait()
}

// A walk goes through an apiary, and tells when it is over.
type walk struct {
	wg   sync.WaitGroup
	seen chan string
}

// Wait is what the goroutine of walkThrough does at its end, and nobody else.
func (w *walk) Wait() {
	w.wg.Wait()
	close(w.seen)
}

func (w *walk) visit(hive string, near func(string) []string) {
	w.seen <- hive
	for _, other := range near(hive) {
		w.beside(func() { w.visit(other, near) })
	}
}

func (w *walk) beside(f func()) {
	w.wg.Add(1)
	go func() {
		f()
		w.wg.Done()
	}()
}

// newWalk has the one goroutine that is not counted wait for those that are.
func newWalk(hive string, near func(string) []string) *walk {
	w := &walk{seen: make(chan string, len(hive))}
	go func() {
		defer w.Wait()
		w.visit(hive, near)
	}()
	return w
}

// handedOver cannot hand over a hive before the worker has counted itself.
func handedOver(hives []string) {
	queue := make(chan string)
	var wg sync.WaitGroup
	go func() {
		tend("bench")
		wg.Add(1)
		defer wg.Done()
		for hive := range queue {
			tend(hive)
		}
	}()
	for _, hive := range hives {
		queue <- hive
	}
	close(queue)
	wg.Wait()
}

// fullHouse has taken all places of the buffer again when each task has given back its
// own, which it does after it has counted itself.
func fullHouse(hives []string) {
	places := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, hive := range hives {
		places <- struct{}{}
		go func() {
			tend(hive)
			wg.Add(1)
			<-places
			tend(hive)
			wg.Done()
		}()
	}
	for range 4 {
		places <- struct{}{}
	}
	wg.Wait()
}
