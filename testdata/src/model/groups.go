// Package model has one small function for each thing that the model of a
// fan-out must tell apart. Nothing here is meant to be good or bad.
package model

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// groupWithContext makes its group with WithContext.
func groupWithContext(ctx context.Context, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, loaf := range loaves {
		g.Go(func() error { return bake(gctx, loaf) })
	}
	return g.Wait()
}

// groupNew makes its group with new.
func groupNew(ctx context.Context) error {
	g := new(errgroup.Group)
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// groupVar has a zero group in a variable.
func groupVar(ctx context.Context) error {
	var g errgroup.Group
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// groupLiteral has a composite literal in a variable.
func groupLiteral(ctx context.Context) error {
	g := errgroup.Group{}
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// groupPointer has a pointer to a composite literal.
func groupPointer(ctx context.Context) error {
	g := &errgroup.Group{}
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// groupParameter gets its group from the caller.
func groupParameter(g *errgroup.Group, ctx context.Context) {
	g.Go(func() error { return bake(ctx, "rye") })
}

// groupResult gets group and context from a function of the package.
func groupResult(ctx context.Context) error {
	g, gctx := openOven(ctx, 2)
	g.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// groupReturned gives its group to the caller.
func groupReturned(ctx context.Context) *errgroup.Group {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	return g
}

type oven struct {
	group *errgroup.Group
	plain errgroup.Group
	wg    sync.WaitGroup
	ctx   context.Context
	mu    sync.Mutex
	baked int
}

// groupField has a pointer to its group in a field of the receiver.
func (o *oven) groupField(ctx context.Context) error {
	o.group, o.ctx = errgroup.WithContext(ctx)
	o.group.Go(func() error { return bake(o.ctx, "rye") })
	return o.group.Wait()
}

// groupFieldValue has its group itself in a field of the receiver.
func (o *oven) groupFieldValue(ctx context.Context) error {
	o.plain.Go(func() error { return bake(ctx, "rye") })
	return o.plain.Wait()
}

// groupLocalField has its group in a field of a local struct.
func groupLocalField(ctx context.Context) error {
	var o oven
	o.group, o.ctx = errgroup.WithContext(ctx)
	o.group.Go(func() error { return bake(o.ctx, "rye") })
	return o.group.Wait()
}

type shift struct {
	errgroup.Group
	name string
}

// groupEmbedded calls the promoted methods of an embedded group.
func groupEmbedded(ctx context.Context) error {
	s := &shift{name: "night"}
	s.Go(func() error { return bake(ctx, s.name) })
	return s.Wait()
}

// groupAliased has two names for one group.
func groupAliased(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	same := g
	same.Go(func() error { return bake(gctx, "rye") })
	return g.Wait()
}

// groupPerRound makes a group in each round of a loop.
func groupPerRound(ctx context.Context, rounds [][]string) error {
	for _, loaves := range rounds {
		g, gctx := errgroup.WithContext(ctx)
		for _, loaf := range loaves {
			g.Go(func() error { return bake(gctx, loaf) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// groupAssignedTwice assigns a second group to the same variable.
func groupAssignedTwice(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	if err := g.Wait(); err != nil {
		return err
	}
	g, hctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(hctx, "wheat") })
	return g.Wait()
}

// groupTwo has two groups side by side.
func groupTwo(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	h, hctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	h.Go(func() error { return bake(hctx, "wheat") })
	if err := g.Wait(); err != nil {
		_ = h.Wait() // the first error is enough
		return err
	}
	return h.Wait()
}

// groupNested has a group in a task of a group.
func groupNested(ctx context.Context, rounds [][]string) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, loaves := range rounds {
		outer.Go(func() error {
			inner, ictx := errgroup.WithContext(octx)
			for _, loaf := range loaves {
				inner.Go(func() error { return bake(ictx, loaf) })
			}
			return inner.Wait()
		})
	}
	return outer.Wait()
}

// groupLimit bounds its tasks with SetLimit.
func groupLimit(ctx context.Context, loaves []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(3)
	for _, loaf := range loaves {
		g.Go(func() error { return bake(gctx, loaf) })
	}
	return g.Wait()
}

// groupEscapes sends its group to somebody unknown.
func groupEscapes(ctx context.Context, takers chan<- *errgroup.Group) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bake(gctx, "rye") })
	takers <- g
}

// groupInterface hides its group behind an interface.
func groupInterface(ctx context.Context) error {
	var g interface {
		Go(func() error)
		Wait() error
	} = new(errgroup.Group)
	g.Go(func() error { return bake(ctx, "rye") })
	return g.Wait()
}

// groupGeneric has its group in a generic function.
func groupGeneric[T any](ctx context.Context, items []T, work func(context.Context, T) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, item := range items {
		g.Go(func() error { return work(gctx, item) })
	}
	return g.Wait()
}
