// Package model is the picture of a package that checks see: which function starts
// which tasks under which group, with which contexts and channels, and what each of
// them does that matters for failing, waiting and blocking.
//
// It is plain data and questions about this data. Nothing here knows syntax trees,
// SSA, or whoever wrote the model; a model can be written by hand. What a check asks
// that takes an analysis beyond the model goes through [Evidence].
//
// # What it is made of
//
// A [FanOut] is one gathering of tasks seen from its group, a [Scene] all that one
// activation of a function sets in motion. Both are made of bodies: a [Body] is a
// function as an automaton over its ops, with the conditions that decide between its
// branches. An [Op] is one event that matters. Paths through one body are searched
// by a [Walk]; all goroutines of a scene together are played by package schedule.
//
// # How sure it is
//
// Every question has three answers: [No], [Unknown], [Yes]. Unknown is silent, and so
// is a budget that was spent (limits.go): whoever asks does so for Yes or No and never
// for "not No". May is not must: where alternatives disagree the answer is Unknown.
//
// # Glossary
//
// One word has one meaning in the whole tree.
//
//	access       a read or write of memory that goroutines share
//	access path  the fields, elements and dereferences that lead from a value to an object
//	acquires     an op that comes after what another goroutine has released: a receive, a Wait
//	body         a function as an automaton over its ops
//	contract     what a type of group promises: what Wait gives back, when it cancels
//	Evidence     answers that take an analysis beyond the model
//	fact         what one package tells those that import it; the only one is facts.Summary
//	fan-out      a spawner, the tasks that it starts, the group that counts them, the wait
//	frame        one activation of a function: called where, with which arguments
//	gap          something that is not known, and why
//	goexit       the end of a goroutine without a return, as runtime.Goexit and a failed test do it
//	group        errgroup.Group, sync.WaitGroup, a look-alike, or none (bare go statements)
//	invariant    a value that is the same wherever it is looked at in an activation
//	leak         a way by which code outside a scene gets hold of an object
//	object       a channel, group, lock or semaphore that is made at one place
//	op           one event that matters
//	origin       where a value comes from: a call, a parameter, a place where it is made
//	overlap      two places that share memory
//	play         to search all schedules of a scene, with small numbers for all sizes
//	positions    the way from SSA back to the author's words and lines
//	releases     an op after which another goroutine can go on: a send, a close, a Done
//	relevant     of functions: worth building SSA for
//	root         where a context comes from in the end
//	scene        all that one activation of a spawner sets in motion
//	schedule     one possible order of events
//	sibling      another task of the same fan-out
//	size         a number as a sum of constants and unknowns that stay the same
//	spawner      the function that a fan-out belongs to
//	summary      what a function does with its parameters and results
//	task         one goroutine of a fan-out, or all those started at one place
//	token        what orders two goroutines: the channel, group or context that one
//	             releases and the other acquires
//	walk         a search over the paths of one body
package model
