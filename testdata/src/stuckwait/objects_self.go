package stuckwait

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Lookout watches the sea until it is closed, also by itself.
type Lookout struct {
	watch sync.WaitGroup
	dark  chan struct{}
	once  sync.Once
}

// Open begins to watch.
func (t *Lookout) Open(ship string) {
	t.watch.Add(1)
	go t.look(ship)
}

func (t *Lookout) look(ship string) {
	defer t.watch.Done()
	if inspect(ship) == 0 {
		t.Close() // want `stuckwait: t.watch.Wait never returns; it is called in a task that t.watch waits for`
		return
	}
	<-t.dark
}

// Close ends the watch, and waits until nobody looks any more.
func (t *Lookout) Close() {
	t.once.Do(func() { close(t.dark) })
	t.watch.Wait()
}

// A Keeper is a lookout that tells apart who closes it.
type Keeper struct {
	watch sync.WaitGroup
	crew  errgroup.Group
	dark  chan struct{}
	once  sync.Once
}

// Open begins to watch.
func (l *Keeper) Open(ship string) {
	l.watch.Add(1)
	go l.look(ship)
}

func (l *Keeper) look(ship string) {
	defer l.watch.Done()
	if inspect(ship) == 0 {
		l.off(false)
		l.turn()
		go l.Close()
		return
	}
	<-l.dark
}

// off ends the watch, and waits for it if told to.
func (l *Keeper) off(waits bool) {
	l.once.Do(func() { close(l.dark) })
	if waits {
		l.watch.Wait()
	}
}

// turn waits for others only.
func (l *Keeper) turn() { _ = l.crew.Wait() }

// Close ends the watch, and waits until nobody looks any more.
func (l *Keeper) Close() { l.off(true) }

// meets is done before it waits for the others.
func (l *Keeper) meets(ship string) {
	l.watch.Add(2)
	for range 2 {
		go func() {
			inspect(ship)
			l.watch.Done()
			l.watch.Wait()
			report(ship)
		}()
	}
}

// Man starts a crew, one of which waits for all.
func (l *Keeper) Man(ships []string) {
	for _, ship := range ships {
		l.crew.Go(func() error {
			if inspect(ship) == 0 {
				return l.crew.Wait() // want `stuckwait: l.crew.Wait never returns; it is called in a task that l.crew waits for`
			}
			return nil
		})
	}
}
