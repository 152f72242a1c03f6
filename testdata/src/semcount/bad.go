package semcount

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

type camp struct {
	ropes *semaphore.Weighted
	book  sync.Mutex
}

// logsAndGoesOn notes that there was no rope, and works all the same.
func (c *camp) logsAndGoesOn(ctx context.Context, tent string) error {
	if err := c.ropes.Acquire(ctx, 1); err != nil {
		note(tent, err)
	}
	defer c.ropes.Release(1) // want `semcount: c.ropes.Release is called although c.ropes.Acquire has failed`
	return raise(ctx, tent)
}

// givesBackAtOnce has no defer.
func (c *camp) givesBackAtOnce(ctx context.Context, tent string) error {
	err := c.ropes.Acquire(ctx, 2)
	if err == nil {
		err = raise(ctx, tent)
	}
	c.ropes.Release(2) // want `semcount: c.ropes.Release is called although c.ropes.Acquire has failed`
	return err
}

// doesNotLook does not ask whether it got one.
func (c *camp) doesNotLook(ctx context.Context, tent string) error {
	c.ropes.Acquire(ctx, 1)
	defer c.ropes.Release(1) // want `semcount: c.ropes.Release is called although c.ropes.Acquire has failed`
	return raise(ctx, tent)
}

// tooSoon leaves before it has asked.
func (c *camp) tooSoon(ctx context.Context, tent string) error {
	defer func() {
		c.book.Lock()
		defer c.book.Unlock()
		c.ropes.Release(1) // want `semcount: c.ropes.Release is called although c.ropes.Acquire was not reached`
	}()
	if err := raise(ctx, tent); err != nil {
		return err
	}
	if err := c.ropes.Acquire(ctx, 1); err != nil {
		return err
	}
	return raise(ctx, tent)
}

// byATask leaves it to the task to give back, also what it did not get.
func byATask(ctx context.Context, tents []string) {
	poles := semaphore.NewWeighted(2)
	var crew sync.WaitGroup
	for _, tent := range tents {
		if err := poles.Acquire(ctx, 1); err != nil {
			note(err)
		}
		crew.Add(1)
		go func() {
			defer crew.Done()
			defer poles.Release(1) // want `semcount: poles.Release is called although poles.Acquire has failed`
			_ = raise(ctx, tent)
		}()
	}
	crew.Wait()
}

// A hut lends until its keeper ends the context.
type hut struct {
	ctx  context.Context
	saws *semaphore.Weighted
}

func newHut(ctx context.Context, n int64) *hut {
	if ctx == nil {
		return &hut{ctx: context.Background(), saws: semaphore.NewWeighted(n)}
	}
	return &hut{ctx: ctx, saws: semaphore.NewWeighted(n)}
}

// lends fails to get one once the context has ended.
func (h *hut) lends(tent string) error {
	if err := h.saws.Acquire(h.ctx, 1); err != nil {
		note(tent, err)
	}
	defer h.saws.Release(1) // want `semcount: h.saws.Release is called although h.saws.Acquire has failed`
	return raise(h.ctx, tent)
}
