// Package known says what types and functions of other packages are known to do.
//
// Everything that is told by a name is told here, and nowhere else: the groups and
// their contracts (groups.go), the functions of std and x/sync (std.go), the test
// libraries that end a goroutine (goexit.go), logs (logs.go), and the names by which
// authors tell what a function is for (names.go). Types and functions are known by the
// import path of the package that declares them; vendored copies count as the package
// itself. A heuristic by name errs on the side that keeps a check silent, and says
// which side that is.
//
// Facts are not used for std: the tables are small, and analysing std for their sake
// costs more than the rest of the run. Tests check the rows against the packages.
package known
