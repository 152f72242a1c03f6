package generated

import (
	"context"

	"example.org/oracle"
)

// Panics sends on a closed channel in some runs and hangs in others.
func Panics(ctx context.Context, items []int, n int) error {
	out := make(chan int)
	go func() {
		oracle.Step()
		out <- 1 // hangs
	}()
	if oracle.Flip() {
		close(out)
	}
	return nil
}
