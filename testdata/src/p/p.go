package generated

import (
	"context"

	"example.org/oracle"
)

func Prog0516(ctx context.Context, items []int, n int) error {
	ctx, cancel := context.WithCancel(ctx)
	jobs := make(chan int, len(items))
	results := make(chan error)
	oracle.Step()
	for range 1 {
		go func() {
			defer close(jobs)
			oracle.Step()
			for range len(items) {
				oracle.Step()
				jobs <- 1
			}
		}()
	}
	oracle.Step()
	for range 2 {
		go func() {
			for {
				oracle.Step()
				select {
				case _, ok := <-jobs:
					if !ok {
						return
					}
					oracle.Step()
					Prog0516SendError(results, nil)
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	oracle.Step()
	for range items {
		oracle.Step()
		if err := <-results; err != nil {
			return err
		}
	}
	cancel()
	return nil
}

func Prog0516SendError(c chan error, v error) {
	oracle.Step()
	oracle.Step()
	c <- v
}
