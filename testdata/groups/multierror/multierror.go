// Package multierror has a group of github.com/hashicorp/go-multierror in use.
package multierror

import (
	"errors"

	"github.com/hashicorp/go-multierror"
)

var errLeak = errors.New("leak")

type hull struct{ leaks bool }

func (h hull) inspect() error {
	if h.leaks {
		return errLeak
	}
	return nil
}

// BAD: sound hulls give an error too.
func inspect(hulls []hull) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	return g.Wait() // want "typednil: the *multierror.Error of g.Wait is never nil as an error"
}

// GOOD: sound hulls give none.
func inspectOrNil(hulls []hull) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	return g.Wait().ErrorOrNil()
}

// BAD: by way of an error variable.
func inspectLater(hulls []hull) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	var err error = g.Wait() // want "typednil: the *multierror.Error of g.Wait is never nil as an error"
	if err != nil {
		return err
	}
	return nil
}

// GOOD: the pointer itself is compared.
func inspectCompared(hulls []hull) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return nil
}

// BAD: leaks go unnoticed.
func inspectBlindly(hulls []hull) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	g.Wait() // want "droppedwait: the error of g.Wait is dropped"
	return nil
}

// GOOD: a nil pointer adds nothing.
func inspectBoth(hulls []hull, before error) error {
	var g multierror.Group
	for _, h := range hulls {
		g.Go(h.inspect)
	}
	return multierror.Append(before, g.Wait()).ErrorOrNil()
}
