package parentctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A context that options fill in, and that is handed on from field to field.

type tackle struct {
	ctx   context.Context
	depth int
}

type gear func(*tackle) error

// within makes the soundings end with ctx.
func within(ctx context.Context) gear {
	return func(s *tackle) error {
		s.ctx = ctx
		return nil
	}
}

func tackleOf(list ...gear) (*tackle, error) {
	s := &tackle{ctx: context.Background(), depth: 4}
	for _, set := range list {
		if err := set(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

type sounder struct {
	ctx context.Context
}

func (s *sounder) sound(place string) error { return download(s.ctx, place) }

// soundAll gives its tasks what the tackle holds.
func soundAll(places []string, list ...gear) error {
	s, err := tackleOf(list...)
	if err != nil {
		return err
	}
	lead := sounder{ctx: s.ctx}
	g, gctx := errgroup.WithContext(s.ctx)
	for _, place := range places {
		g.Go(func() error {
			if place == "" {
				return download(gctx, place)
			}
			return lead.sound(place) // want `parentctx: task uses s.ctx, which does not die when g fails; lead.sound goes on after a sibling failed`
		})
	}
	return g.Wait()
}

// soundEach gives them the group's.
func soundEach(places []string, list ...gear) error {
	s, err := tackleOf(list...)
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(s.ctx)
	lead := sounder{ctx: gctx}
	for _, place := range places {
		g.Go(func() error { return lead.sound(place) })
	}
	return g.Wait()
}

// soundHere waits for the end of a context that an option may have put in.
func soundHere(place string, list ...gear) error {
	s, err := tackleOf(list...)
	if err != nil {
		return err
	}
	depths := make(chan int)
	go func() {
		select {
		case depths <- s.depth:
		case <-s.ctx.Done():
		}
	}()
	if err := download(s.ctx, place); err != nil {
		return err
	}
	<-depths
	return nil
}
