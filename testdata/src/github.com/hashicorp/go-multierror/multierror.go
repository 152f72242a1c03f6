// Package multierror is a small stand-in for github.com/hashicorp/go-multierror,
// with the same names and the same contract, for analysistest.
package multierror

import (
	"errors"
	"sync"
)

// Error is several errors.
type Error struct {
	Errors      []error
	ErrorFormat func([]error) string
}

// Error joins the texts. A nil pointer has none: it panics.
func (e *Error) Error() string { return errors.Join(e.Errors...).Error() }

// ErrorOrNil is the error, nil if there are none.
func (e *Error) ErrorOrNil() error {
	if e == nil || len(e.Errors) == 0 {
		return nil
	}
	return e
}

// WrappedErrors lists the errors, none of a nil pointer.
func (e *Error) WrappedErrors() []error {
	if e == nil {
		return nil
	}
	return e.Errors
}

// Append adds errors to err; nil ones, and nil pointers, add nothing.
func Append(err error, errs ...error) *Error {
	all, _ := err.(*Error)
	if all == nil {
		all = &Error{}
		if _, pointer := err.(*Error); err != nil && !pointer {
			all.Errors = []error{err}
		}
	}
	for _, e := range errs {
		switch e := e.(type) {
		case *Error:
			all.Errors = append(all.Errors, e.WrappedErrors()...)
		case error:
			all.Errors = append(all.Errors, e)
		}
	}
	return all
}

// Group runs tasks and keeps all their errors.
type Group struct {
	wg  sync.WaitGroup
	mu  sync.Mutex
	err *Error
}

// Go runs the task in a goroutine.
func (g *Group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.mu.Lock()
			g.err = Append(g.err, err)
			g.mu.Unlock()
		}
	}()
}

// Wait waits for the tasks; the pointer is nil if none failed.
func (g *Group) Wait() *Error {
	g.wg.Wait()
	return g.err
}
