package racyerr

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// sharedErr assigns the spawner's err in every task of an errgroup.
func sharedErr(ctx context.Context, plates []plate) error {
	err := expose(ctx, plates[0])
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range plates {
		g.Go(func() error {
			if err = expose(gctx, p); err != nil { // want `racyerr: concurrent tasks write the same err`
				return err
			}
			return nil
		})
	}
	return g.Wait()
}

// namedResult assigns the named result.
func namedResult(ctx context.Context, plates []plate) (n int, err error) {
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range plates {
		g.Go(func() error {
			err = expose(gctx, p) // want `racyerr: concurrent tasks write the same err`
			return err
		})
	}
	return len(plates), g.Wait()
}

// appended appends to one slice.
func appended(plates []plate) ([]int, error) {
	var counts []int
	var g errgroup.Group
	for _, p := range plates {
		g.Go(func() error {
			n, err := develop(p)
			if err != nil {
				return err
			}
			counts = append(counts, n) // want `racyerr: concurrent tasks append to counts without a lock; elements are lost`
			return nil
		})
	}
	return counts, g.Wait()
}

// mapped updates one map.
func mapped(plates []plate) (map[int]int, error) {
	counts := map[int]int{}
	var g errgroup.Group
	for _, p := range plates {
		g.Go(func() error {
			n, err := develop(p)
			counts[p.id] = n // want `racyerr: concurrent tasks update the map counts without a lock; the runtime ends the process`
			return err
		})
	}
	return counts, g.Wait()
}

// counter counts without a lock.
func counter(plates []plate) int {
	total := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			total += len(p.stars) // want `racyerr: concurrent tasks write the same total`
		}()
	}
	wg.Wait()
	return total
}

// halfLocked locks one of two places.
func halfLocked(plates []plate) ([]int, error) {
	var mu sync.Mutex
	var counts []int
	var last error
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err := develop(p)
			if err != nil {
				last = err // want `racyerr: concurrent tasks write the same last`
				return
			}
			mu.Lock()
			counts = append(counts, n)
			mu.Unlock()
		}()
	}
	wg.Wait()
	return counts, last
}

// inField writes a field of a local struct.
func inField(plates []plate) (int, error) {
	var night struct {
		total int
		err   error
	}
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := develop(p); err != nil {
				night.err = err // want `racyerr: concurrent tasks write the same night\.err`
			}
		}()
	}
	wg.Wait()
	return night.total, night.err
}

// workers share an err beside their channels.
func workers(plates []plate) (int, error) {
	in, out := make(chan plate), make(chan int)
	var err error
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range in {
				var n int
				n, err = develop(p) // want `racyerr: concurrent tasks write the same err`
				out <- n
			}
		}()
	}
	go func() {
		for _, p := range plates {
			in <- p
		}
		close(in)
		wg.Wait()
		close(out)
	}()
	total := 0
	for n := range out {
		total += n
	}
	return total, err
}

// beside reuses err while its task assigns it.
func beside(ctx context.Context, p plate) error {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err = develop(p) // want `racyerr: a task writes err while beside writes it`
	}()
	err = expose(ctx, p)
	<-done
	return err
}

// watched has a watcher that assigns the named result.
func watched(ctx context.Context, p plate) (err error) {
	finished := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			_, err = develop(p) // want `racyerr: a task writes err while watched writes it`
		case <-finished:
		}
	}()
	if err = expose(ctx, p); err != nil {
		close(finished)
		return err
	}
	close(finished)
	return nil
}

// two tasks write the same variable.
func two(p, q plate) (int, error) {
	var n int
	var g errgroup.Group
	g.Go(func() (err error) {
		n, err = develop(p) // want `racyerr: a task writes n while another task writes it`
		return err
	})
	g.Go(func() (err error) {
		n, err = develop(q)
		return err
	})
	return n, g.Wait()
}

// writerAndReader has one task that writes what the other reads.
func writerAndReader(p, q plate) error {
	var n int
	var g errgroup.Group
	g.Go(func() (err error) {
		n, err = develop(p) // want `racyerr: a task writes n while another task reads it, without a lock; what is read is chance`
		return err
	})
	g.Go(func() error {
		if n == 0 {
			return errClouds
		}
		return nil
	})
	return g.Wait()
}

// throttled runs some at a time, which is not one at a time.
func throttled(plates []plate, most int) error {
	var err error
	slots := make(chan struct{}, most)
	var wg sync.WaitGroup
	for _, p := range plates {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			_, err = develop(p) // want `racyerr: concurrent tasks write the same err`
		}()
	}
	wg.Wait()
	return err
}

// throughLiteral writes the variable in a literal that the task calls.
func throughLiteral(names []string) (string, error) {
	var found string
	var g errgroup.Group
	for _, name := range names {
		g.Go(func() error {
			try := func() error {
				var err error
				found, err = catalogue(name) // want `racyerr: concurrent tasks write the same found`
				return err
			}
			return try()
		})
	}
	return found, g.Wait()
}

// watch reads what its helper writes, both in a loop of their own.
func watch(ctx context.Context, next func() plate) {
	faulty := 0
	go func() {
		for ctx.Err() == nil {
			if next().faulty {
				faulty = 1 // want `racyerr: `
			}
		}
	}()
	for ctx.Err() == nil {
		if faulty > 0 {
			return
		}
	}
}

// darkroom is a group with what its tasks work on.
type darkroom struct {
	errgroup.Group
	tray []plate
}

// byExpression calls the methods of the group in darkroom by method expressions.
func byExpression(ctx context.Context, d *darkroom) error {
	var err error
	for _, p := range d.tray {
		(*darkroom).Go(d, func() error {
			err = expose(ctx, p) // want `racyerr: concurrent tasks write the same err`
			return nil
		})
	}
	if waited := (*darkroom).Wait(d); waited != nil {
		return waited
	}
	return err
}

// oneLocks locks in one of its tasks only.
func oneLocks(ctx context.Context, plates []plate) int {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		done int
	)
	wg.Go(func() {
		mu.Lock()
		done += len(plates) // want `racyerr: a task writes done while another task writes it, without a lock that keeps the two apart`
		mu.Unlock()
	})
	wg.Go(func() {
		if expose(ctx, plates[0]) == nil {
			done++
		}
	})
	wg.Wait()
	return done
}

// twoCrews shares one error among two kinds of tasks: one cause, told once.
func twoCrews(ctx context.Context, plates []plate) error {
	var wg sync.WaitGroup
	var err error
	for _, p := range plates {
		wg.Go(func() {
			err = expose(ctx, p) // want `racyerr: concurrent tasks write the same err`
		})
	}
	for _, p := range plates {
		wg.Go(func() {
			_, err = develop(p)
		})
	}
	wg.Wait()
	return err
}

// dried has a result that one of its callers looks at.
func dried(p plate, patience time.Duration) (err error) {
	done := make(chan struct{}, 1)
	go func() {
		_, err = develop(p) // want `racyerr: a task writes err while dried writes it, without a lock`
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(patience):
		return context.DeadlineExceeded
	}
	return err
}

func putAway(p plate) error {
	_ = dried(p, time.Second)
	return dried(p, time.Minute)
}
