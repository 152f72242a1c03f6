package generated

import (
	"context"
	"sync"

	"example.org/oracle"
)

// Early forgets Done where work fails.
func Early(ctx context.Context, items []int, n int) error {
	var wg sync.WaitGroup
	out := make(chan int, 2)
	for range 2 {
		wg.Add(1)
		go func() {
			if err := oracle.Fail(); err != nil {
				return
			}
			out <- 1
			wg.Done()
		}()
	}
	go func() {
		wg.Wait() // hangs
		close(out)
	}()
	for range out { // hangs
	}
	return nil
}
