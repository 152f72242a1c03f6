// Package stuckwait has good and bad fan-outs for the check of the same name.
package stuckwait

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

var errListing = errors.New("ship is listing")

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// tide takes some milliseconds.
func tide() {
	time.Sleep(time.Duration(dice(3)) * time.Millisecond)
}

// unload takes the cargo off a ship; it does not begin when ctx is over.
func unload(ctx context.Context, ship string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tide()
	if dice(2) == 1 {
		return errListing
	}
	return nil
}

// weigh returns the tons that a ship carries.
func weigh(ctx context.Context, ship string) (int, error) {
	if err := unload(ctx, ship); err != nil {
		return 0, err
	}
	return len(ship), nil
}

// inspect looks at a ship and cannot fail.
func inspect(ship string) int {
	tide()
	return len(ship)
}

// report writes a line into the log.
func report(ship string) {
	slog.Debug("ship", "name", ship)
}
