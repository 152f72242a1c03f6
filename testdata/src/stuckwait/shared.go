package stuckwait

import (
	"context"
	"sync"
)

// Conditions on what several goroutines set.

// A mast has a bell that is rung once, and a flag that says so.
type mast struct {
	mu   sync.Mutex
	rung bool
	bell chan error
	wg   sync.WaitGroup
}

// ring is for the first trouble.
func (m *mast) ring(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rung {
		return
	}
	m.rung = true
	m.bell <- err
}

// listen takes the trouble if there was any.
func (m *mast) listen() error {
	m.wg.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.rung {
		return nil
	}
	return <-m.bell
}

// wasRung is the flag under its lock.
func (m *mast) wasRung() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rung
}

// rungOnce lets the first task ring that is in trouble.
func rungOnce(ctx context.Context, ships []string) error {
	m := &mast{bell: make(chan error, 1)}
	for _, ship := range ships {
		m.wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				m.ring(err)
			}
		})
	}
	return m.listen()
}

// rungAnyway lets each ring that is in trouble.
func rungAnyway(ctx context.Context, ships []string) error {
	m := &mast{bell: make(chan error, 1)}
	for _, ship := range ships {
		m.wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				m.bell <- err
			}
		})
	}
	m.wg.Wait()     // want `stuckwait: m.wg.Wait never returns; the task blocks for ever sending on m.bell`
	return <-m.bell // want `stuckwait: rungAnyway blocks for ever receiving from m.bell; .*`
}

// askedByMethod asks for the flag through a method.
func askedByMethod(ctx context.Context, ships []string) error {
	m := &mast{bell: make(chan error, 1)}
	for _, ship := range ships {
		m.wg.Go(func() {
			if err := unload(ctx, ship); err != nil {
				m.ring(err)
			}
		})
	}
	m.wg.Wait()
	if !m.wasRung() {
		return nil
	}
	return <-m.bell
}

// toldByHelper has a literal send that all tasks call.
func toldByHelper(ctx context.Context, ships []string) error {
	if len(ships) == 0 {
		return nil
	}
	in := make(chan error, 1)
	var mu sync.Mutex
	told, failed := false, 0
	tell := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed++
		}
		if told || err != nil && failed < len(ships) {
			return
		}
		told = true
		in <- err
	}
	for _, ship := range ships {
		go func() { tell(unload(ctx, ship)) }()
	}
	return <-in
}

// toldBySuccess has nobody send where all fail.
func toldBySuccess(ctx context.Context, ships []string) string {
	in := make(chan string, len(ships))
	tell := func(ship string) { in <- ship }
	for _, ship := range ships {
		go func() {
			if unload(ctx, ship) == nil {
				tell(ship)
			}
		}()
	}
	return <-in // want `stuckwait: toldBySuccess blocks for ever receiving from in; .*`
}

// lastByIndex has the task of the last ship send.
func lastByIndex(ctx context.Context, ships []string) error {
	if len(ships) == 0 {
		return nil
	}
	in := make(chan error)
	for i, ship := range ships {
		go func() {
			err := unload(ctx, ship)
			if i == len(ships)-1 {
				in <- err
			}
		}()
	}
	return <-in
}

// lastByArgument is the same with an argument.
func lastByArgument(ctx context.Context, ships []string) error {
	if len(ships) == 0 {
		return nil
	}
	in := make(chan error)
	for i := 0; i < len(ships); i++ {
		go func(n int) {
			err := unload(ctx, ships[n])
			if n+1 == len(ships) {
				in <- err
			}
		}(i)
	}
	return <-in
}

// A note is what one task leaves.
type note struct {
	has bool
	c   chan string
	wg  sync.WaitGroup
}

// notedFirst takes what was noted.
func notedFirst(ctx context.Context, ship string) string {
	n := &note{c: make(chan string, 1)}
	n.wg.Go(func() {
		if unload(ctx, ship) == nil {
			n.c <- ship
			n.has = true
		}
	})
	n.wg.Wait()
	if !n.has {
		return ""
	}
	return <-n.c
}

// notNoted takes it anyway.
func notNoted(ctx context.Context, ship string) string {
	n := &note{c: make(chan string, 1)}
	n.wg.Go(func() {
		if unload(ctx, ship) == nil {
			n.c <- ship
		}
	})
	n.wg.Wait()
	return <-n.c // want `stuckwait: notNoted blocks for ever receiving from n.c; .*`
}

// readersFirst has the first of several readers lock, and the last one unlock.
func readersFirst(ctx context.Context, ships []string) {
	var pier, mu sync.Mutex
	readers := 0
	enter := func() {
		mu.Lock()
		if readers++; readers == 1 {
			pier.Lock()
		}
		mu.Unlock()
	}
	leave := func() {
		mu.Lock()
		if readers--; readers == 0 {
			pier.Unlock()
		}
		mu.Unlock()
	}
	var wg sync.WaitGroup
	for _, ship := range ships {
		wg.Add(2)
		go func() {
			defer wg.Done()
			enter()
			defer leave()
			inspect(ship)
		}()
		go func() {
			defer wg.Done()
			pier.Lock()
			defer pier.Unlock()
			unload(ctx, ship)
		}()
	}
	wg.Wait()
}

// readersHold lock before they wait for the place.
func readersHold(ctx context.Context, ships []string) {
	var pier, mu sync.Mutex
	var wg sync.WaitGroup
	for _, ship := range ships {
		wg.Add(2)
		go func() {
			defer wg.Done()
			mu.Lock()
			pier.Lock()
			inspect(ship)
			pier.Unlock()
			mu.Unlock()
		}()
		go func() {
			defer wg.Done()
			pier.Lock()
			mu.Lock()
			unload(ctx, ship)
			mu.Unlock()
			pier.Unlock()
		}()
	}
	wg.Wait() // want `stuckwait: wg.Wait never returns; the task blocks for ever locking .*`
}
