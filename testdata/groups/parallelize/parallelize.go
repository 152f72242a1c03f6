// Package parallelize has ParallelizeUntil of k8s.io/client-go in use.
package parallelize

import (
	"context"
	"errors"

	"k8s.io/client-go/util/workqueue"
)

var errMoth = errors.New("moth")

type coat struct{ moths bool }

func (c coat) brush() error {
	if c.moths {
		return errMoth
	}
	return nil
}

// BAD: the coats write one variable beside each other; the last one wins, and
// coats that nobody came to count as brushed.
func brushAll(ctx context.Context, coats []coat) (err error) {
	workqueue.ParallelizeUntil(ctx, 4, len(coats), func(i int) {
		err = coats[i].brush() // want "racyerr: "
	})
	return err
}

// GOOD: a slot for each coat, and the context is asked.
func brushAllSlots(ctx context.Context, coats []coat) error {
	errs := make([]error, len(coats))
	workqueue.ParallelizeUntil(ctx, 4, len(coats), func(i int) {
		errs[i] = coats[i].brush()
	})
	return errors.Join(append(errs, ctx.Err())...)
}
