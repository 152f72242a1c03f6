package closedsend

import (
	"context"
	"sync"
	"sync/atomic"
)

// A harbour is open when its gate is; what its pilots do is not seen.
type harbour struct {
	gate   chan struct{}
	boats  chan string
	pilots sync.WaitGroup
	ships  interface{ Dock(plane string) error }
}

// afterGate waits for the gate before it starts the task: that is not the end of the task.
func (h *harbour) afterGate(ctx context.Context, plane string) error {
	<-h.gate
	docked := make(chan error)
	defer func() { close(docked) }()
	go func(to chan error) {
		to <- h.ships.Dock(plane) // want `closedsend: the task sends on to after harbour.afterGate has closed it; the program panics`
	}(docked)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-docked:
		return err
	}
}

// afterBoats counts the boats and waits for all pilots first.
func (h *harbour) afterBoats(ctx context.Context, plane string) error {
	boats := 0
	for range h.boats {
		boats++
	}
	if boats > 0 {
		h.pilots.Wait()
	}
	docked := make(chan error, 1)
	defer close(docked)
	go func() {
		docked <- h.ships.Dock(plane) // want `closedsend: the task sends on docked after harbour.afterBoats has closed it; the program panics`
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-docked:
		return err
	}
}

// afterwards waits for the gate, which the ships may open when they have docked.
func (h *harbour) afterwards(ctx context.Context, plane string) error {
	docked := make(chan error, 1)
	defer close(docked)
	go func() {
		docked <- h.ships.Dock(plane)
	}()
	select {
	case <-ctx.Done():
		<-h.gate
		return ctx.Err()
	case err := <-docked:
		return err
	}
}

// atTheEnd waits for the pilots by a deferred call, which runs before that of close.
func (h *harbour) atTheEnd(ctx context.Context, plane string) error {
	docked := make(chan error, 1)
	defer close(docked)
	defer h.pilots.Wait()
	go func() {
		docked <- h.ships.Dock(plane)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-docked:
		return err
	}
}

// eachRound waits for the gate before each start: it may be that of the round before.
func (h *harbour) eachRound(ctx context.Context, planes []string) error {
	docked := make(chan error, len(planes))
	defer close(docked)
	for _, plane := range planes {
		<-h.gate
		go func() {
			docked <- h.ships.Dock(plane)
		}()
	}
	<-h.gate
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-docked:
		return err
	}
}

// eachAtTheEnd has watchers that each close the channel when there are no more planes.
func eachAtTheEnd(planes <-chan string) {
	over := make(chan struct{})
	for range 3 {
		go func() {
			for plane := range planes {
				sight(plane)
			}
			close(over) // want `closedsend: the task closes over after another task has closed it; the program panics`
		}()
	}
	<-over
}

// firstAtTheEnd closes once.
func firstAtTheEnd(planes <-chan string) {
	over := make(chan struct{})
	var once sync.Once
	for range 3 {
		go func() {
			for plane := range planes {
				sight(plane)
			}
			once.Do(func() { close(over) })
		}()
	}
	<-over
}

// whoHasTheKey closes where it gets the one key that somebody else gives away.
func whoHasTheKey(planes <-chan string, key <-chan struct{}) {
	over := make(chan struct{})
	for range 3 {
		go func() {
			for plane := range planes {
				sight(plane)
			}
			<-key
			close(over)
		}()
	}
	<-over
}

// lastAtTheEnd is closed by whoever counts to the end.
func lastAtTheEnd(planes <-chan string) {
	over := make(chan struct{})
	var left atomic.Int32
	left.Store(3)
	for range 3 {
		go func() {
			for plane := range planes {
				sight(plane)
			}
			if left.Add(-1) == 0 {
				close(over)
			}
		}()
	}
	<-over
}

// aloneAtTheEnd starts one watcher only.
func aloneAtTheEnd(planes <-chan string) {
	over := make(chan struct{})
	go func() {
		for plane := range planes {
			sight(plane)
		}
		close(over)
	}()
	<-over
}

// bySign closes where a watcher has seen the plane that it looks for: there may be one.
func bySign(planes <-chan string, sign string) {
	over := make(chan struct{})
	for range 3 {
		go func() {
			for plane := range planes {
				if plane == sign {
					close(over)
					return
				}
			}
		}()
	}
	<-over
}
