package model

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// chanUnbuffered sends from a goroutine to the spawner.
func chanUnbuffered() int {
	sizes := make(chan int)
	go func() { sizes <- 1 }()
	return <-sizes
}

// chanConstant has room for a constant number of values.
func chanConstant(ctx context.Context) error {
	errs := make(chan error, 2)
	go func() { errs <- bake(ctx, "rye") }()
	go func() { errs <- bake(ctx, "wheat") }()
	if err := <-errs; err != nil {
		return err
	}
	return <-errs
}

// chanNamedConstant has a named constant as its capacity.
func chanNamedConstant() int {
	const room = 3
	sizes := make(chan int, room)
	for i := range room {
		go func() { sizes <- i }()
	}
	return <-sizes
}

// chanLen has room for each of the values.
func chanLen(ctx context.Context, loaves []string) (first error) {
	errs := make(chan error, len(loaves))
	for _, loaf := range loaves {
		go func() { errs <- bake(ctx, loaf) }()
	}
	for range loaves {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// chanFirstOnly reads one value of many.
func chanFirstOnly(ctx context.Context, loaves []string) error {
	errs := make(chan error)
	for _, loaf := range loaves {
		go func() { errs <- bake(ctx, loaf) }()
	}
	return <-errs
}

// chanCommaOk receives with the second result.
func chanCommaOk(orders chan string) (string, bool) {
	order, ok := <-orders
	return order, ok
}

// chanRange ranges over a channel until it is closed.
func chanRange(loaves []string) int {
	sizes := make(chan int)
	go func() {
		defer close(sizes)
		for _, loaf := range loaves {
			sizes <- len(loaf)
		}
	}()
	total := 0
	for size := range sizes {
		total += size
	}
	return total
}

// chanBreak leaves the range early.
func chanBreak(loaves []string) int {
	sizes := make(chan int)
	go func() {
		defer close(sizes)
		for _, loaf := range loaves {
			sizes <- len(loaf)
		}
	}()
	for size := range sizes {
		if size > 3 {
			return size
		}
	}
	return 0
}

// chanSelect sends unless the context ends.
func chanSelect(ctx context.Context, loaves []string) error {
	sizes := make(chan int)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(sizes)
		for _, loaf := range loaves {
			select {
			case sizes <- len(loaf):
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for size := range sizes {
			if size > 3 {
				return errBurnt
			}
		}
		return nil
	})
	return g.Wait()
}

// chanSelectDefault drops what nobody takes.
func chanSelectDefault(sizes chan int) {
	go func() {
		select {
		case sizes <- 1:
		default:
		}
	}()
}

// chanSelectTimeout stops waiting after a while.
func chanSelectTimeout(ctx context.Context) error {
	errs := make(chan error)
	go func() { errs <- bake(ctx, "rye") }()
	select {
	case err := <-errs:
		return err
	case <-time.After(time.Second):
		return context.DeadlineExceeded
	}
}

// chanClose closes a channel that nobody sends on.
func chanClose() {
	quit := make(chan struct{})
	go func() {
		<-quit
		_ = cleanOven()
	}()
	close(quit)
}

// chanNil has a case that is switched off.
func chanNil(orders chan string) {
	var out chan string
	go func() {
		for {
			select {
			case order, ok := <-orders:
				if !ok {
					return
				}
				if order == "open" {
					out = orders
				}
			case out <- "close":
				return
			}
		}
	}()
}

// chanDirections narrows its channel to one direction each.
func chanDirections(loaves []string) int {
	sizes := make(chan int, len(loaves))
	var in chan<- int = sizes
	var out <-chan int = sizes
	for _, loaf := range loaves {
		go func() { in <- len(loaf) }()
	}
	return <-out
}

// chanResult gets its channel from a function of the package.
func chanResult() int {
	sizes := freshSizes(1)
	go func() { sizes <- 1 }()
	return <-sizes
}

// chanOfChans sends a channel for the answer.
func chanOfChans(questions chan chan int) int {
	answer := make(chan int, 1)
	questions <- answer
	return <-answer
}

// chanTimer loops on a ticker.
func chanTimer(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
	})
	return g.Wait()
}

// chanWorkers has a fixed number of workers that range over one channel.
func chanWorkers(ctx context.Context, loaves []string) error {
	work := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for range 3 {
		g.Go(func() error {
			for loaf := range work {
				if err := bake(gctx, loaf); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for _, loaf := range loaves {
		work <- loaf
	}
	close(work)
	return g.Wait()
}
