// Package wgcount has good and bad fan-outs for the check of the same name.
package wgcount

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

var errStung = errors.New("the keeper was stung")

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// hum takes some milliseconds.
func hum() {
	time.Sleep(time.Duration(dice(3)) * time.Millisecond)
}

// tend cares for a hive and cannot fail.
func tend(hive string) int {
	hum()
	slog.Debug("hive", "name", hive)
	return len(hive)
}

// open takes the lid off a hive.
func open(hive string) error {
	if dice(2) == 1 {
		return errStung
	}
	return nil
}

// weak reports whether a hive needs care.
func weak(hive string) bool {
	return dice(2) == 1
}

// combs returns what hangs in a hive.
func combs(hive string) []string {
	return []string{hive + "/1", hive + "/2"}[:dice(3)]
}

// tendCounted is a task of its caller's wg.
func tendCounted(wg *sync.WaitGroup, hive string) {
	defer wg.Done()
	tend(hive)
}
