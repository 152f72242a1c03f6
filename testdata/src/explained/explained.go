// Package explained has a fan-out of each kind that "gatherlint explain" is asked
// about most: why is it silent here?
package explained

import (
	"context"
	"errors"
	"sync"

	"example.org/wrappers/jobs"
	"example.org/wrappers/sealed"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// Store is where docks are looked up.
type Store interface {
	Dock(ctx context.Context, name string) (int, error)
}

// clean is an ordinary fan-out without a mistake.
func clean(ctx context.Context, s Store, names []string) ([]int, error) {
	g, gctx := errgroup.WithContext(ctx)
	out := make(chan int, len(names))
	for _, name := range names {
		g.Go(func() error {
			n, err := s.Dock(gctx, name)
			if err != nil {
				return err
			}
			out <- n
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	close(out)
	var all []int
	for n := range out {
		all = append(all, n)
	}
	return all, nil
}

// A Sink takes what it gets elsewhere.
type Sink interface {
	Drain(in <-chan int)
}

// escaping hands its channel to code that is not seen.
func escaping(sink Sink, names []string) int {
	out := make(chan int)
	sink.Drain(out)
	for _, name := range names {
		go func() { out <- len(name) }()
	}
	return <-out
}

// opaque starts a function that it was given.
func opaque(ctx context.Context, work func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return tick(gctx) })
	for range 3 {
		g.Go(find(work))
	}
	return g.Wait()
}

// tick waits for the end.
func tick(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	}
}

var registry = map[string]func() error{}

func find(func(context.Context) error) func() error { return registry["job"] }

// pooled uses a group with another contract.
func pooled(ctx context.Context, s Store) error {
	p := pool.New().WithContext(ctx).WithCancelOnError()
	p.Go(func(ctx context.Context) error {
		_, err := s.Dock(ctx, "north")
		return err
	})
	return p.Wait()
}

// wrapped has its tasks run by a type of another package that wraps a group.
func wrapped(ctx context.Context, s Store) error {
	c := jobs.NewCrew(ctx)
	c.Run(func(ctx context.Context) error {
		_, err := s.Dock(ctx, "west")
		return err
	})
	return c.Join()
}

// stuck waits before it receives.
func stuck(names []string) int {
	var wg sync.WaitGroup
	out := make(chan int)
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- len(name)
		}()
	}
	wg.Wait()
	close(out)
	return <-out
}

// silenced drops an error and says why.
func silenced(ctx context.Context, s Store) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := s.Dock(gctx, "south")
		return err
	})
	g.Wait() //gatherlint:ignore droppedwait the docks log their errors
}

// strange uses a type that looks like a group and says nowhere that it is one.
func strange(ctx context.Context, s Store) error {
	var t sealed.Tank
	t.Go(func() error {
		_, err := s.Dock(ctx, "east")
		return err
	})
	return t.Wait()
}

// A Crane lifts what it is given.
type Crane struct {
	mu    sync.Mutex
	loads chan int
	idle  chan struct{}
	spare int
}

// start stores a channel with which nothing is done.
func (c *Crane) start() {
	c.loads = make(chan int)
	c.idle = make(chan struct{})
	go func() {
		for range c.loads {
		}
	}()
}

// spareOne starts no task, and leaves with the lock.
func (c *Crane) spareOne() error {
	c.mu.Lock()
	if c.spare == 0 {
		return errors.New("none to spare")
	}
	c.spare--
	c.mu.Unlock()
	return nil
}
