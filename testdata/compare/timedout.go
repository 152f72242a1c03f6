package compare

import (
	"context"
	"errors"
	"time"
)

// timedout leaves, and nobody is left to receive the error of the oven.
func timedout(ctx context.Context, o *oven, d time.Duration) error {
	heated := make(chan error)
	go func() { heated <- o.heat(ctx) }()
	select {
	case err := <-heated:
		return err
	case <-time.After(d):
		return errors.New("the oven stays cold")
	}
}
