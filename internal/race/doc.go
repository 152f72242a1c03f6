// Package race finds two accesses to the same memory that nothing orders, one of them
// a write.
//
// For each place of a spawner that a task touches (access.go, places.go) the question is
// whether another access can be concurrent: of the spawner, of another task, or of the
// same task started again (races.go, walks.go, pairs.go). That is a path over the body of
// the spawner, from where the task is started to the other access, or to where the other
// is started, on which nothing tells of the first. What tells is said by package order.
//
// Left out are places below pointers that are not known, elements that each task has for
// itself, what a look at the progress of a task reads (atomics), and places that are only
// set where they are found empty (filled.go). The visits of all paths together are
// bounded: what is not found by then is not reported.
package race
