package silenttask

import (
	"context"
	"log"

	"golang.org/x/sync/errgroup"
)

// BAD: a book that was not bound is reported as bound.
func bindAll(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if err := bind(gctx, b); err != nil {
				log.Printf("bind %s: %v", b.name, err)
				return nil // want `silenttask: the error of bind is only logged and the task returns nil; g never learns of the failure`
			}
			return nil
		})
	}
	return g.Wait()
}

// GOOD: the caller is told.
func bindAllChecked(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if err := bind(gctx, b); err != nil {
				log.Printf("bind %s: %v", b.name, err)
				return err
			}
			return nil
		})
	}
	return g.Wait()
}
