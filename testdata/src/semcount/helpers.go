// Package semcount has good and bad fan-outs for the check of the same name.
package semcount

import (
	"context"
	"errors"
	"log"
)

var errStorm = errors.New("a storm is coming")

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// raise raises a tent, unless the ground is too hard.
func raise(ctx context.Context, tent string) error {
	if dice(2) == 1 {
		return errStorm
	}
	return ctx.Err()
}

// note writes a line into the camp's book.
func note(v ...any) { log.Print(v...) }
