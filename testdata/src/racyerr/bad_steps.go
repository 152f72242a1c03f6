package racyerr

import "sync"

// Accesses in functions that are called.

// A cellar counts its plates while its clock looks at the count.
type cellar struct {
	plates map[string]int
	mu     sync.Mutex
}

func (c *cellar) watch() {
	for {
		c.mu.Lock()
		n := c.plates["first"]
		c.mu.Unlock()
		if n > 3 {
			return
		}
	}
}

func (c *cellar) count(p string) {
	c.plates[p]++ // want `racyerr: cellar.count updates the map c.plates while a task reads it, without a lock`
}

// openCellar counts, in a function that it calls, without the lock of the clock.
func openCellar() *cellar {
	c := &cellar{plates: map[string]int{}}
	go c.watch()
	c.count("first")
	return c
}

// blankToo has a lock for its tasks, and appends without it while they run.
func blankToo(plates []plate, blank error) []error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for _, p := range plates {
		if p.faulty {
			errs = append(errs, blank)
		}
		wg.Go(func() {
			_, err := develop(p)
			mu.Lock()
			errs = append(errs, err) // want `racyerr: a task appends to errs while blankToo appends to it, without a lock`
			mu.Unlock()
		})
	}
	wg.Wait()
	return errs
}
