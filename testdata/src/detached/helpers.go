// Package detached has good and bad fan-outs for the check of the same name.
package detached

import (
	"context"
	"net/http"
	"time"
)

// A buoy reports waves.
type buoy struct{ url string }

// read asks the buoy; it ends when ctx does.
func (b buoy) read(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// moor makes fast; it takes no context.
func (b buoy) moor() error {
	_, err := http.Head(b.url)
	return err
}

// shutdown lets the buoy go.
func (b buoy) shutdown(ctx context.Context) error { return b.read(ctx) }

// poll reads twice, the second time whatever happens.
func (b buoy) poll(ctx context.Context) error {
	if err := b.read(ctx); err != nil {
		return err
	}
	return b.read(context.Background()) // want `detached: task gives context\.Background\(\) to b\.read, and it never ends; g\.Wait waits although a sibling has failed`
}

// drift reads with what it has.
func (b buoy) drift() error { return b.read(context.Background()) }

type key struct{}

// limited is a context with a time limit of its own.
func limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

// A lamp burns until it is stopped.
type lamp struct{ dark chan struct{} }

func (l *lamp) burn(ctx context.Context) error {
	select {
	case <-l.dark:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Stop ends burn.
func (l *lamp) Stop() { close(l.dark) }
