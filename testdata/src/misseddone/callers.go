package misseddone

import (
	"context"
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

// A counter window counts who stands before it.
type window struct {
	mu     sync.Mutex
	closed bool
	queue  sync.WaitGroup
}

// enter leaves it to serve to count out who was not let in.
func (w *window) enter(ctx context.Context, parcel string) error {
	w.queue.Add(1)
	if w.closed {
		return errClosed
	}
	go func() {
		defer w.queue.Done()
		if deliver(ctx, parcel) == nil {
			record(parcel)
		}
	}()
	return nil
}

func (w *window) serve(ctx context.Context, parcel string) (err error) {
	defer func() {
		if err != nil {
			w.queue.Done()
		}
	}()
	return w.enter(ctx, parcel)
}

// shut waits for all.
func (w *window) shut() { w.queue.Wait() }

// lockIn leaves it to settle to unlock.
func (w *window) lockIn(parcel string) error {
	w.mu.Lock()
	if err := stamp(parcel); err != nil {
		return err
	}
	w.mu.Unlock()
	return nil
}

func (w *window) settle(parcel string) {
	if w.lockIn(parcel) != nil {
		w.giveUp()
	}
}

func (w *window) giveUp() {
	w.closed = true
	w.mu.Unlock()
}

// A booth has a lock that nobody has once open has failed.
type booth struct{ mu sync.Mutex }

func (b *booth) prepare(parcel string) error {
	b.mu.Lock()
	if err := stamp(parcel); err != nil {
		return err
	}
	b.mu.Unlock()
	return nil
}

func open(parcel string) (*booth, error) {
	b := &booth{}
	if err := b.prepare(parcel); err != nil {
		return nil, err
	}
	return b, nil
}

// A desk is locked by whoever writes; nobody makes good what note leaves.
type desk struct {
	mu    sync.Mutex
	notes []string
}

func (d *desk) note(parcel string) error {
	d.mu.Lock()
	if err := stamp(parcel); err != nil {
		return err // want `misseddone: desk.note returns without d.mu.Unlock`
	}
	d.notes = append(d.notes, parcel)
	d.mu.Unlock()
	return nil
}

// all locks for itself, too.
func (d *desk) all(parcels []string) error {
	d.mu.Lock()
	d.notes = nil
	d.mu.Unlock()
	for _, parcel := range parcels {
		if err := d.note(parcel); err != nil {
			return err
		}
	}
	return nil
}
