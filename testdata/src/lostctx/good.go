package lostctx

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// sameName gives the derived context the parent's name.
func sameName(ctx context.Context, names []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// madeBefore has a task that is made before the assignment and sees it all the same.
func madeBefore(ctx context.Context, front, back string) error {
	sendFront := func() error { return upload(ctx, front) }
	sendBack := func() error { return upload(ctx, back) }
	g, ctx := errgroup.WithContext(ctx)
	g.Go(sendFront)
	g.Go(sendBack)
	return g.Wait()
}

// computeOnly throws the context away; its tasks neither take one nor block.
func computeOnly(ctx context.Context, photos []*photo) error {
	g, _ := errgroup.WithContext(ctx)
	for _, p := range photos {
		g.Go(func() error { return shrink(p) })
	}
	return g.Wait()
}

// computeAndLog throws it away too; its tasks only log with the parent.
func computeAndLog(ctx context.Context, photos []*photo) error {
	g, _ := errgroup.WithContext(ctx)
	for _, p := range photos {
		g.Go(func() error {
			note(ctx, p.name)
			return shrink(p)
		})
	}
	return g.Wait()
}

// lockOnly has tasks that take a lock for a moment.
func lockOnly(ctx context.Context, photos []*photo) (map[string]int, error) {
	sizes := make(map[string]int)
	var mu sync.Mutex
	g, _ := errgroup.WithContext(ctx)
	for _, p := range photos {
		g.Go(func() error {
			if err := shrink(p); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			sizes[p.name] = len(p.thumb)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return sizes, nil
}

// roomForAll sends to a channel with room for every task, so nobody blocks.
func roomForAll(ctx context.Context, photos []*photo) (int, error) {
	sizes := make(chan int, len(photos))
	g, _ := errgroup.WithContext(ctx)
	for _, p := range photos {
		g.Go(func() error {
			if err := shrink(p); err != nil {
				return err
			}
			sizes <- len(p.thumb)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	close(sizes)
	total := 0
	for size := range sizes {
		total += size
	}
	return total, nil
}

// plain has no context to lose.
func plain(ctx context.Context, names []string) error {
	g := new(errgroup.Group)
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// usedByCallee hands group and context on.
func usedByCallee(ctx context.Context, names []string) error {
	g, gctx := errgroup.WithContext(ctx)
	uploadAll(g, gctx, names)
	return g.Wait()
}

// usedByLaterGroup derives a second group from the first one's context.
func usedByLaterGroup(ctx context.Context, names []string, photos []*photo) error {
	first, fctx := errgroup.WithContext(ctx)
	second, sctx := errgroup.WithContext(fctx)
	for _, name := range names {
		second.Go(func() error { return upload(sctx, name) })
	}
	first.Go(second.Wait)
	for _, p := range photos {
		first.Go(func() error { return shrink(p) })
	}
	return first.Wait()
}

// usedBySpawner feeds workers and leaves when one of them failed; the workers need no context.
func usedBySpawner(ctx context.Context, photos []*photo) error {
	work := make(chan *photo)
	g, gctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error {
			for p := range work {
				if err := shrink(p); err != nil {
					return err
				}
			}
			return nil
		})
	}
feed:
	for _, p := range photos {
		select {
		case work <- p:
		case <-gctx.Done():
			break feed
		}
	}
	close(work)
	return g.Wait()
}

// usedThroughDerived uses only a context derived from the group's.
func usedThroughDerived(ctx context.Context, names []string) error {
	g, gctx := errgroup.WithContext(ctx)
	uctx, cancel := context.WithCancel(gctx)
	defer cancel()
	for _, name := range names {
		g.Go(func() error { return upload(uctx, name) })
	}
	return g.Wait()
}

// usedByOneTask has one task that watches the group's context; the others compute.
func usedByOneTask(ctx context.Context, photos []*photo, name string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range photos {
		g.Go(func() error { return shrink(p) })
	}
	g.Go(func() error { return upload(gctx, name) })
	return g.Wait()
}

// start returns both, so the caller may use the context.
func start(ctx context.Context, names []string) (*errgroup.Group, context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error { return upload(gctx, name) })
	}
	return g, gctx
}

type gallery struct {
	group *errgroup.Group
	ctx   context.Context
}

// open stores both for the methods.
func (l *gallery) open(ctx context.Context) {
	l.group, l.ctx = errgroup.WithContext(ctx)
}

func (l *gallery) add(name string) {
	l.group.Go(func() error { return upload(l.ctx, name) })
}

func (l *gallery) close() error {
	return l.group.Wait()
}

// oneTask throws the context away, but there is no other task that could fail.
func oneTask(ctx context.Context, name string) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error { return upload(ctx, name) })
	return g.Wait()
}

// neverFails throws the context away, but no task returns an error.
func neverFails(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			if err := upload(ctx, name); err != nil {
				note(ctx, name)
			}
			return nil
		})
	}
	return g.Wait()
}

// stopByHand throws the group's context away and cancels the parent of all tasks itself.
func stopByHand(parent context.Context, names []string) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			err := upload(ctx, name)
			if err != nil {
				cancel()
			}
			return err
		})
	}
	return g.Wait()
}

// mapAll is generic, and right.
func mapAll[T, R any](ctx context.Context, items []T, convert func(context.Context, T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	g, gctx := errgroup.WithContext(ctx)
	for i, item := range items {
		g.Go(func() error {
			r, err := convert(gctx, item)
			results[i] = r
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

// replaced has a task that makes the others work with another context.
func replaced(ctx context.Context, names []string, other func() context.Context) error {
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			ctx = other()
			return upload(ctx, name)
		})
	}
	return g.Wait()
}

// renewedWithEnd has tasks that make a context which they can end for all.
func renewedWithEnd(ctx context.Context, names []string) error {
	var cancel context.CancelFunc
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			ctx, cancel = context.WithCancel(ctx)
			err := upload(ctx, name)
			if err != nil {
				cancel()
			}
			return err
		})
	}
	return g.Wait()
}
