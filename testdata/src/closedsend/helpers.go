// Package closedsend has good and bad fan-outs for the check of the same name.
package closedsend

import (
	"errors"
	"time"
)

var errFog = errors.New("fog on the runway")

// dice decides what happens: it returns a number below n.
var dice = func(n int) int { return 0 }

// wait takes some milliseconds.
func wait() { time.Sleep(time.Duration(dice(3)) * time.Millisecond) }

// radar looks for a plane.
func radar(plane string) error {
	wait()
	if dice(2) == 1 {
		return errFog
	}
	return nil
}

// sight returns what a plane is seen to do.
func sight(plane string) string {
	wait()
	return plane
}

// note writes a line into the log.
func note(line string) error {
	if dice(2) == 1 {
		return errFog
	}
	return nil
}
