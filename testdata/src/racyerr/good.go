package racyerr

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// own declares an err of its own.
func own(ctx context.Context, plates []plate) error {
	var err error
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range plates {
		g.Go(func() error {
			err := expose(gctx, p)
			return err
		})
	}
	if err = g.Wait(); err != nil {
		return err
	}
	return err
}

// locked holds a lock at both places.
func locked(plates []plate) ([]int, error) {
	var mu sync.Mutex
	var counts []int
	var first error
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err := develop(p)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && first == nil {
				first = err
			}
			counts = append(counts, n)
		}()
	}
	wg.Wait()
	return counts, first
}

// lockedByHelper holds it in a literal.
func lockedByHelper(plates []plate) error {
	var mu sync.Mutex
	var first error
	keep := func(err error) {
		mu.Lock()
		first = err
		mu.Unlock()
	}
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				keep(err)
			}
		}()
	}
	wg.Wait()
	return first
}

// once keeps the first.
func once(plates []plate) error {
	var first error
	var one sync.Once
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				one.Do(func() { first = err })
			}
		}()
	}
	wg.Wait()
	return first
}

// swapped has an atomic flag that lets one in.
func swapped(plates []plate) error {
	var first error
	var taken atomic.Bool
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil && taken.CompareAndSwap(false, true) {
				first = err
			}
		}()
	}
	wg.Wait()
	return first
}

// alone is the only task, and nobody looks before Wait.
func alone(ctx context.Context, p plate) (int, error) {
	var n int
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return expose(gctx, p) })
	g.Go(func() (err error) {
		n, err = develop(p)
		return err
	})
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return n, nil
}

// inTurn waits for each task before the next.
func inTurn(plates []plate) error {
	var err error
	for _, p := range plates {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err = develop(p)
		}()
		<-done
		if err != nil {
			return err
		}
	}
	return nil
}

// oneAtATime has a limit of one.
func oneAtATime(plates []plate) (int, error) {
	total := 0
	var g errgroup.Group
	g.SetLimit(1)
	for _, p := range plates {
		g.Go(func() error {
			total += len(p.stars)
			return nil
		})
	}
	return total, g.Wait()
}

// tokened hands one token round.
func tokened(plates []plate) int {
	total := 0
	token := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			token <- struct{}{}
			total += len(p.stars)
			<-token
		}()
	}
	wg.Wait()
	return total
}

// eachRound has a variable of its own in every round.
func eachRound(ctx context.Context, plates []plate) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range plates {
		var err error
		g.Go(func() error {
			err = expose(gctx, p)
			return err
		})
	}
	return g.Wait()
}

// handedOver writes before it closes, and the other reads after.
func handedOver(p plate) error {
	var n int
	ready := make(chan struct{})
	var g errgroup.Group
	g.Go(func() (err error) {
		defer close(ready)
		n, err = develop(p)
		return err
	})
	g.Go(func() error {
		<-ready
		if n == 0 {
			return errClouds
		}
		return nil
	})
	return g.Wait()
}

// told starts to work when it is told to; what comes before is ordered.
func told(ctx context.Context, p plate) error {
	var err error
	start, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		<-start
		_, err = develop(p)
	}()
	if err = expose(ctx, p); err != nil {
		close(start)
		<-done
		return err
	}
	close(start)
	<-done
	return err
}

// byKind starts one task of each kind.
func byKind(names []string) (string, string, error) {
	var north, south string
	var g errgroup.Group
	for _, name := range names {
		switch name {
		case "north":
			g.Go(func() (err error) {
				north, err = catalogue(name)
				return err
			})
		case "south":
			g.Go(func() (err error) {
				south, err = catalogue(name)
				return err
			})
		}
	}
	return north, south, g.Wait()
}

// leader lets one of the tasks write.
func leader(plates []plate) (int, error) {
	var first int
	var g errgroup.Group
	for i, p := range plates {
		g.Go(func() error {
			n, err := develop(p)
			if i == 0 {
				first = n
			}
			return err
		})
	}
	return first, g.Wait()
}

