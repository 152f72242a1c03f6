package nofailfast

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// endless has a sibling that runs until it is told to stop.
func endless(ctx context.Context, h hive) error {
	group := new(errgroup.Group) // want `nofailfast: group has no context; when one task fails another goes on until ctx ends, and group\.Wait does not return`
	group.Go(func() error { return h.warm() })
	group.Go(func() error { return h.guard(ctx) })
	if err := group.Wait(); err != nil {
		return fmt.Errorf("hive: %w", err)
	}
	return nil
}

// served has a sibling that only waits for the end of the program.
func served(ctx context.Context, s *http.Server) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails another goes on until ctx ends, and g\.Wait does not return`
	g.Go(s.ListenAndServe)
	g.Go(func() error {
		<-ctx.Done()
		return s.Shutdown(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

// streamed has one that goes on until a call of its own fails.
func streamed(ctx context.Context, h hive, s scale) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails another goes on until ctx ends, and g\.Wait does not return`
	g.Go(h.warm)
	g.Go(func() error {
		for {
			if err := ctx.Err(); err != nil {
				return nil
			}
			n, err := s.Weigh(h.url)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if err := h.inspect(ctx); err != nil {
				return err
			}
		}
	})
	return g.Wait()
}

// springCheck inspects the others for nothing once a hive is bad.
func springCheck(ctx context.Context, hives []hive) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails the others go on with h\.inspect, and springCheck fails all the same`
	for _, h := range hives {
		g.Go(func() error { return h.inspect(ctx) })
	}
	return g.Wait()
}

// results keeps results in slots, and no errors.
func results(hives []hive, s scale) ([]int, error) {
	ctx := context.TODO()
	weights := make([]int, len(hives))
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails the others go on with h\.inspect, and results fails all the same`
	g.SetLimit(4)
	for i, h := range hives {
		g.Go(func() error {
			if err := h.inspect(ctx); err != nil {
				return err
			}
			var err error
			weights[i], err = s.Weigh(h.url)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return weights, nil
}

// retried has loops of calls and no context at all.
func retried(hives []hive, s scale) (int, error) {
	found := make(chan int, len(hives))
	g := errgroup.Group{} // want `nofailfast: g has no context; when one task fails the others go on with s\.Weigh, and retried fails all the same`
	for _, h := range hives {
		g.Go(func() error {
			for tries := 1; ; tries++ {
				n, err := s.Weigh(h.url)
				if err == nil {
					found <- n
					return nil
				}
				if tries > 3 {
					return err
				}
			}
		})
	}
	err := g.Wait()
	close(found)
	if err != nil {
		return 0, errCold
	}
	sum := 0
	for n := range found {
		sum += n
	}
	return sum, nil
}

// servedForAMinute has a context that ends by itself: the error comes a minute late.
func servedForAMinute(ctx context.Context, s *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails the others go on with waiting for ctx, and servedForAMinute fails all the same`
	g.Go(s.ListenAndServe)
	g.Go(func() error {
		<-ctx.Done()
		return s.Shutdown(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

// untilWeighed goes round until a call succeeds: it may never.
func untilWeighed(ctx context.Context, h hive, s scale) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails the others go on with s\.Weigh, and untilWeighed fails all the same`
	g.Go(h.warm)
	g.Go(func() error {
		for {
			if _, err := s.Weigh(h.url); err == nil {
				return nil
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Minute):
			}
		}
	})
	return g.Wait()
}
