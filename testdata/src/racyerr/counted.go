package racyerr

import "sync"

// countedPlates tells the task that the number is right with a group of its own, which it
// hands over.
func countedPlates(plates []plate) {
	sent := 0
	var ready sync.WaitGroup
	ready.Add(1)
	defer ready.Done()
	go logPlates(&sent, &ready)
	for _, p := range plates {
		if p.faulty {
			return
		}
		sent++
	}
}

func logPlates(n *int, ready *sync.WaitGroup) {
	ready.Wait()
	println(*n)
}

// countedTooEarly tells it before.
func countedTooEarly(plates []plate) {
	sent := 0
	var ready sync.WaitGroup
	ready.Add(1)
	go logPlates(&sent, &ready)
	ready.Done()
	for range plates {
		sent++ // want `racyerr: countedTooEarly writes sent while a task reads it`
	}
}

// countedByTask leaves it to another task to tell.
func countedByTask(plates []plate) {
	sent := 0
	var ready sync.WaitGroup
	ready.Add(1)
	go func() {
		defer ready.Done()
		println(len(plates))
	}()
	go logPlates(&sent, &ready)
	for range plates {
		sent++ // want `racyerr: countedByTask writes sent while a task reads it`
	}
}
