package closedsend

import (
	"context"
	"sync"
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
