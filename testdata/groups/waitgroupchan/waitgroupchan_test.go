package waitgroupchan

import (
	"testing"
	"time"
)

func TestStow(t *testing.T) {
	crates := []crate{{}, {sealed: true}}
	if hangs(func() { stowAllCounted(crates) }, time.Minute) {
		t.Error("stowAllCounted does not return")
	}
	if hangs(func() { stowAllSignalled(crates) }, time.Minute) {
		t.Error("stowAllSignalled does not return")
	}
	// This one stays behind until the test ends.
	if !hangs(func() { stowAll(crates) }, 200*time.Millisecond) {
		t.Error("stowAll returns")
	}
}

func hangs(f func(), limit time.Duration) bool {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
		return false
	case <-time.After(limit):
		return true
	}
}
