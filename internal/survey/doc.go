// Package survey looks through a package for what is to be judged, and puts the model
// together: it asks build for the bodies, and reports nothing.
//
// From the ops of one root function the fan-outs are gathered by group (fanouts.go), and the
// scenes by what its activation sets in motion (scenes.go, owners.go). Objects that a
// constructor makes, one method uses and another ends have scenes of their own (lives.go), and
// so have functions that take a lock or a place of others, or owe them a Done (holders.go).
// What importers have to know of a function is read off its body (summaries.go).
//
// Ignored: functions that neither gather nor make anything, and what the budget of the package
// leaves no room for; explain says so of each.
package survey
