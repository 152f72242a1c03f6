package wgcount

import "sync"

// Look-alikes met in real code, all correct but those at the end.

// firstOfThree counts one, and the first of three counts it out.
func firstOfThree() {
	var first sync.WaitGroup
	first.Add(1)
	for i := 0; i < 3; i++ {
		go func() {
			if i == 0 {
				defer first.Done()
			}
			println(i)
		}()
	}
	first.Wait()
}

// tree is a task that starts tasks like itself, and adds before each.
func tree(hive string) {
	var wg sync.WaitGroup
	var visit func(comb string, depth int)
	visit = func(comb string, depth int) {
		defer wg.Done()
		tend(comb)
		if depth == 0 {
			return
		}
		for _, child := range combs(comb) {
			wg.Add(1)
			go visit(child, depth-1)
		}
	}
	wg.Add(1)
	go visit(hive, 2)
	wg.Wait()
}

// takenBack takes back at once what it added for hives that it does not visit.
func takenBack(hives []string) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for i, hive := range hives {
		if open(hive) != nil {
			wg.Add(-(len(hives) - i))
			break
		}
		go tendCounted(&wg, hive)
	}
	wg.Wait()
}

// startedAndSaid has a goroutine start the tasks, and waits until it has.
func startedAndSaid(hives []string) {
	var wg sync.WaitGroup
	started := make(chan struct{})
	go func() {
		defer close(started)
		for _, hive := range hives {
			wg.Add(1)
			go tendCounted(&wg, hive)
		}
	}()
	<-started
	wg.Wait()
}

// twoForTwo adds two for two goroutines in each round.
func twoForTwo(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		wg.Add(2)
		go tendCounted(&wg, hive)
		go tendCounted(&wg, hive+" queen")
	}
	wg.Wait()
}

// twiceDone adds two for a task that is done twice.
func twiceDone(hives []string) {
	var wg sync.WaitGroup
	wg.Add(2 * len(hives))
	for _, hive := range hives {
		go func() {
			tend(hive)
			wg.Done()
			tend(hive + " queen")
			wg.Done()
		}()
	}
	wg.Wait()
}

// handedOn has another goroutine be done than the one that was started.
func handedOn(hives []string) {
	var wg sync.WaitGroup
	tended := make(chan string)
	defer close(tended)
	go func() {
		for range tended {
			wg.Done()
		}
	}()
	for _, hive := range hives {
		wg.Add(1)
		go func() {
			tend(hive)
			tended <- hive
		}()
	}
	wg.Wait()
}

// latch has the tasks wait for the spawner.
func latch(hives []string) {
	var gate, wg sync.WaitGroup
	gate.Add(1)
	for _, hive := range hives {
		wg.Go(func() {
			gate.Wait()
			tend(hive)
		})
	}
	hum()
	gate.Done()
	wg.Wait()
}

// usedAgain waits and then counts anew.
func usedAgain(hives []string) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(len(hives))
		for _, hive := range hives {
			go tendCounted(&wg, hive)
		}
		wg.Wait()
	}
}

// heldOpen counts itself while it starts tasks from a closure.
func heldOpen(hives []string) {
	var wg sync.WaitGroup
	wg.Add(1)
	start := func(hive string) {
		wg.Add(1)
		go tendCounted(&wg, hive)
	}
	for _, hive := range hives {
		start(hive)
	}
	wg.Done()
	wg.Wait()
}

// sometimesCounted adds only where there is a task.
func sometimesCounted(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		if weak(hive) {
			wg.Add(1)
			go tendCounted(&wg, hive)
		} else {
			tend(hive)
		}
	}
	wg.Wait()
}

// perItem counts values in a queue; the worker is done with each.
func perItem(hives []string) {
	var left sync.WaitGroup
	line := make(chan string, 2*len(hives))
	go func() {
		for hive := range line {
			tend(hive)
			left.Done()
		}
	}()
	for _, hive := range hives {
		left.Add(1)
		line <- hive
		if weak(hive) {
			left.Add(1)
			line <- hive + " again"
		}
	}
	left.Wait()
	close(line)
}

// innerAdd adds in a task to a WaitGroup of the task's own.
func innerAdd(hives []string) {
	var outer sync.WaitGroup
	for _, hive := range hives {
		outer.Go(func() {
			var inner sync.WaitGroup
			for _, comb := range combs(hive) {
				inner.Add(1)
				go tendCounted(&inner, comb)
			}
			inner.Wait()
		})
	}
	outer.Wait()
}

// flushed adds in a goroutine that is joined by another WaitGroup first.
func flushed(hives []string) {
	var starters, visits sync.WaitGroup
	for _, hive := range hives {
		starters.Add(1)
		go func() {
			defer starters.Done()
			visits.Add(1)
			go tendCounted(&visits, hive)
		}()
	}
	starters.Wait()
	visits.Wait()
}

// saidByVet adds first thing in a goroutine: go vet's waitgroup says so, and once is enough.
func saidByVet(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		go func() {
			wg.Add(1)
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// The numbers of these three need not come out, but may.

// perKeeper adds for each hive, and each keeper is done once.
// Silent: a caller with two hives is served, and whether there are others is not said.
//
// not run: it hangs with three hives, and panics with one
func perKeeper(hives []string) {
	var wg sync.WaitGroup
	line := make(chan string, len(hives))
	wg.Add(len(hives))
	for range 2 {
		go func() {
			defer wg.Done()
			for hive := range line {
				tend(hive)
			}
		}()
	}
	for _, hive := range hives {
		line <- hive
	}
	close(line)
	wg.Wait()
}

// otherSize adds for each hive and starts a task for each keeper.
// Silent: that there are as many keepers as hives may be agreed with the caller.
//
// not run: it hangs with fewer keepers than hives, and panics with more
func otherSize(hives []string, keepers int) {
	var wg sync.WaitGroup
	wg.Add(len(hives))
	for range keepers {
		go func() {
			defer wg.Done()
			tend("any")
		}()
	}
	wg.Wait()
}

// addTooFew adds for each keeper and starts a task for each hive.
// Silent for the same reason.
//
// not run: it panics with fewer keepers than hives, and hangs with more
func addTooFew(hives []string, keepers int) {
	var wg sync.WaitGroup
	wg.Add(keepers)
	for _, hive := range hives {
		go func() {
			defer wg.Done()
			tend(hive)
		}()
	}
	wg.Wait()
}

// perKind starts a task for each kind that there is: others were refused before.
//
// not run: it hangs with a kind that is none of these
func perKind(kinds []string) {
	var wg sync.WaitGroup
	for _, kind := range kinds {
		wg.Add(1)
		switch kind {
		case "worker":
			go func() {
				defer wg.Done()
				hum()
			}()
		case "drone":
			go func() {
				defer wg.Done()
				tend(kind)
			}()
		}
	}
	wg.Wait()
}

// perKindOrNot knows of others, and counts them all the same.
//
// not run: it hangs with a kind that is none of these
func perKindOrNot(kinds []string) {
	var wg sync.WaitGroup
	for _, kind := range kinds {
		wg.Add(1) // want `wgcount: wg.Add counts more tasks than there are calls of wg.Done; wg.Wait never returns`
		switch kind {
		case "worker":
			go func() {
				defer wg.Done()
				hum()
			}()
		case "drone":
			go func() {
				defer wg.Done()
				tend(kind)
			}()
		default:
			hum()
		}
	}
	wg.Wait()
}
