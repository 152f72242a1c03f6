package firsterror

import (
	"context"
	"errors"
	"fmt"
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
)

// failFast ends its siblings with the first error.
func failFast(ctx context.Context, doors []door) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(doors))
	for _, d := range doors {
		go func() { errs <- lock(ctx, d) }()
	}
	for range doors {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// group has a context: the first error ends the others.
func group(ctx context.Context, doors []door) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, d := range doors {
		g.Go(func() error { return lock(gctx, d) })
	}
	return g.Wait()
}

// one has room for one error, and says on the sending side that it is enough.
func one(ctx context.Context, doors []door) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				select {
				case errs <- err:
				default:
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// single has one task.
func single(ctx context.Context, d door) error {
	errs := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Go(func() { errs <- lock(ctx, d) })
	wg.Wait()
	return <-errs
}

// restLogged logs what it does not return.
func restLogged(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	close(errs)
	first := <-errs
	for err := range errs {
		log.Print(err)
	}
	return first
}

// joinedSlots joins what is in the slots.
func joinedSlots(ctx context.Context, doors []door) error {
	errs := make([]error, len(doors))
	var wg sync.WaitGroup
	for i, d := range doors {
		wg.Go(func() { errs[i] = lock(ctx, d) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("doors: %w", errors.Join(errs...))
		}
	}
	return nil
}

// collected goes through all results.
func collected(ctx context.Context, doors []door) (failed []door) {
	results := make(chan checked, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { results <- checked{d, lock(ctx, d)} })
	}
	wg.Wait()
	close(results)
	for r := range results {
		if r.err != nil {
			failed = append(failed, r.door)
		}
	}
	return failed
}

// kept stores each error beside the channel.
func kept(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for i := range doors {
		wg.Go(func() {
			if err := lock(ctx, doors[i]); err != nil {
				doors[i].err = err
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// firstWins looks before it stores.
func firstWins(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if failed == nil {
					failed = err
				}
			}
		})
	}
	wg.Wait()
	return failed
}

// onceWins stores once.
func onceWins(ctx context.Context, doors []door) error {
	var once sync.Once
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				once.Do(func() { failed = err })
			}
		})
	}
	wg.Wait()
	return failed
}

// joins makes one error of all.
func joins(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			err := lock(ctx, d)
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
		})
	}
	wg.Wait()
	return failed
}

// lastNamed says by its name which error it keeps.
func lastNamed(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var lastErr error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				mu.Lock()
				lastErr = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return lastErr
}

// ownEach has a variable for each round.
func ownEach(ctx context.Context, doors []door) (n int) {
	for _, d := range doors {
		var err error
		var wg sync.WaitGroup
		wg.Go(func() { err = lock(ctx, d) })
		wg.Wait()
		if err == nil {
			n++
		}
	}
	return n
}

// ownTwo has a variable for each task.
func ownTwo(ctx context.Context, front, back door) error {
	var errFront, errBack error
	var wg sync.WaitGroup
	wg.Go(func() { errFront = lock(ctx, front) })
	wg.Go(func() { errBack = lock(ctx, back) })
	wg.Wait()
	return errors.Join(errFront, errBack)
}

// slotsBeside keeps the errors of a plain group in slots.
func slotsBeside(ctx context.Context, doors []door) error {
	errs := make([]error, len(doors))
	var g errgroup.Group
	for i, d := range doors {
		g.Go(func() error {
			errs[i] = lock(ctx, d)
			return errs[i]
		})
	}
	if g.Wait() != nil {
		return errors.Join(errs...)
	}
	return nil
}

// drained logs the rest before it returns.
func drained(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			for more := range errs {
				log.Print(more)
			}
			return err
		}
	}
	return nil
}

// oneEach makes a channel for each door.
func oneEach(ctx context.Context, doors []door) error {
	for _, d := range doors {
		errs := make(chan error, 4)
		var wg sync.WaitGroup
		wg.Go(func() { errs <- lock(ctx, d) })
		wg.Wait()
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// oneOfTwo has one task that sends, in one of two ways.
func oneOfTwo(ctx context.Context, d door) error {
	errs := make(chan error, 2)
	var wg sync.WaitGroup
	wg.Go(func() {
		if d.key == "" {
			errs <- errNoKey
			return
		}
		errs <- lock(ctx, d)
	})
	wg.Go(func() { log.Print(d.key) })
	wg.Wait()
	return <-errs
}

// inTurn uses one variable for two groups in turn.
func inTurn(ctx context.Context, front, back []door) error {
	var g errgroup.Group
	for _, d := range front {
		g.Go(func() error { return lock(ctx, d) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g = errgroup.Group{}
	for _, d := range back {
		g.Go(func() error { return lock(ctx, d) })
	}
	return g.Wait()
}

// unlocked is racyerr's: nothing orders the stores, so which one is lost is chance.
func unlocked(ctx context.Context, doors []door) error {
	var err error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { err = lock(ctx, d) })
	}
	wg.Wait()
	return err
}

// plainReceive promises one error: it closes the channel and returns what that gives.
func plainReceive(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := lock(ctx, d); err != nil {
				log.Print(err)
				errs <- err
			}
		}()
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// stopped has taken an error before, to stop at it; another one it only looks for.
func stopped(ctx context.Context, doors []door) error {
	errs := make(chan error, 4)
	queue := make(chan door)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for d := range queue {
				if err := lock(ctx, d); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	var failed error
feed:
	for _, d := range doors {
		select {
		case queue <- d:
		case failed = <-errs:
			break feed
		}
	}
	close(queue)
	wg.Wait()
	if failed == nil && len(errs) > 0 {
		failed = <-errs
	}
	return failed
}

// namedFirst says by the name what it keeps.
func namedFirst(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	if len(errs) > 0 {
		first := <-errs
		return fmt.Errorf("lock: %w", first)
	}
	return nil
}

// stoppable is nofailfast's: its siblings lock doors for nothing.
func stoppable(ctx context.Context, doors []door) error {
	var g errgroup.Group
	for _, d := range doors {
		g.Go(func() error { return lock(ctx, d) })
	}
	return g.Wait()
}

// toldByHand has tasks that end their siblings: not all run to their end.
func toldByHand(ctx context.Context, doors []door) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	end := cancel
	var g errgroup.Group
	for _, d := range doors {
		g.Go(func() error {
			err := lock(ctx, d)
			if err != nil {
				end()
			}
			return err
		})
	}
	return g.Wait()
}

// oneIsEnough says that it wants no more than one.
func oneIsEnough(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)

	// the first error will do
	err := <-errs
	oil(doors[0])
	return err
}

// lastLogged keeps the last error, and writes each one to the log.
func lastLogged(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				log.Println("not locked:", err)
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

// lastNoted has a function of its own write it.
func lastNoted(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			err := lock(ctx, d)
			note(err)
			if err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

func note(err error) {
	if err != nil {
		log.Println("not locked:", err)
	}
}
