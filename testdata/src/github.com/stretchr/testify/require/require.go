// Package require is a small stand-in for github.com/stretchr/testify/require,
// with some of its exported names and the same contract, for analysistest.
package require

// TestingT is what an assertion needs of a test.
type TestingT interface {
	Errorf(format string, args ...any)
	FailNow()
}

// Assertions are the assertions of one test.
type Assertions struct{ t TestingT }

// New returns the assertions of t.
func New(t TestingT) *Assertions { return &Assertions{t} }

// NoError asserts that err is nil.
func (a *Assertions) NoError(err error, msgAndArgs ...any) { NoError(a.t, err, msgAndArgs...) }

// NoError asserts that err is nil.
func NoError(t TestingT, err error, msgAndArgs ...any) {
	if err != nil {
		t.Errorf("%v %v", err, msgAndArgs)
		t.FailNow()
	}
}

// Equal asserts that both values are the same.
func Equal(t TestingT, want, got any, msgAndArgs ...any) {
	if want != got {
		t.Errorf("want %v, got %v %v", want, got, msgAndArgs)
		t.FailNow()
	}
}
