// Package waitresult says what a call that waits for tasks gives back, where its type is not
// one of the known groups or its result is no plain error: the errors that a type of the
// package's own has kept (own.go), and a pointer that becomes an error, so that nil is not
// nil any more (typednil.go).
//
// Both follow values forward from the call, and err on the side of silence: a use that is
// not understood ends the search.
package waitresult

import "github.com/gatherlint/gatherlint/internal/build"

// A Follower answers for one package.
type Follower struct{ *build.Builder }
