package wgcount

import "sync"

// The twins of bad.go.

// oneForOne adds one for each task.
func oneForOne(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// asMany adds one for each hive.
func asMany(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for _, hive := range hives {
		go tendCounted(&wg, hive)
	}
	wg.Wait()
}

// rightConstant adds two and starts two tasks.
func rightConstant(hive string) {
	var wg sync.WaitGroup
	wg.Add(2)
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

// countedOnce adds one for the queen and then one for each task.
func countedOnce(hives []string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go tendCounted(&wg, "queen")
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// goAlone leaves the counting to the WaitGroup.
func goAlone(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Go(func() { tend(hive) })
	}
	wg.Wait()
}

// onlyWeakDone takes back what it added for the others.
func onlyWeakDone(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for _, hive := range hives {
		if !weak(hive) {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// openedFirst adds for the second task where there is one.
func openedFirst(hives []string) (stung int) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go tendCounted(&wg, hive+" lid")
		if err := open(hive); err != nil {
			stung++
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
	return stung
}

// brokenOffAdded adds one by one and stops at the first that stings.
func brokenOffAdded(hives []string) (err error) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if err = open(hive); err != nil {
			break
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
	return err
}

// perHive adds for each hive, and is done for each.
func perHive(hives []string) {
	var wg sync.WaitGroup
	line := make(chan string, len(hives))
	wg.Add(len(hives))
	for range 2 {
		go func() {
			for hive := range line {
				tend(hive)
				wg.Done()
			}
		}()
	}
	for _, hive := range hives {
		line <- hive
	}
	close(line)
	wg.Wait()
}

// sameSize adds for each keeper and starts a task for each.
func sameSize(hives []string, keepers int) {
	var wg sync.WaitGroup
	wg.Add(keepers)
	for range keepers {
		go func() {
			defer wg.Done()
			tend(hives[0])
		}()
	}
	wg.Wait()
}

// twoTasksIfWeak adds two for a weak hive and starts two tasks.
func twoTasksIfWeak(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if weak(hive) {
			wg.Add(2)
			go tendCounted(&wg, hive+" queen")
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

// secondVisitMade adds, in a running task, for the visit that it starts.
func secondVisitMade(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tend(hive)
			if weak(hive) {
				wg.Add(1)
				go tendCounted(&wg, hive)
			}
		}()
	}
	wg.Wait()
}

// The twins of bad_early.go.

// addBeforeWork adds before the task starts.
func addBeforeWork(hives []string) (total int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			n := tend(hive)
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

// addForChild is a counted task that adds for its children.
func addForChild(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for _, comb := range combs(hive) {
				if !weak(comb) {
					continue
				}
				wg.Add(1)
				go func() {
					defer wg.Done()
					tend(comb)
				}()
			}
		}()
	}
	wg.Wait()
}

// addByCounted has a goroutine start the tasks that is counted itself.
func addByCounted(hives []string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for _, hive := range hives {
			wg.Add(1)
			go func() {
				defer wg.Done()
				tend(hive)
			}()
		}
	}()
	wg.Wait()
}

// addForLocal adds for a closure with a name.
func addForLocal(hives []string) {
	var wg sync.WaitGroup
	visit := func(hive string) {
		defer wg.Done()
		tend(hive)
	}
	for _, hive := range hives {
		wg.Add(1)
		go visit(hive)
	}
	wg.Wait()
}

// The twins of bad_crash.go.

// doneOnEachPath is done on the early path, or in the end.
func doneOnEachPath(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			if open(hive) != nil {
				wg.Done()
				return
			}
			tend(hive)
			wg.Done()
		}()
	}
	wg.Wait()
}

// doneOfOther is done with another WaitGroup in a task.
func doneOfOther(hives []string) {
	var wg, opened sync.WaitGroup
	opened.Add(len(hives))
	for _, hive := range hives {
		wg.Go(func() {
			defer opened.Done()
			tend(hive)
		})
	}
	opened.Wait()
	wg.Wait()
}

// doneByEither is done in the task, or in the spawner when there is none.
func doneByEither(hive string) {
	var wg sync.WaitGroup
	wg.Add(1)
	if open(hive) != nil {
		wg.Done()
	} else {
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// addEnough adds for each hive and starts a task for each.
func addEnough(hives []string, keepers int) {
	var wg sync.WaitGroup
	wg.Add(len(hives) + keepers)
	for _, hive := range hives {
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	for range keepers {
		go tendCounted(&wg, "spare")
	}
	wg.Wait()
}

// addedAll adds before it starts the tasks.
func addedAll(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for _, hive := range hives {
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// addBeforeStart adds before the task runs.
func addBeforeStart(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		hum()
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// doneAfterLoop is done once, when all combs are.
func doneAfterLoop(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			for range 2 {
				tend(hive)
			}
			wg.Done()
		}()
	}
	wg.Wait()
}
