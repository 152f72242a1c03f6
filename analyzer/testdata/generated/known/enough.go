package generated

import (
	"context"

	"example.org/oracle"
)

// Enough has room for all errors.
func Enough(ctx context.Context, items []int, n int) error {
	errs := make(chan error, len(items))
	for range items {
		go func() {
			errs <- oracle.Fail()
		}()
	}
	for range items {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
