package generated

import (
	"context"

	"example.org/oracle"
)

// First takes the first error and leaves the others without a receiver.
func First(ctx context.Context, items []int, n int) error {
	errs := make(chan error)
	for range 3 {
		go func() {
			errs <- oracle.Fail() // hangs
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
