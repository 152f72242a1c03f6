package origins

import (
	"context"

	"golang.org/x/sync/errgroup"
)

func madeBefore(ctx context.Context) error {
	task := func() error { return ask(ctx) } // ask: group
	g, ctx := errgroup.WithContext(ctx)
	g.Go(task)
	return g.Wait()
}

func madeBeforeOther(ctx context.Context) error {
	task := func() error { return ask(ctx) } // ask: parent
	g, gctx := errgroup.WithContext(ctx)
	g.Go(task)
	g.Go(func() error { return ask(gctx) }) // ask: group
	return g.Wait()
}

func calledBefore(ctx context.Context) error {
	run := func() error { return ask(ctx) } // ask: parent
	if err := run(); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(ctx) }) // ask: group
	return g.Wait()
}

func calledAfter(ctx context.Context) error {
	run := func() error { return ask(ctx) } // ask: group
	g, ctx := errgroup.WithContext(ctx)
	if err := run(); err != nil {
		return err
	}
	return g.Wait()
}

func calledTwice(ctx context.Context) error {
	run := func() error { return ask(ctx) } // ask: group, parent
	if err := run(); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(run)
	return g.Wait()
}

func twoDeep(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		inner := func() error {
			last := func() error { return ask(ctx) } // ask: group
			return last()
		}
		return inner()
	})
	return g.Wait()
}

func twoDeepShadowed(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		inner := func(gctx context.Context) error {
			return func() error { return ask(gctx) }() // ask: parent
		}
		return inner(ctx)
	})
	_ = gctx
	return g.Wait()
}

func assignedInTask(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		gctx = ctx
		return ask(gctx) // ask: parent
	})
	g.Go(func() error { return ask(gctx) }) // ask: unknown
	return g.Wait()
}

func assignedByHelper(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	back := func() { use = ctx }
	back()
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func throughPointer(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	overwrite(&use)
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func overwrite(ctx *context.Context) { *ctx = context.Background() }

func throughLocalPointer(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	p := &use
	*p = ctx
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func boundArgument(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	done := make(chan struct{})
	go func(c context.Context) {
		defer close(done)
		_ = ask(c) // ask: group
	}(gctx)
	<-done
	return g.Wait()
}

func asArgument(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return passOn(gctx, 2) })
	return g.Wait()
}

func passOn(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	return ask(ctx) // ask: group
}

func asVariadic(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return askFirst(gctx, ctx) })
	return g.Wait()
}

func askFirst(ctxs ...context.Context) error {
	return ask(ctxs[0]) // ask: unknown
}

func taskMaker(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(makeTask(gctx))
	return g.Wait()
}

func makeTask(ctx context.Context) func() error {
	return func() error { return ask(ctx) } // ask: group
}

func asResult(ctx context.Context) error {
	g, gctx := open(ctx)
	g.Go(func() error { return ask(gctx) }) // ask: group
	g.Go(func() error { return ask(ctx) })  // ask: parent
	return g.Wait()
}

func open(ctx context.Context) (*errgroup.Group, context.Context) {
	return errgroup.WithContext(ctx)
}

func namedResult(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := label(gctx)
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

func label(ctx context.Context) (out context.Context) {
	out = context.WithValue(ctx, key{}, 1)
	return
}

func namedResultDeferred(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := relabel(gctx)
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func relabel(ctx context.Context) (out context.Context) {
	defer func() { out = context.Background() }()
	return ctx
}

func chosenResult(ctx context.Context, alone bool) error {
	g, gctx := errgroup.WithContext(ctx)
	use := choose(alone, ctx, gctx)
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func choose(first bool, a, b context.Context) context.Context {
	if first {
		return a
	}
	return b
}

func genericHelpers(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	marked := mark(gctx, "generic")
	g.Go(func() error { return ask(marked) })             // ask: group
	g.Go(func() error { return ask(firstOf(gctx, ctx)) }) // ask: group
	g.Go(func() error { return each(gctx, []int{1, 2}) })
	return g.Wait()
}

func mark[T any](ctx context.Context, v T) context.Context {
	return context.WithValue(ctx, key{}, v)
}

func firstOf[T any](a, _ T) T { return a }

func each[T any](ctx context.Context, items []T) error {
	for range items {
		if err := ask(ctx); err != nil { // ask: group
			return err
		}
	}
	return nil
}

func deferredArgument(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	defer ask(use) // ask: group
	use = ctx
	_ = use
	return g.Wait()
}

func deferredLiteral(ctx context.Context) error {
	defer func() { _ = ask(ctx) }() // ask: unknown
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(ctx) }) // ask: group
	return g.Wait()
}

func deferredLast(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	defer func() { _ = ask(gctx) }() // ask: group
	defer func() { _ = ask(ctx) }()  // ask: parent
	return g.Wait()
}

func recursive(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	var down func(n int) error
	down = func(n int) error {
		if n > 0 {
			return down(n - 1)
		}
		return ask(gctx) // ask: group
	}
	g.Go(func() error { return down(3) })
	return g.Wait()
}
