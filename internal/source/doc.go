// Package source is the package under analysis: the SSA of the
// functions that are worth building, and the way from SSA back to the author's words and lines.
//
// [BuildSSA] builds the functions that matter (see package relevant) and leaves empty
// shells for all others. [Positions] finds the
// expressions and statements behind the positions that instructions carry. instr.go
// and stores.go have the small questions about instructions that all floors above
// share: is it nil, does it come before, is it in a loop, which stores reach it.
// [Package.Named] is what the syntax alone tells: which places name an unexported field
// or a function, and what they do to it, in functions that were not built too.
package source
