// Package taskgroup has groups of github.com/creachadair/taskgroup in use.
package taskgroup

import (
	"context"
	"errors"

	"github.com/creachadair/taskgroup"
)

var errFlat = errors.New("flat")

type piano struct{ flat bool }

func (p piano) tune() error {
	if p.flat {
		return errFlat
	}
	return nil
}

// BAD: a flat piano goes unnoticed.
func tuneAll(pianos []piano) error {
	g := taskgroup.New(nil)
	for _, p := range pianos {
		g.Go(p.tune)
	}
	g.Wait() // want "droppedwait: the error of g.Wait is dropped"
	return nil
}

// GOOD: the first error; and the group is used again.
func tuneTwice(pianos []piano) error {
	var g taskgroup.Group
	for range 2 {
		for _, p := range pianos {
			g.Go(p.tune)
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// GOOD: the first error ends the context.
func tuneUntilFlat(ctx context.Context, pianos []piano) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g := taskgroup.New(cancel)
	for _, p := range pianos {
		g.Go(p.tune)
	}
	g.Run(func() { <-ctx.Done() })
	return g.Wait()
}

// BAD: a string breaks, and the pianos are tuned on by nobody's leave.
func tuneBriefly(ctx context.Context, strings int) error {
	g := taskgroup.New(nil)
	g.Run(func() { <-ctx.Done() })
	if strings == 0 {
		return nil // want "missedwait: "
	}
	return g.Wait()
}
