package droppedwait

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// firstAnswer has tasks that end the others with an error when they have an answer.
func firstAnswer(ctx context.Context, parcels []parcel) string {
	g, gctx := errgroup.WithContext(ctx)
	answers := make(chan string, len(parcels))
	for _, p := range parcels {
		g.Go(func() error {
			if err := deliver(gctx, p); err != nil {
				return nil
			}
			answers <- p.address
			return errors.New("done")
		})
	}
	_ = g.Wait()
	select {
	case a := <-answers:
		return a
	default:
		return ""
	}
}

// firstRefusal fails too where it has no answer.
func firstRefusal(ctx context.Context, parcels []parcel) string {
	g, gctx := errgroup.WithContext(ctx)
	answers := make(chan string, len(parcels)) // want +10 `droppedwait: the error of g\.Wait is dropped`
	for _, p := range parcels {
		g.Go(func() error {
			if err := deliver(gctx, p); err != nil {
				return err
			}
			answers <- p.address
			return errors.New("done")
		})
	}
	_ = g.Wait()
	select {
	case a := <-answers:
		return a
	default:
		return ""
	}
}
