package wgcount

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// In these functions Wait can return before the tasks have ended; nobody blocks.

// addAfterWork adds in the task, when its work is done already.
//
// not run: Wait returns too early, nobody blocks
func addAfterWork(hives []string) (total int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, hive := range hives {
		go func() {
			n := tend(hive)
			wg.Add(1) // want `wgcount: wg.Add inside the task races with wg.Wait`
			mu.Lock()
			total += n
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	return total
}

// addInChild is a counted task whose children add themselves.
//
// not run: Wait returns too early, nobody blocks
func addInChild(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for _, comb := range combs(hive) {
				go func() {
					if !weak(comb) {
						return
					}
					wg.Add(1) // want `wgcount: wg.Add inside the task races with wg.Wait`
					defer wg.Done()
					tend(comb)
				}()
			}
		}()
	}
	wg.Wait()
}

// addByStarter has a goroutine start the tasks, for which nobody waits.
//
// not run: Wait returns too early, nobody blocks
func addByStarter(hives []string) {
	var wg sync.WaitGroup
	go func() {
		for _, hive := range hives {
			wg.Add(1) // want `wgcount: wg.Add in a goroutine that is not counted races with wg.Wait`
			go func() {
				defer wg.Done()
				tend(hive)
			}()
		}
	}()
	wg.Wait()
}

// addLocally has a closure with a name add itself.
//
// not run: Wait returns too early, nobody blocks
func addLocally(hives []string) {
	var wg sync.WaitGroup
	visit := func(hive string) {
		wg.Add(1) // want `wgcount: wg.Add inside the task races with wg.Wait`
		defer wg.Done()
		tend(hive)
	}
	for _, hive := range hives {
		go visit(hive)
	}
	wg.Wait()
}

// addInWorkers has each worker count itself, and may have put all hives in the
// buffer before the first of them does.
//
// not run: Wait returns too early, nobody blocks
func addInWorkers(hives []string) error {
	queue := make(chan string, 50)
	var wg sync.WaitGroup
	var workers errgroup.Group
	for range 4 {
		workers.Go(func() error {
			wg.Add(1) // want `wgcount: wg.Add inside the task races with wg.Wait`
			for hive := range queue {
				tend(hive)
			}
			wg.Done()
			return nil
		})
	}
	for _, hive := range hives {
		queue <- hive
	}
	close(queue)
	wg.Wait()
	return nil
}
