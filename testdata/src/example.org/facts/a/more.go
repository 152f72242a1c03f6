package a

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

var errFull = errors.New("full")

// Pump sends one value and has an error result by contract only.
func Pump(c chan<- int) error { // want Pump:`^0 sends, result 0 nil$`
	c <- 1
	return nil
}

// Open returns a new channel with room for two.
func Open() <-chan int { // want Open:`^result 0 channel of 2$`
	c := make(chan int, 2)
	c <- 1
	return c
}

// Tick counts wg up and down.
func Tick(wg *sync.WaitGroup) { // want Tick:`^0 done$`
	wg.Add(1)
	defer wg.Done()
}

// Hold limits g and keeps it.
func (h *Hall) Hold(g *errgroup.Group) { // want Hold:`^1 limits\+stores$`
	g.SetLimit(2)
	h.last = g
}

// FeedOr sends a value; it fails when ctx ends, and when the value is too large.
func FeedOr(ctx context.Context, c chan<- int, v int) error { // want FeedOr:`^0 watches, 1 sends$`
	if v > 100 {
		return errFull
	}
	select {
	case c <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Rename reads from ctx and derives; its second result is of no interest.
func Rename[T any](ctx context.Context, v T) (context.Context, T) { // want Rename:`^0 values, result 0 from 0$`
	return context.WithValue(ctx, episodeKey{}, v), v
}

// Latest derives from the second of two contexts.
func Latest(_, ctx context.Context) context.Context { // want Latest:`^0 values, 1 values, result 0 from 1$`
	return context.WithValue(ctx, episodeKey{}, 2)
}

// Either returns one of two contexts; which is not known.
func Either(a, b context.Context, first bool) context.Context { // want Either:`^0 values, 1 values$`
	if first {
		return a
	}
	return b
}

// Batch waits in the end for what it starts under a group of its caller.
func Batch(ctx context.Context, g *errgroup.Group, tasks ...func() error) error { // want Batch:`^1 spawns\+fails\+loops\+waits$`
	for _, task := range tasks {
		g.Go(task)
	}
	return g.Wait()
}

// StartBoth starts two tasks, one that fails and one that does not.
func StartBoth(g *errgroup.Group, ctx context.Context, c chan int) { // want StartBoth:`^0 spawns, 1 in tasks$`
	g.Go(func() error {
		<-ctx.Done()
		return nil
	})
	g.Go(func() error { return nil })
}

// unexported has a Summary too: a method of an exported type may call it.
func unexported(c chan int) { // want unexported:`^0 sends\+receives$`
	select {
	case c <- 1:
	case <-c:
	}
}

// Later waits for g and closes c, in a goroutine: the caller does not wait.
func Later(g *errgroup.Group, c chan int) { // want Later:`^0 stores, 1 stores$`
	go func() {
		_ = g.Wait() // whoever gives g has no use for the error
		close(c)
	}()
}

// Produce sends from a goroutine: the caller is not held up.
func Produce(c chan<- int) { // want Produce:`^0 stores$`
	go func() { c <- 1 }()
}
