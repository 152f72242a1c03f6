package known

import (
	"go/types"
	"slices"
	"strings"
)

// Functions that can end the goroutine that calls them.
//
// A failed test stops by runtime.Goexit: testing's Fatal, FailNow, Skip and
// their kin always do so, the functions of assertion libraries when what they
// assert does not hold. To whoever counts the goroutine that is a return
// without an error.
//
// Libraries are known by package path and type; what they do was read in their
// source: testing (Go 1.26), testify 1.11.1, gotest.tools/v3 3.5.2, quicktest
// 1.14.6, go-quicktest/qt 1.102.0, check.v1. Their assertions end the goroutine
// through the FailNow of what they are given. So the argument counts too: a
// fake whose FailNow does something else ends nothing, and a value of which no
// testing type is known is taken for such a fake.
//
// Ignored: assertions of Ginkgo and Gomega, which panic instead, and functions
// of other packages that reach such a call in any other way than by the
// parameter that they are given (see ExportGoexit).

// Goexit says how a function ends its goroutine.
type Goexit int8

const (
	GoexitNever      Goexit = iota
	GoexitAlways            // it never returns
	GoexitByArg             // when an assertion fails, through the test that argument 0 is
	GoexitByReceiver        // likewise, through the test that its receiver was made from
)

// GoexitOf looks fn up among the functions that can end their goroutine.
func GoexitOf(fn *types.Func) Goexit {
	if fn == nil {
		return GoexitNever
	}
	recv := fn.Signature().Recv()
	switch path := PkgPath(fn); path {
	case "runtime":
		if fn.Name() == "Goexit" {
			return GoexitAlways
		}
	case "testing":
		switch fn.Name() {
		case "Fatal", "Fatalf", "FailNow", "SkipNow", "Skip", "Skipf":
			return GoexitAlways
		}
	case "github.com/stretchr/testify/require":
		switch {
		case !fn.Exported() || fn.Name() == "New" && recv == nil:
		case recv == nil:
			return GoexitByArg
		case IsNamed(recv.Type(), path, "Assertions"):
			return GoexitByReceiver
		}
	case "gotest.tools/v3/assert", "gotest.tools/assert", "github.com/frankban/quicktest", "github.com/go-quicktest/qt":
		return goexitUnlessCheck(fn, recv)
	case "gopkg.in/check.v1":
		switch fn.Name() {
		case "Assert", "Fatal", "Fatalf", "FailNow", "Skip":
			if recv != nil && IsNamed(recv.Type(), path, "C") {
				return GoexitAlways
			}
		}
	}
	return GoexitNever
}

// goexitUnlessCheck is GoexitOf for libraries whose one function that does not end
// the goroutine is called Check.
func goexitUnlessCheck(fn *types.Func, recv *types.Var) Goexit {
	switch fn.Name() {
	case "Assert":
		if recv != nil {
			return GoexitByReceiver
		}
		return GoexitByArg
	case "NilError", "Equal", "DeepEqual", "Error", "ErrorContains", "ErrorType", "ErrorIs":
		if recv == nil && fn.Signature().Results().Len() == 0 {
			return GoexitByArg
		}
	}
	return GoexitNever
}

// TestingType reports whether t is T, B, F or TB of package testing.
func TestingType(t types.Type) bool {
	n := NamedType(t)
	return n != nil && PkgPath(n.Obj()) == "testing"
}

// ReportsTest reports whether fn only says something about a test: that it has failed, was
// skipped, or what happened in it.
func ReportsTest(fn *types.Func) bool {
	if fn == nil || PkgPath(fn) != "testing" {
		return false
	}
	switch strings.TrimSuffix(fn.Name(), "f") {
	case "Error", "Fatal", "Skip", "Log":
		return true
	}
	return false
}

// TakesAsserter reports whether t is what an assertion library asks of a test.
func TakesAsserter(t types.Type) bool {
	n := NamedType(t)
	if n == nil || n.Obj().Name() != "TestingT" || !types.IsInterface(n) {
		return false
	}
	fails, _, _ := types.LookupFieldOrMethod(n, false, nil, "Errorf")
	return fails != nil || HasMethod(n, "FailNow")
}

// testDirs are names of directories whose packages only tests import, by the custom of
// many modules. Those are left out that stand for programs and libraries as often: names
// that merely begin or end with test, and integration.
var testDirs = []string{
	"test", "tests", "testing", "testutil", "testutils", "testhelper", "testhelpers", "testsupport", "testsuite", "testsuites", "testlib", "testtools", "testkit", "integrationtest", "integrationtests", "e2e",
}

// IsTestName reports whether the last element of a path is a name for tests, as httptest
// is one.
func IsTestName(path string) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return strings.HasSuffix(name, "test") && !slices.Contains([]string{"latest", "attest", "contest", "protest"}, name)
}

// IsTestPath reports whether the path of a package in its module has such a directory.
func IsTestPath(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(dir string) bool { return slices.Contains(testDirs, dir) })
}

// AsksTest reports whether fn asks a test whether it has failed.
func AsksTest(fn *types.Func) bool {
	return fn != nil && fn.Name() == "Failed" && PkgPath(fn) == "testing"
}
