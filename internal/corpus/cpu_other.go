//go:build !unix

package main

import "time"

// cpuTime is the time of the clock: what the system counts for a process is not
// asked here. On a machine that does nothing else it is nearly the same.
func cpuTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
