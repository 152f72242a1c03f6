// Package relevant says which functions of a package are worth building, from its syntax
// and types alone: those that start goroutines, make channels or use groups, with what they
// call (relevant.go), those that may leave with something taken (unbalanced.go), and those
// that may lock what is locked already (relocks.go). What it finds is only a reason to
// look; it errs on the side of building.
package relevant
