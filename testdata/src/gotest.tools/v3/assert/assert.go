// Package assert is a small stand-in for gotest.tools/v3/assert, with some of its
// exported names and the same contract, for analysistest.
package assert

// TestingT is what an assertion needs of a test.
type TestingT interface {
	FailNow()
	Fail()
	Log(args ...any)
}

// NilError asserts that err is nil.
func NilError(t TestingT, err error, msgAndArgs ...any) {
	if err != nil {
		t.Log(err, msgAndArgs)
		t.FailNow()
	}
}

// Check reports whether ok, and goes on in any case.
func Check(t TestingT, ok bool, msgAndArgs ...any) bool {
	if !ok {
		t.Log(msgAndArgs...)
		t.Fail()
	}
	return ok
}
