// Package directive has findings with directives about them.
package directive

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

var errEmpty = errors.New("barrel is empty")

// A barrel holds apples; it comes to rest somewhere.
type barrel struct {
	apples int
	rest   chan struct{}
}

// roll takes a barrel to the cellar; it ends when ctx does.
func roll(ctx context.Context, b *barrel) error {
	if b.apples == 0 {
		return errEmpty
	}
	select {
	case <-b.rest:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// plain has no directive.
func plain(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// sameLine has it behind the code.
func sameLine(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	g.Wait() //gatherlint:ignore droppedwait an empty barrel does no harm
}

// above has it on a line of its own.
func above(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	//gatherlint:ignore droppedwait an empty barrel does no harm
	g.Wait()
}

// amongComments has it in a comment that goes on.
func amongComments(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	// The cellar is counted in the evening.
	//gatherlint:ignore droppedwait an empty barrel does no harm
	// So it was agreed with the miller.
	g.Wait()
}

// afterTab has a tab behind the name.
func afterTab(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	g.Wait() //gatherlint:ignore	droppedwait	an empty barrel does no harm
}

// several names two checks; one of them finds something.
func several(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	g.Wait() //gatherlint:ignore deadctx,droppedwait an empty barrel does no harm
}

// both silences two findings of one line.
func both(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	defer func() { g.Wait(); _ = roll(gctx, b) }() //gatherlint:ignore deadctx,droppedwait an empty barrel does no harm
}

// oneOfBoth silences one of two findings of one line.
func oneOfBoth(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `deadctx: gctx is already cancelled here` */ defer func() { g.Wait(); _ = roll(gctx, b) }() //gatherlint:ignore droppedwait an empty barrel does no harm
}

// blankLine has a blank line between the directive and the code.
func blankLine(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `directive: gatherlint:ignore silences nothing` */ //gatherlint:ignore droppedwait an empty barrel does no harm

	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// lineBelow has it on the wrong side.
func lineBelow(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	/* want `directive: gatherlint:ignore silences nothing` */ //gatherlint:ignore droppedwait an empty barrel does no harm
}

// behindOther is about its own line only, although the next one has a finding.
func behindOther(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) }) /* want `directive: gatherlint:ignore silences nothing` */ //gatherlint:ignore droppedwait an empty barrel does no harm
	g.Wait()                                    // want `droppedwait: the error of g\.Wait is dropped`
}

// noReason silences nothing: the next reader would not know why.
func noReason(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` `directive: gatherlint:ignore gives no reason` */ g.Wait() //gatherlint:ignore droppedwait
}

// nothingAtAll names no check.
func nothingAtAll(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` `directive: gatherlint:ignore names no check and no reason` */ g.Wait() //gatherlint:ignore
}

// unknown has a mistake in the name; the report says which check is near.
func unknown(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` `directive: gatherlint:ignore names the unknown check "dropedwait", did you mean droppedwait; the checks are` */ g.Wait() //gatherlint:ignore dropedwait an empty barrel does no harm
}

// spaceInList has a space behind the comma; the second name is a reason then, which it is not.
func spaceInList(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` `directive: gatherlint:ignore has an empty name in its list` */ g.Wait() //gatherlint:ignore deadctx, droppedwait an empty barrel does no harm
}

// unused is about code without a finding.
func unused(ctx context.Context, b *barrel) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `directive: gatherlint:ignore silences nothing` */ return g.Wait() //gatherlint:ignore droppedwait the error is looked at by now
}

// otherCheck names a check that finds nothing here.
func otherCheck(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` `directive: gatherlint:ignore silences nothing` */ g.Wait() //gatherlint:ignore deadctx an empty barrel does no harm
}

// notRunning names a check that does not run here, so nobody can say that it is of no use.
func notRunning(ctx context.Context, b *barrel) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	return g.Wait() //gatherlint:ignore missedwait the barrels roll by themselves
}

// otherWords begins like a directive and is none.
func otherWords(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` */ g.Wait() //gatherlint:ignored droppedwait and so on
}

// withSpace is a comment and no directive.
func withSpace(ctx context.Context, b *barrel) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return roll(gctx, b) })
	/* want `droppedwait: the error of g\.Wait is dropped` */ g.Wait() // gatherlint:ignore droppedwait and so on
}
