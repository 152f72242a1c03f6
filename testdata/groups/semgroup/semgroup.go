// Package semgroup has a group of github.com/fatih/semgroup in use.
package semgroup

import (
	"context"
	"errors"

	"github.com/fatih/semgroup"
)

var errTorn = errors.New("torn")

type sail struct{ torn bool }

func (s sail) mend() error {
	if s.torn {
		return errTorn
	}
	return nil
}

// BAD: torn sails go unnoticed.
func mendAll(ctx context.Context, sails []sail) error {
	g := semgroup.NewGroup(ctx, 2)
	for _, s := range sails {
		g.Go(s.mend)
	}
	g.Wait() // want "droppedwait: the error of g.Wait is dropped"
	return nil
}

// GOOD: all errors.
func mendAllChecked(ctx context.Context, sails []sail) error {
	g := semgroup.NewGroup(ctx, 2)
	for _, s := range sails {
		g.Go(s.mend)
	}
	return g.Wait()
}
