// Package origins asks in many places which context a variable holds. The
// comment beside each question is the answer for the group of the function:
// group, parent, never (nothing ends it), or unknown.
package origins

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ask is the question. It ends with its context.
func ask(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

type key struct{}

func sameScope(ctx context.Context) error {
	_ = ask(ctx) // ask: parent
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(ctx) }) // ask: group
	return g.Wait()
}

func ownName(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(gctx) }) // ask: group
	g.Go(func() error { return ask(ctx) })  // ask: parent
	return g.Wait()
}

func innerBlock(ctx context.Context, many bool) error {
	if many {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return ask(ctx) }) // ask: group
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return ask(ctx) // ask: parent
}

func shadowed(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	{
		gctx := ctx
		g.Go(func() error { return ask(gctx) }) // ask: parent
	}
	g.Go(func() error { return ask(gctx) }) // ask: group
	return g.Wait()
}

func shadowedInTask(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ctx := context.WithValue(ctx, key{}, 1)
		return ask(ctx) // ask: group
	})
	return g.Wait()
}

func reassignedAfterSpawn(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	g.Go(func() error { return ask(use) }) // ask: unknown
	use = ctx
	g.Go(func() error { return ask(use) }) // ask: unknown
	use = context.Background()
	_ = ask(use) // ask: never
	return g.Wait()
}

func reassignedBeforeSpawn(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := ctx
	use = gctx
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

func oneBranch(ctx context.Context, alone bool) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	if alone {
		use = ctx
		_ = ask(use) // ask: parent
	}
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func bothBranches(ctx context.Context, marked bool) error {
	g, gctx := errgroup.WithContext(ctx)
	var use context.Context
	if marked {
		use = context.WithValue(gctx, key{}, 1)
	} else {
		use = gctx
	}
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

func switched(ctx context.Context, n int) error {
	g, gctx := errgroup.WithContext(ctx)
	use := ctx
	switch n {
	case 0:
		use = gctx
	case 1:
		use = context.WithValue(gctx, key{}, n)
	default:
		return g.Wait()
	}
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

func loopCarried(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := ctx
	for range 3 {
		_ = ask(use) // ask: unknown
		use = gctx
		_ = ask(use) // ask: group
	}
	_ = ask(use) // ask: unknown
	return g.Wait()
}

func loopCarriedTask(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := ctx
	for i := range 3 {
		if i == 1 {
			use = gctx
		}
		g.Go(func() error { return ask(use) }) // ask: unknown
	}
	return g.Wait()
}

func loopDerives(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	for i := range 3 {
		use = context.WithValue(use, key{}, i)
	}
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

// loopDerivesMany derives in a loop from each of many: a search that does not
// notice where it has been does not end.
func loopDerivesMany(ctx context.Context, names []string) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	for _, name := range names {
		switch name {
		case "a":
			use = context.WithValue(use, key{}, 1)
		case "b":
			use = context.WithValue(use, key{}, 2)
		case "c":
			use = context.WithValue(use, key{}, 3)
		case "d":
			use = context.WithValue(use, key{}, 4)
		}
	}
	g.Go(func() error { return ask(use) }) // ask: group
	return g.Wait()
}

func perIteration(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	for range 3 {
		use := gctx
		g.Go(func() error { return ask(use) }) // ask: group
	}
	for range 3 {
		use := gctx
		g.Go(func() error { return ask(use) }) // ask: unknown
		use = ctx
		_ = use
	}
	return g.Wait()
}

func perIterationClause(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	for use, i := gctx, 0; i < 2; i++ {
		g.Go(func() error { return ask(use) }) // ask: group; today unknown
	}
	for use, i := gctx, 0; i < 2; use, i = ctx, i+1 {
		g.Go(func() error { return ask(use) }) // ask: unknown
	}
	return g.Wait()
}

func overSlice(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, use := range []context.Context{ctx, gctx} {
		g.Go(func() error { return ask(use) }) // ask: unknown
	}
	return g.Wait()
}

func jumped(ctx context.Context, n int) error {
	g, gctx := errgroup.WithContext(ctx)
	use := ctx
	if n > 0 {
		goto start
	}
	use = gctx
	_ = ask(use) // ask: group
start:
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}

func neverEnds(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ask(context.Background()) })        // ask: never
	g.Go(func() error { return ask(context.TODO()) })              // ask: never
	g.Go(func() error { return ask(context.WithoutCancel(gctx)) }) // ask: never
	g.Go(func() error {
		use := context.WithValue(context.WithoutCancel(gctx), key{}, 1)
		return ask(use) // ask: never
	})
	return g.Wait()
}

func twoGroups(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	h, hctx := errgroup.WithContext(gctx)
	h.Go(func() error { return ask(hctx) }) // ask: g group, h group
	h.Go(func() error { return ask(gctx) }) // ask: g group, h parent
	g.Go(func() error { return ask(ctx) })  // ask: g parent, h parent
	_ = h.Wait()                            // the first is enough
	return g.Wait()
}

// oneOfTen holds one of many: those that come last are not forgotten.
func oneOfTen(ctx context.Context, n int) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	switch n {
	case 1:
		use = context.WithValue(ctx, key{}, 1)
	case 2:
		use = context.WithValue(ctx, key{}, 2)
	case 3:
		use = context.WithValue(ctx, key{}, 3)
	case 4:
		use = context.WithValue(ctx, key{}, 4)
	case 5:
		use = context.WithValue(ctx, key{}, 5)
	case 6:
		use = context.WithValue(ctx, key{}, 6)
	case 7:
		use = context.WithValue(ctx, key{}, 7)
	case 8:
		use = context.WithValue(ctx, key{}, 8)
	case 9:
		use = gctx
	}
	_ = ask(use)                           // ask: unknown
	g.Go(func() error { return ask(use) }) // ask: unknown
	return g.Wait()
}
