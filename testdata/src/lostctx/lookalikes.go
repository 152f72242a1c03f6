package lostctx

import (
	"context"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, each beside the case that differs in one point.

// A catalogue is somebody else's code.
type catalogue interface {
	Index(name string) error
}

// indexAll has no caller's context to pass on; a plain group would say the same.
func indexAll(c catalogue, names []string) error {
	g, _ := errgroup.WithContext(context.Background())
	for _, name := range names {
		g.Go(func() error { return c.Index(name) })
	}
	return g.Wait()
}

// indexFor is given one; its tasks call what takes no context, so nothing could be
// stopped.
func indexFor(ctx context.Context, c catalogue, names []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error { return c.Index(name) })
	}
	return g.Wait()
}

// indexAndUpload has one task whose work could be stopped.
func indexAndUpload(ctx context.Context, c catalogue, name string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(func() error { return c.Index(name) })
	g.Go(func() error { return upload(ctx, name) })
	return g.Wait()
}

// workers runs what it is given, which takes no context either.
func workers(ctx context.Context, n int, work func() error) error {
	g, _ := errgroup.WithContext(ctx)
	for range n {
		g.Go(work)
	}
	return g.Wait()
}

// A tracer wraps tasks; its code is not seen.
type tracer interface {
	Wrap(ctx context.Context, name string, task func(context.Context) error) func() error
}

// traced has the tasks wrapped with the parent.
func traced(ctx context.Context, t tracer, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		g.Go(t.Wrap(ctx, "upload", func(ctx context.Context) error {
			return upload(ctx, name)
		}))
	}
	return g.Wait()
}

// sizes only computes: there is nothing to stop.
func sizes(ctx context.Context, lines []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, line := range lines {
		g.Go(func() error {
			_, err := strconv.Atoi(line)
			return err
		})
	}
	return g.Wait()
}

// lasting has a sibling that only reports the end of the context they all share.
func lasting(ctx context.Context, develop <-chan struct{}) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error {
		<-ctx.Done()
		return ctx.Err()
	})
	g.Go(func() error {
		<-develop
		return nil
	})
	return g.Wait()
}

// limitedTime has one that fails when its own time is up.
func limitedTime(ctx context.Context, develop <-chan struct{}) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(func() error {
		tctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		<-tctx.Done()
		return tctx.Err()
	})
	g.Go(func() error {
		<-develop
		return nil
	})
	return g.Wait()
}

// developed has one task wait for another, which closes the channel however it
// ends: nothing stays blocked.
func developed(ctx context.Context, photos []*photo) error {
	g, _ := errgroup.WithContext(ctx)
	fixed := make(chan struct{})
	g.Go(func() error {
		defer close(fixed)
		for _, p := range photos {
			if err := shrink(p); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		<-fixed
		return nil
	})
	return g.Wait()
}

// A screen shows what is uploaded until it is told to stop.
type screen interface {
	run(ctx context.Context) error
	stop()
}

type colour struct{ done chan struct{} }

func (s *colour) run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return nil
	}
}

func (s *colour) stop() { close(s.done) }

type mono struct{ done chan struct{} }

func (s *mono) run(context.Context) error {
	<-s.done
	return nil
}

func (s *mono) stop() { close(s.done) }

func newScreen(colours bool) screen {
	if !colours {
		return &mono{make(chan struct{})}
	}
	return &colour{make(chan struct{})}
}

// withScreen has one task that can fail: no screen does, on a context that never ends.
func withScreen(ctx context.Context, name string, colours bool) error {
	s := newScreen(colours)
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error { return s.run(context.Background()) })
	g.Go(func() error {
		defer s.stop()
		return upload(ctx, name)
	})
	return g.Wait()
}

// withTimedScreen has a screen that can fail.
func withTimedScreen(ctx context.Context, name string, colours bool) error {
	s := newScreen(colours)
	timed, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(func() error { return s.run(timed) })
	g.Go(func() error {
		defer s.stop()
		return upload(ctx, name)
	})
	return g.Wait()
}

// patient has such a task too, and waits for it whatever the caller does.
func patient(ctx context.Context, photos <-chan *photo) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			p, ok := <-photos
			if !ok {
				return nil
			}
			if err := shrink(p); err != nil {
				return err
			}
		}
	})
	return g.Wait()
}

// closing leaves when the caller does, and closes the queue that its task waits for.
func closing(ctx context.Context, photos []*photo) error {
	g, _ := errgroup.WithContext(ctx)
	queue := make(chan *photo)
	defer close(queue)
	g.Go(func() error {
		for {
			p, ok := <-queue
			if !ok {
				return nil
			}
			if err := shrink(p); err != nil {
				return err
			}
		}
	})
	for _, p := range photos {
		select {
		case queue <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
