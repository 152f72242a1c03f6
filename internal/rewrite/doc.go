// Package rewrite says what a fix may write, so that it certainly compiles and means
// what it says: which names are visible where (names.go), where "=" can become ":="
// (redeclare.go), how much room a channel needs, and where a call can be deferred
// (leaks.go). syntax.go has the questions about statements that these share.
//
// Fixes are offered for plain code only, where all that matters is in sight. Anything
// else is "no".
package rewrite
