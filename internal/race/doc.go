// Package race finds two accesses to the same memory that nothing orders, one of them
// a write.
//
// For each place of a spawner that a task touches (access.go) the question is whether
// another access can be concurrent: of the spawner, of another task, or of the same
// task started again (races.go, walks.go). What orders two goroutines is told by
// tokens: a channel, group or context that one releases after its access and the other
// acquires before its own, closed over all goroutines of the function (order.go,
// tokens.go), and by locks (locks.go). The order is that of the Go memory model; the
// capacity of a channel is not looked at.
//
// Everything errs on the side of order: an op that may acquire a token does, and what
// is not known is one token more, which meets every other.
package race
