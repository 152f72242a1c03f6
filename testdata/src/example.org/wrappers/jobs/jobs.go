// Package jobs has types that wrap a group.
package jobs

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Crew runs jobs and keeps the first error.
type Crew struct {
	group *errgroup.Group
	ctx   context.Context
}

// NewCrew makes a crew.
func NewCrew(ctx context.Context) *Crew {
	group, ctx := errgroup.WithContext(ctx)
	return &Crew{group: group, ctx: ctx}
}

// Run starts a job.
func (c *Crew) Run(job func(context.Context) error) {
	c.group.Go(func() error { return job(c.ctx) })
}

// Join waits for the jobs.
func (c *Crew) Join() error { return c.group.Wait() }

// A Gang counts goroutines; its zero value is ready.
type Gang struct {
	wg   sync.WaitGroup
	once sync.Once
}

// Go starts f.
func (g *Gang) Go(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

// Wait waits for all.
func (g *Gang) Wait() { g.wg.Wait() }

// A Bench counts goroutines, and lends them its lock for what they share.
type Bench struct {
	wg sync.WaitGroup
	mu sync.Mutex
}

// Go starts f.
func (b *Bench) Go(f func()) {
	b.wg.Add(1)
	go func() {
		defer b.wg.Done()
		f()
	}()
}

// Wait waits for all.
func (b *Bench) Wait() { b.wg.Wait() }

// Lock takes the lock.
func (b *Bench) Lock() { b.mu.Lock() }

// Unlock gives it back.
func (b *Bench) Unlock() { b.mu.Unlock() }

// A Shift keeps the errors of its tasks in a list.
type Shift struct {
	wg   sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

// Go starts f.
func (s *Shift) Go(f func() error) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		if err := f(); err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.errs = append(s.errs, err)
		}
	}()
}

// End waits for all and gives their errors.
func (s *Shift) End() []error {
	s.wg.Wait()
	return s.errs
}

// A Yard owns a crew that lives as long as it.
type Yard struct{ crew *Crew }

// Crew returns the yard's crew.
func (y *Yard) Crew() *Crew { return y.crew }

var errNone = errors.New("nobody there")

func (c *Crew) idle() error { return errNone }

// inside uses the wrapper in its own package.
func inside(ctx context.Context, names []string) error {
	c := NewCrew(ctx)
	for _, name := range names {
		if name == "" {
			return nil // want `missedwait: inside returns without`
		}
		c.Run(func(ctx context.Context) error { return call(ctx, name) })
	}
	return c.Join()
}

func insideDropped(ctx context.Context, names []string) {
	c := NewCrew(ctx)
	for _, name := range names {
		c.Run(func(ctx context.Context) error { return call(ctx, name) })
	}
	c.Join() // want `droppedwait: the error of`
}

func insideWaited(ctx context.Context, names []string) error {
	c := NewCrew(ctx)
	for _, name := range names {
		c.Run(func(ctx context.Context) error { return call(ctx, name) })
	}
	return c.Join()
}

func call(ctx context.Context, name string) error {
	<-ctx.Done()
	return ctx.Err()
}
