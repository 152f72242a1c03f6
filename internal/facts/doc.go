// Package facts is what one package tells those that import it.
//
// There is one fact, [Summary], on function objects: what a function may do with its
// parameters, and what its results are. It is plain data without positions, paths or
// maps, so that its encoding is the same on every machine and build caches stay warm.
// Package build computes it from bodies; what can be told from syntax alone is
// exported here: functions that only read values from their context, and helpers of
// tests that end the goroutine.
//
// [Groups] joins facts and tables: which types of the package under analysis are
// groups, among them the wrappers of other packages, which say so by their summaries.
package facts
