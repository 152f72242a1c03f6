package lostctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// BAD: nobody keeps the group's context, so every upload runs to its end.
func publishAlbum(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away`
	for _, photo := range photos {
		g.Go(func() error {
			return upload(ctx, photo)
		})
	}
	return g.Wait()
}

// GOOD: the uploads run on the group's context and stop at the first failure.
func publishAlbumTogether(ctx context.Context, photos []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, photo := range photos {
		g.Go(func() error {
			return upload(gctx, photo)
		})
	}
	return g.Wait()
}
