// Package given says what all callers of a function give it, and which way its branches go
// for that.
//
// A function of the package that nobody else can call has as many calls as stand in the
// source. Where each gives a constant, nil or a literal, a parameter has one of a few values,
// and a return behind a branch that goes the other way for all of them cannot be taken:
//
//	start(names, true, false)
//	start(names, false, true)
//
//	func start(names []string, retry, strict bool) error {
//		...
//		if retry && strict {
//			return errBoth // never
//		}
//
// The values of one call belong together, so a branch is asked for those calls only that come
// to it: each branch that dominates it, in its function and around the calls that lead there,
// has gone the right way for them. What is called in an activation is given what stands at that
// call, and needs no list of callers.
//
// A loop gives each goroutine that it starts another index, and each round another item of a
// list that is written out. A branch that asks for it goes one way for one of them: see
// PicksRound.
//
// Ignored, and then every way is open: what a caller computes or was given itself, parameters
// that are assigned, fields behind pointers, variadic arguments, arithmetic. Calls in test
// files are not asked: that a test takes a way proves nothing for the program.
package given
