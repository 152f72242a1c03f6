// Package tomb has tombs of gopkg.in/tomb.v2 in use.
package tomb

import (
	"context"
	"errors"

	"gopkg.in/tomb.v2"
)

var errStorm = errors.New("storm")

// sail goes on until it is called back.
func sail(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func forecast(stormy bool) error {
	if stormy {
		return errStorm
	}
	return nil
}

// BAD: the storm goes unnoticed.
func cruise(stormy bool) error {
	var t tomb.Tomb
	t.Go(func() error { return forecast(stormy) })
	t.Wait() // want "droppedwait: the error of t.Wait is dropped"
	return nil
}

// GOOD: the reason of the death.
func cruiseChecked(stormy bool) error {
	var t tomb.Tomb
	t.Go(func() error { return forecast(stormy) })
	return t.Wait()
}

// BAD: the boat sails on the caller's context; the storm does not call it back.
func regatta(ctx context.Context, stormy bool) error {
	t, tctx := tomb.WithContext(ctx)
	t.Go(func() error { return sail(ctx) }) // want "parentctx: "
	t.Go(func() error {
		if tctx.Err() != nil {
			return nil
		}
		return forecast(stormy)
	})
	return t.Wait()
}

// GOOD: it sails on the tomb's context.
func regattaCalledBack(ctx context.Context, stormy bool) error {
	t, ctx := tomb.WithContext(ctx)
	t.Go(func() error { return sail(ctx) })
	t.Go(func() error { return forecast(stormy) })
	return t.Wait()
}

// GOOD: the channel does as well.
func regattaDying(stormy bool) error {
	var t tomb.Tomb
	t.Go(func() error {
		<-t.Dying()
		return nil
	})
	t.Go(func() error { return forecast(stormy) })
	return t.Wait()
}
