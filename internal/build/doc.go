// Package build writes the model of a package: bodies, tasks, groups, contexts,
// fan-outs and scenes. It is the only one that writes it, and it reports nothing.
//
// A body is built once for each activation of a function (body.go): the same function
// called at two places is two bodies, because its parameters are other values each
// time. Calls (calls.go, groupcalls.go) become ops with the body of what they call,
// if that is seen; what the called function does otherwise is told by a table or by its
// summary. From the ops of one root function the fan-outs are gathered by group
// (fanouts.go), and the scenes by what its activation sets in motion (scene.go).
//
// What the builder knows of an object of the model beyond the model, its origin say,
// stands in side tables of [Builder]; the model has no pointer back. The packages above
// (errtrace, waitresult, race, rewrite) answer through the builder.
package build
