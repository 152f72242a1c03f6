package racyerr

import (
	"sync"
)

// BAD: the plates share one err, so a plate that failed can look developed.
func developNight(plates []plate) error {
	var wg sync.WaitGroup
	var err error
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err = develop(p) // want `racyerr: concurrent tasks write the same err without a lock`
		}()
	}
	wg.Wait()
	return err
}

// GOOD: each plate has its error, and the night has all of them.
func developWholeNight(plates []plate) []error {
	var wg sync.WaitGroup
	errs := make([]error, len(plates))
	for i, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, errs[i] = develop(p)
		}()
	}
	wg.Wait()
	return errs
}
