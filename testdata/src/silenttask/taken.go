package silenttask

import (
	"context"
	"errors"
	"fmt"
	"log"
)

// A bound is a book and what came of it.
type bound struct {
	book book
	err  error
}

// takesNil takes the error of its task and says that all is well.
func takesNil(ctx context.Context, b book) error {
	done := make(chan error, 1)
	go func() { done <- bind(ctx, b) }()
	if err := <-done; err != nil { // want `silenttask: takesNil finds an error taken from done and returns nil; the failure of a task looks like success`
		log.Print(err)
		return nil
	}
	return bind(ctx, b)
}

// onlyBound leaves out what has failed, and the caller cannot see it.
func onlyBound(ctx context.Context, books []book) ([]book, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	var out []book
	for range books {
		r := <-results
		if r.err == nil { // want `silenttask: onlyBound finds an error taken from results and returns nil`
			out = append(out, r.book)
		}
	}
	return out, nil
}

// skipped goes on with the next.
func skipped(ctx context.Context, books []book) ([]book, error) {
	results := make(chan bound)
	go func() {
		defer close(results)
		for _, b := range books {
			results <- bound{b, bind(ctx, b)}
		}
	}()
	var out []book
	for r := range results {
		if r.err != nil { // want `silenttask: skipped finds an error taken from results and returns nil`
			continue
		}
		out = append(out, r.book)
	}
	return out, nil
}

// anyWillDo is content with one that succeeds.
func anyWillDo(ctx context.Context, books []book) (book, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	for range books {
		if r := <-results; r.err == nil {
			return r.book, nil
		}
	}
	return book{}, errNoName
}

// noneBound fails if nothing is left.
func noneBound(ctx context.Context, books []book) ([]book, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	var out []book
	for range books {
		if r := <-results; r.err == nil {
			out = append(out, r.book)
		}
	}
	if len(out) == 0 {
		return nil, errNoName
	}
	return out, nil
}

// countsBad counts what fails.
func countsBad(ctx context.Context, books []book) (int, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	bad := 0
	for range books {
		if r := <-results; r.err != nil {
			bad++
		}
	}
	return bad, nil
}

// logsBad goes on by design, and says so in a log.
func logsBad(ctx context.Context, books []book) ([]book, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	var out []book
	for range books {
		r := <-results
		if r.err != nil {
			log.Printf("%s: %v", r.book.name, r.err)
			continue
		}
		out = append(out, r.book)
	}
	return out, nil
}

// known has a reason for some errors.
func known(ctx context.Context, b book) error {
	done := make(chan error, 1)
	go func() { done <- bind(ctx, b) }()
	if err := <-done; err != nil && !errors.Is(err, errNoName) {
		return fmt.Errorf("bind: %w", err)
	}
	return nil
}

// whole keeps all that it takes.
func whole(ctx context.Context, books []book) ([]bound, error) {
	results := make(chan bound, len(books))
	for _, b := range books {
		go func() { results <- bound{b, bind(ctx, b)} }()
	}
	var out []bound
	for range books {
		r := <-results
		if r.err != nil {
			r.book.name = ""
		}
		out = append(out, r)
	}
	return out, nil
}

// secondTry binds again what was not bound.
func secondTry(ctx context.Context, b book) error {
	done := make(chan error, 1)
	go func() { done <- bind(ctx, b) }()
	err := <-done
	if err != nil {
		err = bind(ctx, b)
	}
	return err
}

// saidWhy says why.
func saidWhy(ctx context.Context, b book) error {
	done := make(chan error, 1)
	go func() { done <- bind(ctx, b) }()
	if err := <-done; err != nil {
		return nil // the next round binds it
	}
	return bind(ctx, b)
}

// collects keeps what it takes in a list that nobody looks at.
func collects(ctx context.Context, books []book) error {
	results := make(chan error, len(books))
	for _, b := range books {
		go func() { results <- bind(ctx, b) }()
	}
	var failed []error
	for range books {
		if err := <-results; err != nil { // want `silenttask: collects finds an error taken from results and returns nil; the failure of a task looks like success`
			failed = append(failed, err)
		}
	}
	return nil
}

// collectsAndCounts asks how many there are.
func collectsAndCounts(ctx context.Context, books []book) (int, error) {
	results := make(chan error, len(books))
	for _, b := range books {
		go func() { results <- bind(ctx, b) }()
	}
	var failed []error
	for range books {
		if err := <-results; err != nil {
			failed = append(failed, err)
		}
	}
	return len(books) - len(failed), nil
}
