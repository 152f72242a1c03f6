// Package flow says where values come from, and who else can get at what they lead to.
//
// A value is seen in a [Frame], one activation of a function: the same variable is
// another one each time. [Flow.Resolve] follows a value back through local variables,
// parameters, captured variables, fields of local structs and results of functions of
// the package to its origins; one that is not followed is its own origin. Local
// variables are flow-sensitive (which stores reach this load), the heap is not.
// [Flow.Escape] follows an object forward instead, along every access path that leads
// to it, and says by which way code outside the scene gets hold of it; [Flow.Leaks] says at
// which instructions.
//
// Both are demand-driven walks with budgets in steps; a spent budget is an origin that
// is not followed, or an object that leaks. Ignored: values that travel through maps,
// channels and elements, other than as one more step of the path.
package flow
