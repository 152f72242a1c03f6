package lostctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// blankAssigned keeps the context in a variable and then in the blank one.
func blankAssigned(ctx context.Context, names []string) error {
	g, gctx := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	_ = gctx
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// declaredFirst declares the group before it is made.
func declaredFirst(ctx context.Context, names []string) error {
	var g *errgroup.Group
	g, _ = errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.SetLimit(2)
	for i := range names {
		g.Go(func() error { return upload(ctx, names[i]) })
	}
	return g.Wait()
}

// blockedTask has a task that waits for a channel which only the caller can close.
func blockedTask(ctx context.Context, develop <-chan struct{}, p *photo) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(func() error { return shrink(p) })
	g.Go(func() error {
		<-develop
		return nil
	})
	return g.Wait()
}

// blockedSend has tasks that send to the caller's channel.
func blockedSend(ctx context.Context, photos []*photo, done chan<- string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, p := range photos {
		g.Go(func() error {
			if err := shrink(p); err != nil {
				return err
			}
			done <- p.name
			return nil
		})
	}
	return g.Wait()
}

// parentSaved keeps the parent; the assignment to ctx is never read.
func parentSaved(ctx context.Context, names []string) error {
	root := ctx
	g, ctx := errgroup.WithContext(root) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		g.Go(func() error { return upload(root, name) })
	}
	return g.Wait()
}

// putBack assigns the parent again before anybody looks.
func putBack(parent context.Context, names []string) error {
	g, ctx := errgroup.WithContext(parent) // want `lostctx: the context of g is thrown away`
	ctx = parent
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// taskVariables makes its tasks first.
func taskVariables(ctx context.Context, front, back string) error {
	sendFront := func() error { return upload(ctx, front) }
	sendBack := func() error { return upload(ctx, back) }
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.Go(sendFront)
	g.Go(sendBack)
	return g.Wait()
}

type sender struct {
	ctx   context.Context
	group *errgroup.Group
	name  string
}

func (s *sender) send() error {
	return upload(s.ctx, s.name)
}

// methodValues runs methods whose receivers hold the parent.
func methodValues(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		s := &sender{ctx: ctx, name: name}
		g.Go(s.send)
	}
	return g.Wait()
}

// groupInField keeps only the group.
func (s *sender) groupInField(ctx context.Context, names []string) error {
	s.group, _ = errgroup.WithContext(ctx) // want `lostctx: the context of s\.group is thrown away`
	for _, name := range names {
		s.group.Go(func() error { return upload(ctx, name) })
	}
	return s.group.Wait()
}

// startedElsewhere hands the group and the parent to a function that starts the tasks.
func startedElsewhere(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	uploadAll(g, ctx, names)
	return g.Wait()
}

// localStarter starts its tasks with a helper.
func localStarter(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	start := func(name string) {
		g.Go(func() error { return upload(ctx, name) })
	}
	for _, name := range names {
		start(name)
	}
	return g.Wait()
}

// derivedParent derives from the parent, before.
func derivedParent(parent context.Context, names []string) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// innerScope makes the group in a block; the inner context is dropped there.
func innerScope(ctx context.Context, names []string, parallel bool) error {
	if !parallel {
		for _, name := range names {
			if err := upload(ctx, name); err != nil {
				return err
			}
		}
		return nil
	}
	{
		g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
		for _, name := range names {
			g.Go(func() error { return upload(ctx, name) })
		}
		return g.Wait()
	}
}

// batches makes a group for each batch.
func batches(ctx context.Context, albums [][]string) error {
	for _, album := range albums {
		g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
		for _, name := range album {
			g.Go(func() error { return upload(ctx, name) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// innerGroup drops the inner context in a task of another group.
func innerGroup(ctx context.Context, albums [][]string) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, album := range albums {
		outer.Go(func() error {
			inner, _ := errgroup.WithContext(octx) // want `lostctx: the context of inner is thrown away`
			for _, name := range album {
				inner.Go(func() error { return upload(octx, name) })
			}
			return inner.Wait()
		})
	}
	return outer.Wait()
}

// visitEach is generic.
func visitEach[T any](ctx context.Context, items []T, visit func(context.Context, T) error) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, item := range items {
		g.Go(func() error { return visit(ctx, item) })
	}
	return g.Wait()
}

// fromHelper drops the context that a function of the package made.
func fromHelper(ctx context.Context, names []string) error {
	g, _ := limited(ctx, 4) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// tryGo starts its tasks with TryGo where there is room.
func tryGo(ctx context.Context, names []string) (skipped []string, err error) {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	g.SetLimit(8)
	for _, name := range names {
		if !g.TryGo(func() error { return upload(ctx, name) }) {
			skipped = append(skipped, name)
		}
	}
	return skipped, g.Wait()
}

type albumKey struct{}

// inAlbum gives the tasks a context with a value that the group's context would
// not have: no fix.
func inAlbum(ctx context.Context, album string, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	ctx = context.WithValue(ctx, albumKey{}, album)
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
	return g.Wait()
}

// renewed has tasks that put a value into the context themselves.
func renewed(ctx context.Context, names []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, name := range names {
		g.Go(func() error {
			return twice(func() error {
				ctx = titled(ctx, "holidays")
				return upload(ctx, name)
			})
		})
	}
	return g.Wait()
}

type titleKey struct{}

// titled is a context with a title for what is uploaded.
func titled(ctx context.Context, title string) context.Context {
	return context.WithValue(ctx, titleKey{}, title)
}

// twice tries again once.
func twice(do func() error) error {
	if do() == nil {
		return nil
	}
	return do()
}

// develop leaves when the caller does, and its task waits for the next photo.
func develop(ctx context.Context, photos <-chan *photo) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away; when ctx ends develop leaves and a task goes on waiting for photos`
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
	done := make(chan error, 1)
	go func() { done <- g.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
