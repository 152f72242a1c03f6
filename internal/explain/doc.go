// Package explain lists what the model knows of a function, and what it does not know
// and why, for a person who asks why there is no finding. It sees the model only.
//
// Checks do not need any of it: they are silent where a question has no answer,
// whatever the reason.
package explain
