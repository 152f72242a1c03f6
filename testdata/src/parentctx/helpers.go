// Package parentctx has good and bad fan-outs for the check of the same name.
package parentctx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

var errStorm = errors.New("station lost in a storm")

type traceKey struct{}

// A reading is one value of one station.
type reading struct {
	station string
	celsius float64
}

// download fetches url and throws the body away; it ends when ctx does.
func download(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// pause waits for d or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// refresh is two calls away from the request that it makes.
func refresh(ctx context.Context, station string) error {
	return refreshOnce(ctx, "https://stations.example/"+station)
}

func refreshOnce(ctx context.Context, url string) error {
	if err := pause(ctx, time.Millisecond); err != nil {
		return err
	}
	return download(ctx, url)
}

// deregister undoes register.
func deregister(ctx context.Context, station string) error {
	return download(ctx, "https://stations.example/gone/"+station)
}

// traceID only reads a value.
func traceID(ctx context.Context) string {
	id, _ := ctx.Value(traceKey{}).(string)
	return id
}

// withTrace derives a context that dies with ctx.
func withTrace(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, traceKey{}, id)
}

// logStart only logs.
func logStart(ctx context.Context, station string) {
	slog.InfoContext(ctx, "start", "station", station, "trace", traceID(ctx))
}

// newGroup returns a group and the context that dies with it.
func newGroup(ctx context.Context, limit int) (*errgroup.Group, context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(limit)
	return g, gctx
}

// downloader returns a task.
func downloader(ctx context.Context, url string) func() error {
	return func() error {
		return download(ctx, url)
	}
}

// startDownload starts a task under g for its caller.
func startDownload(g *errgroup.Group, ctx context.Context, url string) {
	g.Go(func() error {
		return download(ctx, url)
	})
}

func parse(line string) (reading, error) {
	var r reading
	_, err := fmt.Sscan(line, &r.station, &r.celsius)
	return r, err
}
