package nofailfast

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// all keeps every error in a slot.
func all(ctx context.Context, hives []hive) error {
	errs := make([]error, len(hives))
	var g errgroup.Group
	for i, h := range hives {
		g.Go(func() error {
			errs[i] = h.inspect(ctx)
			return errs[i]
		})
	}
	_ = g.Wait() // the errors are in errs
	return errors.Join(errs...)
}

// slotsAndFirst keeps them and returns the first too.
func slotsAndFirst(ctx context.Context, hives []hive) ([]error, error) {
	errs := make([]error, len(hives))
	var g errgroup.Group
	for i, h := range hives {
		g.Go(func() error {
			errs[i] = h.inspect(ctx)
			return errs[i]
		})
	}
	return errs, g.Wait()
}

// isolated has tasks that never fail.
func isolated(ctx context.Context, hives []hive) error {
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error {
			if err := h.inspect(ctx); err != nil {
				slog.Warn("bad hive", "err", err)
			}
			return nil
		})
	}
	return g.Wait()
}

// single has one task.
func single(ctx context.Context, h hive) error {
	var g errgroup.Group
	g.Go(func() error { return h.inspect(ctx) })
	return g.Wait()
}

// short has work that cannot be stopped.
func short(hives []hive) error {
	var g errgroup.Group
	for _, h := range hives {
		g.Go(h.warm)
	}
	return g.Wait()
}

// once makes a single call without a context in each task.
func once(hives []hive, s scale) error {
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error {
			_, err := s.Weigh(h.url)
			return err
		})
	}
	return g.Wait()
}

// goesOn does not fail with the tasks.
func goesOn(ctx context.Context, hives []hive) int {
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error { return h.inspect(ctx) })
	}
	if err := g.Wait(); err != nil {
		slog.Warn("some hive is bad", "err", err)
	}
	return len(hives)
}

// byHand stops the siblings itself.
func byHand(ctx context.Context, hives []hive) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error {
			err := h.inspect(ctx)
			if err != nil {
				cancel()
			}
			return err
		})
	}
	return g.Wait()
}

// autumn closes every hive, whatever happens to the others.
func autumn(ctx context.Context, hives []hive) error {
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error { return h.close(ctx) })
	}
	return g.Wait()
}

// given works under somebody else's group.
func given(ctx context.Context, g *errgroup.Group, hives []hive) error {
	for _, h := range hives {
		g.Go(func() error { return h.inspect(ctx) })
	}
	return g.Wait()
}

// told ends the guards itself before it waits for them.
func told(ctx context.Context, hives []hive) error {
	watch, cancel := context.WithCancel(context.Background())
	defer cancel()
	var g errgroup.Group
	for _, h := range hives {
		g.Go(func() error {
			if err := h.warm(); err != nil {
				return err
			}
			return h.guard(watch)
		})
	}
	<-ctx.Done()
	cancel()
	return g.Wait()
}

// servedUntilOver ends the sibling when the server has ended.
func servedUntilOver(ctx context.Context, s *http.Server) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var g errgroup.Group
	g.Go(func() error {
		defer cancel()
		return s.ListenAndServe()
	})
	g.Go(func() error {
		<-ctx.Done()
		return s.Shutdown(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

// both ends the other direction by closing what it reads.
func both(ctx context.Context, a, b net.Conn) error {
	forward := func(from, to net.Conn) error {
		defer from.Close()
		defer to.Close()
		buf := make([]byte, 1024)
		for ctx.Err() == nil {
			n, err := from.Read(buf)
			if err != nil {
				return err
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
		}
		return nil
	}
	var g errgroup.Group
	g.Go(func() error { return forward(a, b) })
	g.Go(func() error { return forward(b, a) })
	return g.Wait()
}

// untilWarm has a sibling that leaves when the other one says so, by a channel.
func untilWarm(ctx context.Context, h hive) error {
	var g errgroup.Group
	over := make(chan struct{})
	g.Go(func() error {
		defer close(over)
		return h.warm()
	})
	g.Go(func() error {
		for {
			select {
			case <-over:
				return nil
			case <-ctx.Done():
				return nil
			case <-time.After(time.Minute):
				slog.Info("still cold", "hive", h.url)
			}
		}
	})
	return g.Wait()
}

// A season has a context of its own, and the function that ends it.
type season struct {
	ctx  context.Context
	stop context.CancelFunc
}

// watch ends the season with the first task.
func (s *season) watch(h hive) error {
	var g errgroup.Group
	g.Go(func() error {
		defer s.stop()
		return h.warm()
	})
	g.Go(func() error { return h.guard(s.ctx) })
	return g.Wait()
}

// watchWith is given the function that ends the context.
func watchWith(ctx context.Context, over func(), h hive) error {
	var g errgroup.Group
	g.Go(func() error {
		defer over()
		return h.warm()
	})
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}

// watchedBeside has a goroutine beside the group end the context.
func watchedBeside(ctx context.Context, h hive) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cold := make(chan error, 1)
	go func() {
		<-cold
		cancel()
	}()
	var g errgroup.Group
	g.Go(func() error {
		err := h.warm()
		cold <- err
		return err
	})
	g.Go(func() error { return h.guard(ctx) })
	return g.Wait()
}

// closedAtTheEnd fails when the context has ended, and not before.
func closedAtTheEnd(ctx context.Context, h hive) error {
	var g errgroup.Group
	g.Go(func() error {
		<-ctx.Done()
		return h.warm()
	})
	g.Go(func() error {
		<-ctx.Done()
		return nil
	})
	return g.Wait()
}

// joinedOnTheWayOut ends the context before it waits.
func joinedOnTheWayOut(ctx context.Context, h hive) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	var g errgroup.Group
	defer func() {
		cancel()
		err = errors.Join(err, g.Wait())
	}()
	g.Go(h.warm)
	g.Go(func() error { return h.guard(ctx) })
	return h.warm()
}
