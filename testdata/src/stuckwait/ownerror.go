package stuckwait

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A refusal is an error in a type of its own; what a task returns of it is not followed.
type refusal struct{ cause error }

// translate ends with a refusal, or when there is no more to do.
func translate(ctx context.Context, pages <-chan string, out chan<- string) *refusal {
	for page := range pages {
		if err := call(page); err != nil {
			return &refusal{err}
		}
		select {
		case out <- page:
		case <-ctx.Done():
			return &refusal{ctx.Err()}
		}
	}
	return nil
}

// deal hands the pages out until the group ends.
func deal(ctx context.Context, all []string, pages chan<- string) error {
	defer close(pages)
	for _, page := range all {
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// A refusal is returned as the error that it holds, so the group ends when all translators
// have left: deal is told, Wait returns and out is closed.
func ownError(ctx context.Context, all []string) []string {
	pages, out := make(chan string), make(chan string)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return deal(ctx, all, pages) })
	for range 4 {
		g.Go(func() error {
			if r := translate(ctx, pages, out); r != nil {
				return r.cause
			}
			return nil
		})
	}
	go func() {
		g.Wait()
		close(out)
	}()
	var done []string
	for page := range out {
		done = append(done, page)
	}
	return done
}

// A refusal ends its translator only: when all have left, nobody takes the next page, Wait
// waits for whoever deals them, and out is never closed.
func ownErrorKept(all []string) []string {
	pages, out := make(chan string), make(chan string)
	var g errgroup.Group
	g.Go(func() error {
		defer close(pages)
		for _, page := range all {
			pages <- page
		}
		return nil
	})
	for range 4 {
		g.Go(func() error {
			translate(context.Background(), pages, out)
			return nil
		})
	}
	go func() {
		g.Wait()
		close(out)
	}()
	var done []string
	for page := range out { // want `stuckwait: ownErrorKept blocks for ever ranging over out; the task blocks for ever sending on pages`
		done = append(done, page)
	}
	return done
}
