// Package deaftask has good and bad fan-outs for the check of the same name.
package deaftask

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

var (
	errClouds = errors.New("clouds came up")
	errDome   = errors.New("dome is stuck")
)

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// turn takes some milliseconds.
func turn() {
	time.Sleep(time.Duration(dice(3)) * time.Millisecond)
}

// expose takes a picture of a star; it does not begin when ctx is over.
func expose(ctx context.Context, star string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	turn()
	if dice(3) == 2 {
		return "", errClouds
	}
	return "frame of " + star, nil
}

// develop works on a frame; it does not begin when ctx is over.
func develop(ctx context.Context, frame string) error {
	_, err := expose(ctx, frame)
	return err
}

// calibrate makes the telescope ready.
func calibrate(ctx context.Context) error {
	turn()
	if dice(2) == 1 {
		return errDome
	}
	return ctx.Err()
}

// clearSky reports whether there are no clouds.
func clearSky() bool {
	return dice(3) == 0
}

// publish shows a frame to the world, which has no context.
func publish(frame string) error {
	switch dice(3) {
	case 1:
		return errClouds
	case 2:
		return errDome
	}
	return nil
}

// modeFor says what to do with a star.
func modeFor(star string) string {
	if star == "" {
		return ""
	}
	return [...]string{"look", "photograph"}[dice(2)]
}

// breathe sleeps.
func breathe(d time.Duration) {
	time.Sleep(d)
}

// file keeps a frame and cannot fail.
func file(frame string) {
	turn()
	slog.Debug("frame", "name", frame)
}

// pass sends a frame or gives up with ctx.
func pass(ctx context.Context, frames chan<- string, frame string) error {
	select {
	case frames <- frame:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rest waits for d or for the end of ctx.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
