// Package errgroup is a small stand-in for golang.org/x/sync/errgroup, with
// the same exported names and the same contract, for analysistest.
package errgroup

import (
	"context"
	"fmt"
	"sync"
)

// A Group counts a set of tasks that belong together. The zero Group has no
// limit and cancels nothing.
type Group struct {
	tasks  sync.WaitGroup
	cancel context.CancelCauseFunc
	slots  chan struct{}

	mu    sync.Mutex
	first error
}

// WithContext returns a new Group and a context derived from ctx. The context
// is cancelled when a task returns an error or when Wait returns, whichever
// comes first.
func WithContext(ctx context.Context) (*Group, context.Context) {
	derived, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, derived
}

// Wait blocks until all tasks have returned and gives the first error.
func (g *Group) Wait() error {
	g.tasks.Wait()
	if g.cancel != nil {
		g.cancel(g.first)
	}
	return g.first
}

// Go runs f in a new goroutine. It blocks while the limit is reached.
func (g *Group) Go(f func() error) {
	if g.slots != nil {
		g.slots <- struct{}{}
	}
	g.start(f)
}

// TryGo runs f in a new goroutine unless the limit is reached, and reports
// whether it did.
func (g *Group) TryGo(f func() error) bool {
	if g.slots != nil {
		select {
		case g.slots <- struct{}{}:
		default:
			return false
		}
	}
	g.start(f)
	return true
}

// SetLimit bounds the number of running tasks; a negative n removes the bound.
// It must not be called while tasks are running.
func (g *Group) SetLimit(n int) {
	if len(g.slots) != 0 {
		panic(fmt.Errorf("errgroup: limit changed while %d tasks are running", len(g.slots)))
	}
	if n < 0 {
		g.slots = nil
		return
	}
	g.slots = make(chan struct{}, n)
}

func (g *Group) start(f func() error) {
	g.tasks.Add(1)
	go func() {
		defer g.finish()
		if err := f(); err != nil {
			g.fail(err)
		}
	}()
}

func (g *Group) finish() {
	if g.slots != nil {
		<-g.slots
	}
	g.tasks.Done()
}

func (g *Group) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first != nil {
		return
	}
	g.first = err
	if g.cancel != nil {
		g.cancel(err)
	}
}
