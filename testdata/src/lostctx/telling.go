package lostctx

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"
)

// publishAndTell has tasks that tell their errors themselves: each photo is a matter of
// its own.
func publishAndTell(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, photo := range photos {
		g.Go(func() (err error) {
			defer func() {
				if err != nil {
					fmt.Fprintf(os.Stderr, "failed to publish %s: %v\n", photo, err)
				}
			}()
			return upload(ctx, photo)
		})
	}
	if err := g.Wait(); err != nil {
		return errors.New("some photos were not published")
	}
	return nil
}

// publishQuietly tells nothing.
func publishQuietly(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away; when one task fails the others run on`
	for _, photo := range photos {
		g.Go(func() error { return upload(ctx, photo) })
	}
	if err := g.Wait(); err != nil {
		return errors.New("some photos were not published")
	}
	return nil
}

// publishFirst gives the first error back as well.
func publishFirst(ctx context.Context, photos []string) error {
	g, _ := errgroup.WithContext(ctx) // want `lostctx: the context of g is thrown away; when one task fails the others run on`
	for _, photo := range photos {
		g.Go(func() error {
			err := upload(ctx, photo)
			if err != nil {
				fmt.Fprintf(os.Stderr, "failed to publish %s: %v\n", photo, err)
			}
			return err
		})
	}
	return g.Wait()
}
