package maskedcause

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Tasks that end a context with their error as the cause, without a group that
// keeps errors.

// repairAll says that it was stopped, and not by what.
func repairAll(parent context.Context, books []book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := scan(ctx, b); err != nil {
				cancel(fmt.Errorf("repair %s: %w", b.isbn, err))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("repair stopped: %w", ctx.Err()) // want `maskedcause: repairAll returns the error of the dead context ctx; the error that a task cancelled it with is lost`
	}
	return nil
}

// repairOne has one task, started with a go statement, and waits for the context.
func repairOne(parent context.Context, b book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := scan(ctx, b); err != nil {
			cancel(err)
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		<-done
		return ctx.Err() // want `maskedcause: repairOne returns the error of the dead context ctx`
	}
}

// repairForCause asks for the cause.
func repairForCause(parent context.Context, books []book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := scan(ctx, b); err != nil {
				cancel(fmt.Errorf("repair %s: %w", b.isbn, err))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("repair stopped: %w", context.Cause(ctx))
	}
	return nil
}

// repairUntilFull cancels without an error: that there was enough is no failure.
func repairUntilFull(parent context.Context, books []book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if b.pages > 500 {
				cancel(nil)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// repairParent returns the end of the caller's context, which no task can bring about.
func repairParent(parent context.Context, books []book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := scan(ctx, b); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return parent.Err()
}

// repairAndTell returns the errors of the tasks beside the context's.
func repairAndTell(parent context.Context, books []book) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	errs := make([]error, len(books))
	var wg sync.WaitGroup
	for i, b := range books {
		wg.Go(func() {
			if errs[i] = scan(ctx, b); errs[i] != nil {
				cancel(errs[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}
