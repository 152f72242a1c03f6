// Package nofailfast has good and bad fan-outs for the check of the same name.
package nofailfast

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

var errCold = errors.New("too cold")

// A hive is looked after by its keeper.
type hive struct{ url string }

// inspect looks into the hive; it ends when ctx does.
func (h hive) inspect(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// close shuts the hive for the winter.
func (h hive) close(ctx context.Context) error { return h.inspect(ctx) }

// guard looks at it until ctx ends.
func (h hive) guard(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			slog.Info("all quiet", "hive", h.url)
		}
	}
}

// warm fails when it is cold.
func (h hive) warm() error {
	if h.url == "" {
		return errCold
	}
	return nil
}

// A scale is somewhere else.
type scale interface {
	Weigh(url string) (int, error)
}
