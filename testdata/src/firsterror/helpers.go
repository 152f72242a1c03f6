// Package firsterror has good and bad fan-outs for the check of the same name.
package firsterror

import (
	"context"
	"errors"
	"net/http"
)

var errNoKey = errors.New("no key")

// A door is locked with a key.
type door struct {
	key string
	err error
}

// lock turns the key of one door.
func lock(ctx context.Context, d door) error {
	if d.key == "" {
		return errNoKey
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://doors.example/"+d.key, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A checked door is the outcome of one lock.
type checked struct {
	door door
	err  error
}

// oil greases the hinges of one door.
func oil(d door) error {
	if d.key == "" {
		return errNoKey
	}
	return nil
}
