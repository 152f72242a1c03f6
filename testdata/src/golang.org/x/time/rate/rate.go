// Package rate is a stub of the limiter for the examples.
package rate

import "context"

// A Limit is a number of events per second.
type Limit float64

// A Limiter lets events pass at a rate.
type Limiter struct{ limit Limit }

// NewLimiter makes one.
func NewLimiter(r Limit, burst int) *Limiter { return &Limiter{r} }

// Wait waits until one more may pass, or fails as ctx ends before.
func (l *Limiter) Wait(ctx context.Context) error { return ctx.Err() }
