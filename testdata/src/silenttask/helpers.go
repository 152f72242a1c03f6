// Package silenttask has good and bad fan-outs for the check of the same name.
package silenttask

import (
	"context"
	"errors"
	"log"
	"net/http"
)

var errNoName = errors.New("no name")

// A book stands on a shelf.
type book struct{ name string }

// bind mends one book.
func bind(ctx context.Context, b book) error {
	if b.name == "" {
		return errNoName
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://books.example/"+b.name, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// dust never fails, although its type allows it to.
func dust(b book) error {
	log.Print(b.name)
	return nil
}

// A shelf has books, and says which.
type shelf struct{ books []book }

// each calls f for each book until f fails.
func (s *shelf) each(ctx context.Context, f func(book) error) error {
	for _, b := range s.books {
		if err := f(b); err != nil {
			return err
		}
	}
	return nil
}
