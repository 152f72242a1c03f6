// Package typednil has errors that are never nil, and others like them.
package typednil

import "github.com/hashicorp/go-multierror"

// BAD: the buoys are all inspected and sound, and inspect returns an error.
func inspect(buoys []buoy) error {
	var g multierror.Group
	for _, b := range buoys {
		g.Go(func() error { return b.check() })
	}
	return g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error; success looks like a failure`
}

// GOOD: no errors give a nil error.
func inspectOrNil(buoys []buoy) error {
	var g multierror.Group
	for _, b := range buoys {
		g.Go(func() error { return b.check() })
	}
	return g.Wait().ErrorOrNil()
}
