// Package pond has task groups of github.com/alitto/pond/v2 in use.
package pond

import (
	"context"
	"errors"
	"time"

	"github.com/alitto/pond/v2"
)

var errIce = errors.New("ice")

type lock struct{ frozen bool }

func (l lock) open() error {
	time.Sleep(time.Millisecond) // it is heavy
	if l.frozen {
		return errIce
	}
	return nil
}

func fill(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// BAD: a frozen lock goes unnoticed.
func openAll(ctx context.Context, p pond.Pool, locks []lock) error {
	g := p.NewGroupContext(ctx)
	for _, l := range locks {
		g.SubmitErr(l.open)
	}
	g.Wait() // want "droppedwait: the error of g.Wait is dropped"
	return nil
}

// GOOD: the first error.
func openAllChecked(ctx context.Context, p pond.Pool, locks []lock) error {
	g := p.NewGroupContext(ctx)
	for _, l := range locks {
		g.SubmitErr(l.open)
	}
	return g.Wait()
}

// GOOD: the basin is filled on the context of the group.
func fillAndOpen(ctx context.Context, p pond.Pool, l lock) error {
	g := p.NewGroupContext(ctx)
	gctx := g.Context()
	g.SubmitErr(func() error { return fill(gctx) }, l.open)
	return g.Wait()
}

// BAD: it is filled on the caller's; the ice does not stop it.
func fillOnAndOpen(ctx context.Context, p pond.Pool, l lock) error {
	g := p.NewGroupContext(ctx)
	g.SubmitErr(func() error { return fill(ctx) }, l.open) // want "parentctx: "
	return g.Wait()
}
