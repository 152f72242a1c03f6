// Package semaphore is a small stand-in for golang.org/x/sync/semaphore, with
// the same exported names and the same contract, for analysistest.
package semaphore

import (
	"context"
	"sync"
)

// Weighted bounds the total weight held at the same time.
type Weighted struct {
	mu    sync.Mutex
	size  int64
	held  int64
	queue []*request
}

type request struct {
	weight  int64
	granted chan struct{}
}

// NewWeighted returns a semaphore of total weight n.
func NewWeighted(n int64) *Weighted {
	return &Weighted{size: n}
}

// Acquire takes weight n and blocks until there is room or ctx is done. When
// it fails it returns ctx's error and nothing is held.
func (s *Weighted) Acquire(ctx context.Context, n int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if len(s.queue) == 0 && s.size-s.held >= n {
		s.held += n
		s.mu.Unlock()
		return nil
	}
	if n > s.size {
		s.mu.Unlock()
		<-ctx.Done()
		return ctx.Err()
	}
	r := &request{weight: n, granted: make(chan struct{})}
	s.queue = append(s.queue, r)
	s.mu.Unlock()

	select {
	case <-r.granted:
		return nil
	case <-ctx.Done():
		s.withdraw(r)
		return ctx.Err()
	}
}

// TryAcquire takes weight n if there is room now, and reports whether it did.
func (s *Weighted) TryAcquire(n int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) > 0 || s.size-s.held < n {
		return false
	}
	s.held += n
	return true
}

// Release gives weight n back.
func (s *Weighted) Release(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > s.held {
		panic("semaphore: released more than held")
	}
	s.held -= n
	s.grant()
}

// withdraw takes r out of the queue, or gives back what it was granted in the
// meantime.
func (s *Weighted) withdraw(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, q := range s.queue {
		if q == r {
			s.queue = append(s.queue[:i], s.queue[i+1:]...)
			s.grant()
			return
		}
	}
	s.held -= r.weight
	s.grant()
}

// grant serves the queue in order, as far as there is room.
func (s *Weighted) grant() {
	for len(s.queue) > 0 && s.size-s.held >= s.queue[0].weight {
		r := s.queue[0]
		s.queue = s.queue[1:]
		s.held += r.weight
		close(r.granted)
	}
}
