package typednil

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
)

// variable returns the pointer from a variable.
func variable(buoys []buoy) error {
	g := new(multierror.Group)
	startAll(g, buoys)
	found := g.Wait()
	return found // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// declared compares an error variable with nil.
func declared(buoys []buoy) bool {
	var g multierror.Group
	startAll(&g, buoys)
	var err error = g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	return err == nil
}

// assigned assigns it to an error that is there already.
func assigned(buoys []buoy) error {
	err := buoy{}.check()
	if err != nil {
		return err
	}
	var g multierror.Group
	startAll(&g, buoys)
	err = g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	if err != nil {
		return fmt.Errorf("inspection: %w", err)
	}
	return nil
}

// named has a named result and a deferred call.
func named(buoys []buoy) (err error) {
	defer func() { logbook(err) }()
	var g multierror.Group
	startAll(&g, buoys)
	return g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// bare sets the named result.
func bare(buoys []buoy) (err error) {
	var g multierror.Group
	startAll(&g, buoys)
	err = g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	return
}

// deferred sets the named result when the function returns.
func deferred(buoys []buoy) (err error) {
	var g multierror.Group
	defer func() {
		err = g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	}()
	startAll(&g, buoys)
	return nil
}

// two returns it beside a number.
func two(buoys []buoy) (int, error) {
	var g multierror.Group
	startAll(&g, buoys)
	return len(buoys), g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// unlucky returns it on the path where it is nil.
func unlucky(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	found := g.Wait()
	if found == nil {
		return found // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	}
	return errors.Join(found.Errors...)
}

// passed hands it to a function that asks.
func passed(buoys []buoy) {
	var g multierror.Group
	startAll(&g, buoys)
	logbook(g.Wait()) // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// joined joins it with another error.
func joined(buoys []buoy, before error) error {
	var g multierror.Group
	startAll(&g, buoys)
	return errors.Join(before, g.Wait()) // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// sent sends it to somebody who counts errors.
func sent(buoys []buoy, errs chan<- error) {
	var g multierror.Group
	startAll(&g, buoys)
	errs <- g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// kept keeps it in a field.
func (f *fleet) kept(buoys []buoy) {
	startAll(&f.g, buoys)
	f.last = f.g.Wait() // want `typednil: the \*multierror\.Error of f\.g\.Wait is never nil as an error`
}

// literal keeps it in a struct.
func literal(buoys []buoy) report {
	var g multierror.Group
	startAll(&g, buoys)
	return report{err: g.Wait()} // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

// helper returns what a function of its own has returned.
func helper(buoys []buoy) error {
	var g multierror.Group
	startAll(&g, buoys)
	return waitFor(&g) // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
}

func waitFor(g *multierror.Group) *multierror.Error {
	return g.Wait()
}

// otherQuestion asks something that has nothing to do with the errors.
func otherQuestion(buoys []buoy, strict bool) error {
	var g multierror.Group
	startAll(&g, buoys)
	found := g.Wait()
	if strict {
		return found // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
	}
	return nil
}

// inTask is itself the task of another group.
func inTask(regions [][]buoy) error {
	var outer multierror.Group
	for _, buoys := range regions {
		outer.Go(func() error {
			var g multierror.Group
			startAll(&g, buoys)
			return g.Wait() // want `typednil: the \*multierror\.Error of g\.Wait is never nil as an error`
		})
	}
	return outer.Wait().ErrorOrNil()
}
