package stuckwait

import (
	"context"
	"time"
)

// inTime stops waiting when the time is over.
func inTime(ctx context.Context, ship string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer := make(chan error, 1)
	go func() {
		err := unload(ctx, ship)
		if ctx.Err() == nil {
			answer <- err
		}
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