// alternatives starts one task or the other.
func alternatives(p, q plate, second bool) (int, error) {
	var n int
	var g errgroup.Group
	if second {
		g.Go(func() (err error) {
			n, err = develop(q)
			return err
		})
	} else {
		g.Go(func() (err error) {
			n, err = develop(p)
			return err
		})
	}
	return n, g.Wait()
}

// helperJoins lets a helper update the map; the helper waits for its tasks.
func helperJoins(plates []plate) (int, error) {
	counts := map[int]int{}
	if err := fill(plates, func(id, n int) { counts[id] = n }); err != nil {
		return 0, err
	}
	n := 0
	var g errgroup.Group
	g.Go(func() error {
		n = counts[0]
		return nil
	})
	return n, g.Wait()
}

func fill(plates []plate, put func(id, n int)) error {
	var mu sync.Mutex
	var g errgroup.Group
	for _, p := range plates {
		g.Go(func() error {
			n, err := develop(p)
			mu.Lock()
			defer mu.Unlock()
			put(p.id, n)
			return err
		})
	}
	return g.Wait()
}

// madeAnew sets the channel again for the next round; the first reader is gone.
func madeAnew(p plate, late <-chan struct{}) error {
	started := make(chan struct{})
	go func() {
		close(started)
	}()
	select {
	case <-started:
	case <-late:
	}
	started = make(chan struct{})
	_, err := develop(p)
	close(started)
	return err
}

// exchange hands the buffer over in a handshake: the task writes between the two
// halves of it, and the spawner between two handshakes.
func exchange(plates <-chan plate, tick <-chan int) int {
	var full, spare []plate
	count := 0
	turns := make(chan chan int)
	over := make(chan struct{})
	defer func() { <-over }()
	defer close(turns)
	go func() {
		defer close(over)
		for turn := range turns {
			full, spare = spare, full
			count = 0
			<-turn
			close(turn)
		}
	}()
	for {
		select {
		case p, ok := <-plates:
			if !ok {
				return count
			}
			full = append(full, p)
			count++
		case n := <-tick:
			turn := make(chan int)
			turns <- turn
			turn <- n
			<-turn
		}
	}
}

// marked lets the one plate that is marked write.
func marked(plates []plate) (int, error) {
	var last int
	var g errgroup.Group
	for i, p := range plates {
		g.Go(func() error {
			if p.faulty {
				last = i
			}
			return nil
		})
	}
	return last, g.Wait()
}

type archive struct {
	mu    sync.Mutex
	stars map[string]int
}

// addLocked is called with the lock held; its task takes it by itself.
func (a *archive) addLocked(name string, p plate) {
	go func() {
		n, _ := develop(p)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.stars[name] = n
	}()
	a.stars[name] = 0
}

// open gives back what it made; that it returns a named result changes nothing.
func open(name string) (a *archive, err error) {
	a = &archive{stars: map[string]int{name: 1}}
	go func() { println(len(a.stars)) }()
	return a, nil
}

// A bench develops plates with what it was given when it was made.
type bench struct{ use func(plate) }

var newBench func(use func(plate)) *bench

type loft struct {
	bench *bench
	seen  int
	busy  sync.WaitGroup
}

// opened makes a bench with a literal that the bench calls later.
func opened() *loft {
	room := &loft{}
	room.bench = newBench(func(p plate) {
		go func() {
			if room.bench != nil {
				_, _ = develop(p)
			}
		}()
	})
	return room
}

// rinsed has a result that both of its callers leave: whichever value stays, nobody sees it.
func rinsed(p plate, patience time.Duration) (err error) {
	done := make(chan struct{}, 1)
	go func() {
		_, err = develop(p)
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(patience):
		return context.DeadlineExceeded
	}
	return err
}

func cleanUp(p plate) {
	_ = rinsed(p, time.Second)
	rinsed(p, time.Minute)
}
