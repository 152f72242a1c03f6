// Package sealed hides what it does behind an interface.
package sealed

// A Pool runs tasks.
type Pool struct{ impl backend }

type backend interface {
	start(func() error)
	finish() error
}

// NewPool makes a pool.
func NewPool() *Pool { return &Pool{} }

// Go starts a task.
func (p *Pool) Go(task func() error) { p.impl.start(task) }

// Wait waits for the tasks.
func (p *Pool) Wait() error { return p.impl.finish() }

// A Tank looks the same, and nobody has named it.
type Tank struct{ impl backend }

// Go starts a task.
func (p *Tank) Go(task func() error) { p.impl.start(task) }

// Wait waits for the tasks.
func (p *Tank) Wait() error { return p.impl.finish() }
