// Package schedule plays a scene in the small and says which goroutines can be
// blocked for ever, with the shortest order of events that leads there.
//
// # What is explored
//
// The scene is written out as a graph and sliced by package program. A state is where
// each process is, what it remembers, and how each channel, group, context, lock
// and semaphore is doing (state.go). From the first state on, all states that
// can follow are visited breadth first; so the first time that something goes
// wrong is the shortest schedule for it.
//
// The hypothesis under test is that calls fail: an error that a call returns may
// be nil or not. At most maxFailures kinds of calls fail in a schedule, each in as
// many goroutines and rounds as there are. A receive gives what was sent
// (message.go), a variable what was assigned, and a condition asked twice of the
// same value goes the same way twice.
//
// The caller's context can end at any time and never has to. Timers go off, I/O
// completes, and a group's context ends with the first failure and with Wait.
//
// # What is stuck
//
// In each state in which processes are blocked, the largest set of them is looked
// for that nobody outside of it can ever set free (stuck.go): who could still do
// what a blocked process waits for, or start somebody who could, is no hope if it
// is in the set itself.
//
// What has no number of its own is played in several sizes. What is found with the
// smallest has to be found with the largest as well (schedule.go).
//
// # What keeps it small
//
// Reductions, each of which keeps every blocked set reachable, beside those that
// package program has made:
//
//   - what concerns one process only (its variables, its branches, the making of
//     an object) is done at once, before others get a turn (local.go);
//   - so is what it does with objects that no other will touch any more (apart.go);
//   - a state is not visited if one was that can do the same and assumes less, and nothing
//     follows one of which nothing can be said any more (visited.go);
//   - what only ever helps others (closing, cancelling, leaving room) is not
//     ordered against what does not care (rendezvous.go);
//   - a process forgets what nobody on its way asks again, and states that differ
//     in such things only are one (state.go).
//
// # What is given up
//
// An object gets no verdict once code outside the scene can reach it, and neither does a
// blocked process that waits for such a one, or for one that somebody may yet give away
// (program/leaks.go). A schedule that needs the
// outcome of unknown conditions in several routines, each of which matters to
// what is blocked, is dropped: the conditions may belong together (decide.go).
// More than maxProcs processes, maxDefers deferred calls of one of them, maxStates
// states or maxSteps steps: no verdict. A package has a budget too, which scenes that
// are large are left out for. All budgets are numbers, so the results are the same on
// every machine.
//
// Not played are TryLock, callbacks that unseen functions may or may not call, and
// panics of unseen calls. Wait of a sync.Cond gives its lock away for a while; what it
// waits for is not played.
//
// The package is checked against reality by generated programs, which are played
// and run (analyzer/generated_test.go), and by the examples of the leak checks,
// which are run under the goroutine leak profile (analyzer/oracle_test.go).
package schedule
