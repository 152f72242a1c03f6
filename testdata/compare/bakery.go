// Package compare has twenty mistakes, one in a file, that docs/compare.md is about.
package compare

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// An oven can be hot, slow or broken.
type oven struct {
	broken  bool
	takes   time.Duration
	degrees int
}

var errBroken = errors.New("the oven is broken")

// heat comes back at the end of its time, or of the context.
func (o *oven) heat(ctx context.Context) error {
	if o.broken {
		return errBroken
	}
	return pause(ctx, o.takes)
}

func (o *oven) measure(ctx context.Context) (int, error) {
	return o.degrees, o.heat(ctx)
}

func (o *oven) cool(ctx context.Context) error {
	o.degrees = 0
	return pause(ctx, o.takes)
}

func (o *oven) clean(ctx context.Context) {
	if err := pause(ctx, o.takes); err != nil {
		fmt.Println("not clean:", err)
	}
}

func sift(ctx context.Context) error {
	return errors.Join(pause(ctx, time.Millisecond), ctx.Err(), errLumps)
}

var errLumps error

func slice(ctx context.Context, loaf string) error {
	if loaf == "stale" {
		return errors.New("the loaf is stale")
	}
	return pause(ctx, time.Millisecond)
}

type courier interface {
	deliver(ctx context.Context, loaf string) error
}

type bike struct{}

func (bike) deliver(ctx context.Context, loaf string) error {
	return pause(ctx, time.Duration(len(loaf))*time.Millisecond)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
