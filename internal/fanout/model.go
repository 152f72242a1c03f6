package fanout

// A FanOut is one gathering of tasks.
type FanOut struct{}
