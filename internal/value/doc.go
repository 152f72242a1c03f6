// Package value compares numbers and conditions that are not known.
//
// A size is a sum of constants and of symbols, numbers that are the same wherever they
// are looked at: the length of a slice that nobody changes, a parameter ([Values.SizeOf]).
// A key is likewise a name for a condition that has the same value in all bodies of a
// scene ([Values.StableKey]). Both rest on invariants (invariant.go): a value is one if no
// store that can be seen, and no code that is not seen, can change it between two looks.
// Loops are counted by sizes (loops.go, loopindex.go). Whether code runs only after a failure
// is told by the conditions that lead to it (cleanup.go).
//
// It is exact or silent: what is not certain to stay the same has no size and no key.
// Overflow of sums is not looked at beyond a bound on constants (see model.MaxConst).
package value
