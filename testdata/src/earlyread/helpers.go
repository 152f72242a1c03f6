package earlyread

import (
	"context"
	"errors"
)

type crate struct {
	id     int
	apples int
}

var errRotten = errors.New("rotten")

func weigh(ctx context.Context, c crate) (int, error) {
	if c.apples == 0 {
		return 0, errRotten
	}
	return c.apples, ctx.Err()
}

func load(crates []crate, out chan<- crate) error {
	for _, c := range crates {
		if c.apples == 0 {
			return errRotten
		}
		out <- c
	}
	return nil
}
