package nofailfast

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// endless has a sibling that runs until it is told to stop.
func endless(ctx context.Context, h hive) error {
	group := new(errgroup.Group) // want `nofailfast: group has no context; when one task fails the others go on with h\.guard, and endless fails all the same`
	group.Go(func() error { return h.warm() })
	group.Go(func() error { return h.guard(ctx) })
	if err := group.Wait(); err != nil {
		return fmt.Errorf("hive: %w", err)
	}
	return nil
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
