// Package order says which accesses of different goroutines of a function happen before
// which, in the order of the Go memory model for channels, locks, groups and Once; the
// capacity of a channel is not looked at.
//
// One goroutine releases something after its access (it sends, closes, counts itself out,
// cancels, ends), another acquires it before its own (it receives, waits, asks for the
// end of a context). What is released and acquired are tokens: of the channel, the group,
// the context (order.go). A channel has three: its values, which a receive that gives one
// acquires from a send; its close, which the others acquire; and its room, which a send
// acquires from a receive. So two that send on a channel are not ordered by it, nor are
// two that receive. The goroutine that acquires a token may itself release others, so the
// tokens that tell of an access are closed over all goroutines of the function (tokens.go).
//
// Beside that stands what a goroutine has acquired, or waited for, when it comes to an
// access (before.go, arrives.go), and the locks that it may hold there (locks.go).
// Whether a path leads from one access to the other past all that orders them is asked by
// package race, which knows the accesses: here one is no more than its Site.
//
// Everything errs on the side of order: an op that may acquire a token does; what is not
// known is one token more, which meets that of every channel. Only where no token at all
// leads from one access to the other do they race.
package order
