// Package program writes a scene out as a graph that can be played, leaves out of it
// what cannot matter, and computes what whoever plays it has to know in advance.
//
// # The graph
//
// A scene is a spawner with all that it calls and starts. Each body stands in the
// graph once, with a node for each op and one for the end of each block, so that a
// node says by itself how its process came there (program.go). The world is the
// objects that the ops work on: channels, groups, locks, semaphores, contexts
// (world.go). An object is known if every operation on it is part of the scene, at least
// until it leaks (leaks.go), and local if it is made there.
//
// # The slice
//
// Compile writes out the whole, from which can be told whether there is anything to
// play (worthwhile.go); locks that are always given back before anything can block
// are marked already (locks.go). Prepare then computes a program slice (Weiser, 1981),
// with what can block as its criterion: the ops on what processes share, the branches
// that decide which of them happen, the variables and results that these branches ask,
// and the calls that contain them (slice.go, slicecalls.go). Channels that are not known
// are left out where they hold up nobody who comes to what is (influence.go). A call that
// does nothing else but fail or not is one step (outcome.go).
//
// # What is known in advance
//
// The rest are data-flow problems over the slice, each solved to its least fixed point,
// with sets of numbers as its values:
//
//   - backwards: which variables and conditions a process still asks (facts.go), which
//     objects it still touches (future.go), what it can still do that others may be
//     waiting for, and whether anything can still be said of it (effects.go);
//   - what a branch decides about, which is what one of its ways does before it meets the
//     other (branchscope.go), and whether it only decides if something fails
//     (branches.go);
//   - which cases of a select bring a process no further (rounds.go);
//   - what is told of a message to whoever receives it (message.go).
//
// Sizes without a number are given small ones, in several rounds, all equal first; large
// numbers and the rooms for them are reduced together (sizes.go, room.go).
//
// # What it ignores
//
// Time, and values other than nil, true, false, constants and what is counted up.
// Which way is taken is for package schedule to play: nothing here depends on a state.
package program
