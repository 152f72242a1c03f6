// Package errtrace says where the errors of tasks go: lost in the task (losses.go),
// one read where there are several (first.go), left where nobody looks again (leftover.go,
// abandoned.go), or overwritten by another task's (overwrites.go).
//
// An error is followed as a value, forward from the call that gives it or backward
// from the question whether there is one. All of them err on the side of a trace: one use
// that is not understood keeps the error, and there is no finding.
package errtrace
