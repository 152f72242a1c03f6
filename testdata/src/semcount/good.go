package semcount

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// leaves ends where it has nothing.
func (c *camp) leaves(ctx context.Context, tent string) error {
	if err := c.ropes.Acquire(ctx, 1); err != nil {
		note(tent, err)
		return err
	}
	defer c.ropes.Release(1)
	return raise(ctx, tent)
}

// never asks with a context that does not end.
func (c *camp) never(tent string) error {
	c.ropes.Acquire(context.Background(), 1)
	defer c.ropes.Release(1)
	if err := c.ropes.Acquire(context.Background(), 2); err != nil {
		note(err)
	}
	defer c.ropes.Release(2)
	return raise(context.Background(), tent)
}

// yields was given a rope by its caller, and lends it out for a while.
func (c *camp) yields(ctx context.Context, tent string) error {
	defer c.ropes.Release(1)
	c.ropes.Release(1)
	if err := raise(ctx, tent); err != nil {
		return err
	}
	return c.ropes.Acquire(ctx, 1)
}

// tries asks politely first.
func (c *camp) tries(ctx context.Context, tent string) error {
	if !c.ropes.TryAcquire(1) {
		if err := c.ropes.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	defer c.ropes.Release(1)
	return raise(ctx, tent)
}

// remembers gives back what it has.
func (c *camp) remembers(ctx context.Context, tent string) error {
	has := false
	defer func() {
		if has {
			c.ropes.Release(1)
		}
	}()
	if err := c.ropes.Acquire(ctx, 1); err != nil {
		return err
	}
	has = true
	return raise(ctx, tent)
}

// asks in its own way what has happened.
func (c *camp) asks(ctx context.Context, tent string) error {
	err := c.ropes.Acquire(ctx, 1)
	if errors.Is(err, context.Canceled) {
		return err
	}
	defer c.ropes.Release(1)
	return raise(ctx, tent)
}

// ifNeeded was given a rope by a caller who says so.
func (c *camp) ifNeeded(ctx context.Context, tent string, has bool) error {
	defer c.ropes.Release(1)
	if has {
		return raise(ctx, tent)
	}
	if err := c.ropes.Acquire(context.WithoutCancel(ctx), 1); err != nil {
		return err
	}
	return raise(ctx, tent)
}

// drains stops asking, and waits until all have given back by asking for everything.
func drains(ctx context.Context, tents []string) error {
	poles := semaphore.NewWeighted(2)
	for _, tent := range tents {
		if err := poles.Acquire(ctx, 1); err != nil {
			note(err)
			break
		}
		go func() {
			defer poles.Release(1)
			_ = raise(ctx, tent)
		}()
	}
	return poles.Acquire(context.WithoutCancel(ctx), 2)
}

// inTasks has each task ask for itself.
func inTasks(ctx context.Context, tents []string) {
	poles := semaphore.NewWeighted(2)
	var crew sync.WaitGroup
	for _, tent := range tents {
		crew.Add(1)
		go func() {
			defer crew.Done()
			if err := poles.Acquire(ctx, 1); err != nil {
				return
			}
			_ = raise(ctx, tent)
			poles.Release(1)
		}()
	}
	crew.Wait()
}

// severalAtATime gives back all that it got together.
func severalAtATime(ctx context.Context, tents []string) error {
	poles := semaphore.NewWeighted(8)
	got := 0
	var err error
	for range tents {
		if err = poles.Acquire(ctx, 1); err != nil {
			break
		}
		got++
	}
	for range got {
		poles.Release(1)
	}
	return err
}

// labelled asks with a context that has a value, and no end.
func (c *camp) labelled(tent string) error {
	ctx := context.WithValue(context.Background(), labelKey{}, tent)
	c.ropes.Acquire(ctx, 1)
	defer c.ropes.Release(1)
	return raise(ctx, tent)
}

type labelKey struct{}

// untilDone asks with a context that ends when it is done.
func (c *camp) untilDone(tent string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.ropes.Acquire(ctx, 1)
	err := raise(ctx, tent)
	c.ropes.Release(1)
	return err
}

// A depot lends for as long as it exists: nobody can end its context.
type depot struct {
	ctx    context.Context
	spades *semaphore.Weighted
}

func newDepot(n int64) *depot {
	d := &depot{spades: semaphore.NewWeighted(n)}
	d.ctx = context.Background()
	return d
}

// lends cannot fail to get one.
func (d *depot) lends(tent string) error {
	if err := d.spades.Acquire(d.ctx, 1); err != nil {
		note(tent, err)
	}
	defer d.spades.Release(1)
	return raise(d.ctx, tent)
}
