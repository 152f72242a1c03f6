// Package answers makes its errors by functions of other modules.
package answers

import (
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type desk struct {
	mu    sync.Mutex
	cases map[string]int
}

// look makes the error of what the caller is told, with the lock held.
func (d *desk) look(id string) (int, error) {
	d.mu.Lock()
	n, ok := d.cases[id]
	if !ok {
		return 0, status.Errorf(codes.NotFound, "no case %s", id) // want `misseddone: desk.look returns without d.mu.Unlock`
	}
	d.mu.Unlock()
	return n, nil
}

// lookAgain gives the lock back first.
func (d *desk) lookAgain(id string) (int, error) {
	d.mu.Lock()
	n, ok := d.cases[id]
	d.mu.Unlock()
	if !ok {
		return 0, status.Error(codes.NotFound, "no case")
	}
	return n, nil
}

// reserve leaves with the lock, and what its callers are told is told by others.
func (d *desk) reserve(id string) error {
	d.mu.Lock()
	n, ok := d.cases[id]
	if !ok {
		return verdict(n)
	}
	d.mu.Unlock()
	return nil
}

var verdict func(int) error
