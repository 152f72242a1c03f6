// Package maskedcause has good and bad fan-outs for the check of the same name.
package maskedcause

import (
	"context"
	"errors"
	"net/http"

	"golang.org/x/sync/errgroup"
)

var errTornPage = errors.New("torn page")

// A book has an own number.
type book struct {
	isbn  string
	pages int
}

// scan fetches a book's record; it ends when ctx does.
func scan(ctx context.Context, b book) error {
	if b.pages == 0 {
		return errTornPage
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://books.example/"+b.isbn, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// offer sends b to shelf. It fails only when ctx ends.
func offer(ctx context.Context, shelf chan<- book, b book) error {
	select {
	case shelf <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// scanners starts n tasks that scan what comes along.
func scanners(g *errgroup.Group, ctx context.Context, n int, shelf <-chan book) {
	for range n {
		g.Go(func() error {
			for b := range shelf {
				if err := scan(ctx, b); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// scanAll starts a task for each book.
func scanAll(g *errgroup.Group, ctx context.Context, books []book) {
	for _, b := range books {
		g.Go(func() error { return scan(ctx, b) })
	}
}
