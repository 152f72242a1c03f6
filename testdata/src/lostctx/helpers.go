// Package lostctx has good and bad fan-outs for the check of the same name.
package lostctx

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"
)

var errTooDark = errors.New("photo is too dark")

// A photo is a picture and its thumbnail.
type photo struct {
	name   string
	pixels []byte
	thumb  []byte
}

// upload sends a photo; it ends when ctx does.
func upload(ctx context.Context, name string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://album.example/"+name, strings.NewReader(name))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// shrink only computes.
func shrink(p *photo) error {
	if len(p.pixels) == 0 {
		return errTooDark
	}
	p.thumb = p.pixels[:1+len(p.pixels)/8]
	return nil
}

// note only logs.
func note(ctx context.Context, name string) {
	slog.InfoContext(ctx, "photo", "name", name)
}

// uploadAll starts a task for each photo under its caller's group.
func uploadAll(g *errgroup.Group, ctx context.Context, names []string) {
	for _, name := range names {
		g.Go(func() error { return upload(ctx, name) })
	}
}

// limited returns a group that runs n tasks at a time, and its context.
func limited(ctx context.Context, n int) (*errgroup.Group, context.Context) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	return g, gctx
}
