package typednil

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/hashicorp/go-multierror"
)

// compared compares the pointer, and returns it only where it is not nil.
func compared(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	if err := g.Wait(); err != nil {
		return err
	}
	return nil
}

// comparedEarly returns early where it is nil.
func comparedEarly(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	err := g.Wait()
	if err == nil {
		return nil
	}
	slog.Error("inspection", "error", err)
	return err
}

// counted looks at the list of errors.
func counted(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	err := g.Wait()
	if len(err.WrappedErrors()) > 0 {
		return err
	}
	return nil
}

// asked asks by way of ErrorOrNil.
func asked(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	found := g.Wait()
	if err := found.ErrorOrNil(); err != nil {
		return found
	}
	return nil
}

// asPointer has the pointer as its result.
func asPointer(buoys []buoy) *multierror.Error {
	var g multierror.Group
	startAll(&g, buoys)
	return g.Wait()
}

// unwrapped gives the errors to somebody else.
func unwrapped(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	return errors.Join(g.Wait().WrappedErrors()...)
}

// appended adds the errors to others: Append knows nil pointers.
func appended(buoys []buoy, before error) error {
	var g multierror.Group
	startAll(&g, buoys)
	return multierror.Append(before, g.Wait()).ErrorOrNil()
}

// appendedFirst likewise, with the pointer first, and by way of a variable.
func appendedFirst(buoys []buoy, after error) error {
	var g multierror.Group
	startAll(&g, buoys)
	var all error = g.Wait()
	return multierror.Append(all, after).ErrorOrNil()
}

// inspected looks for one error among them.
func inspected(buoys []buoy, which error) bool {
	var g multierror.Group
	startAll(&g, buoys)
	return errors.Is(g.Wait(), which)
}

// printed is only printed.
func printed(buoys []buoy) string {
	var g multierror.Group
	startAll(&g, buoys)
	return fmt.Sprint(g.Wait())
}

// overwritten replaces the pointer before anybody looks.
func overwritten(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	found := g.Wait()
	var err error = found
	err = found.ErrorOrNil()
	return err
}

// always has tasks that fail every time.
func always(buoys []buoy) error {
	var g multierror.Group
	for range buoys {
		g.Go(func() error { return errors.New("no boat") })
	}
	return g.Wait()
}

// alwaysSeveral likewise: Append never returns nil.
func alwaysSeveral(buoys []buoy) error {
	var g multierror.Group
	g.Go(func() error { return multierror.Append(errors.New("no boat"), errors.New("no crew")) })
	return errors.Join(g.Wait())
}

// ranged has read the list: with a nil pointer it would not have come so far.
func ranged(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	found := g.Wait()
	for _, err := range found.Errors {
		slog.Error("inspection", "error", err)
	}
	return found
}

// comparedInLiteral compares it in a deferred literal.
func comparedInLiteral(buoys []buoy) (err error) {
	var g multierror.Group
	defer func() {
		if found := g.Wait(); found != nil {
			err = found
		}
	}()
	startAll(&g, buoys)
	return nil
}
