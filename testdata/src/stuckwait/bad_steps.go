package stuckwait

import (
	"context"
	"sync"
)

// What the steps tell beside the goroutine that is blocked.

// A gangway lets crates ashore, one by one.
type gangway struct {
	crates chan string
	tons   chan int
}

func (w *gangway) carry() {
	for range w.crates {
		w.tons <- 1
	}
}

// byMethodValue starts a method value: the goroutine is named after it.
func byMethodValue(crates []string) {
	w := &gangway{crates: make(chan string), tons: make(chan int)}
	var wg sync.WaitGroup
	wg.Go(w.carry)
	for _, c := range crates {
		w.crates <- c // want `stuckwait: byMethodValue blocks for ever sending on w.crates; w.carry blocks for ever sending on w.tons`
	}
	close(w.crates)
	wg.Wait()
}

// allLeave has porters who all leave at the first failure, and a whistle that has nothing
// to do with it.
//
// not run: it takes a failure for each of the porters
func allLeave(ctx context.Context, ships []string) {
	whistle := make(chan string, 1)
	go func() { whistle <- "ashore" }()
	<-whistle
	queue := make(chan string)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ship := range queue {
				if err := unload(ctx, ship); err != nil {
					return
				}
			}
		})
	}
	for _, ship := range ships {
		queue <- ship // want `stuckwait: allLeave blocks for ever sending on queue; nobody is left to receive from it`
	}
	close(queue)
	wg.Wait()
}
