// Package oklogrun has a group of github.com/oklog/run in use.
package oklogrun

import (
	"context"
	"errors"

	"github.com/oklog/run"
)

var errFog = errors.New("fog")

func watch(foggy bool) error {
	if foggy {
		return errFog
	}
	return nil
}

func stop(error) {}

// BAD: the fog goes unnoticed.
func keepWatch(foggy bool) {
	var g run.Group
	g.Add(func() error { return watch(foggy) }, stop)
	g.Run() // want "droppedwait: the error of g.Run is dropped"
}

// GOOD: what the first actor returned.
func keepWatchChecked(foggy bool) error {
	var g run.Group
	g.Add(func() error { return watch(foggy) }, stop)
	return g.Run()
}

// BAD: the lamp's interrupt tells it nothing, and Run waits for it. Interrupts
// are calls of functions that Run makes; that this one is in vain is not seen.
func light(ctx context.Context, foggy bool) error {
	var g run.Group
	g.Add(func() error { <-ctx.Done(); return ctx.Err() }, stop)
	g.Add(func() error { return watch(foggy) }, stop)
	return g.Run()
}

// GOOD: the interrupt ends the context that the lamp waits for.
func lightInterrupted(ctx context.Context, foggy bool) error {
	var g run.Group
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g.Add(func() error { <-ctx.Done(); return ctx.Err() }, func(error) { cancel() })
	g.Add(func() error { return watch(foggy) }, stop)
	return g.Run()
}
