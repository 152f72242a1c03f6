// Package build writes the bodies of the model: the ops of a function, and the tasks,
// groups, contexts, channels and locks that they work on. It reports nothing.
//
// A body is built once for each activation of a function (body.go): the same function
// called at two places is two bodies, because its parameters are other values each
// time. Calls (calls.go, groupcalls.go) become ops with the body of what they call,
// if that is seen; what the called function does otherwise is told by a table or by its
// summary. Blocks that an activation cannot come to, for what all callers give it, are
// left empty (see package given). Package survey, above it, puts fan-outs and scenes
// together from the bodies.
//
// What the builder knows of an object of the model beyond the model, its origin say,
// stands in side tables of [Builder]; the model has no pointer back. The packages above
// (errtrace, waitresult, race, rewrite) answer through the builder.
package build
