// Package errtrace says where the errors of tasks go: lost in the task (losses.go),
// one read where there are several (first.go), overwritten by another task's
// (overwrites.go), or made of a nil pointer and so never nil (typednil.go).
//
// An error is followed as a value, forward from the call that gives it or backward
// from the question whether there is one. All four err on the side of a trace: one use
// that is not understood keeps the error, and there is no finding.
package errtrace
