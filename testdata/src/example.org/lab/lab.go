// Package lab has helpers for tests of other packages.
package lab

import "testing"

// Settle ends the test when err is not nil.
func Settle(t testing.TB, err error) {
	t.Helper()
	check(t, err, "settle")
}

func check(t testing.TB, err error, what string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Note only writes err down.
func Note(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("noted: %v", err)
	}
}

// Later registers something that ends the test when it is over.
func Later(t testing.TB, f func() error) {
	t.Cleanup(func() {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	})
}
