package firsterror

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// counted looks whether there is one, and takes one.
func counted(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	if len(errs) > 0 {
		return fmt.Errorf("lock: %w", <-errs) // want `firsterror: errs is read once`
	}
	return nil
}

// ranged leaves the loop with the first.
func ranged(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err // want `firsterror: the loop over errs returns at the first error after all tasks are done`
		}
	}
	return nil
}

// slots keeps each error, and tells one.
func slots(ctx context.Context, doors []door) error {
	errs := make([]error, len(doors))
	var wg sync.WaitGroup
	for i, d := range doors {
		wg.Go(func() { errs[i] = lock(ctx, d) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("door %d: %w", i, err) // want `firsterror: the loop over errs returns at the first error after all tasks are done`
		}
	}
	return nil
}

// last keeps the error of the task that fails last.
func last(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				mu.Lock()
				failed = err // want `firsterror: several tasks store their result in failed without looking at what it holds; a later failure replaces an earlier one`
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

// wiped keeps what the task that ends last says, nil too.
func wiped(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			err := lock(ctx, d)
			mu.Lock()
			defer mu.Unlock()
			failed = err // want `firsterror: several tasks store their result in failed without looking at what it holds; a later success wipes an earlier failure out`
		})
	}
	wg.Wait()
	return failed
}

// frontAndBack has one variable for two tasks.
func frontAndBack(ctx context.Context, front, back door) (err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		if e := lock(ctx, front); e != nil {
			mu.Lock()
			err = e // want `firsterror: several tasks store their result in err without looking at what it holds; a later failure`
			mu.Unlock()
		}
	})
	wg.Go(func() {
		if e := lock(ctx, back); e != nil {
			mu.Lock()
			err = e
			mu.Unlock()
		}
	})
	wg.Wait()
	return err
}

// plain has a group without a context; reported because the test names the check.
func plain(doors []door) error {
	var g errgroup.Group
	for _, d := range doors {
		g.Go(func() error { return oil(d) })
	}
	return g.Wait() // want `firsterror: every task of g runs to its end and g\.Wait gives the first error only`
}

// rounds locks more doors in each round than in the one before.
func rounds(ctx context.Context, doors []door) error {
	for n := 1; len(doors) > 0; n *= 2 {
		n = min(n, len(doors))
		errs := make(chan error, n)
		var wg sync.WaitGroup
		wg.Add(n)
		for i := range n {
			go func() {
				defer wg.Done()
				if err := lock(ctx, doors[i]); err != nil {
					errs <- err
				}
			}()
		}
		wg.Wait()
		if len(errs) > 0 {
			return <-errs // want `firsterror: errs is read once although every task can leave an error in it`
		}
		doors = doors[n:]
	}
	return nil
}

// guarded takes one of a closed channel, and goes on with the next step.
func guarded(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { errs <- lock(ctx, d) })
	}
	wg.Wait()
	close(errs)
	if err := <-errs; err != nil { // want `firsterror: errs is read once although every task can leave an error in it`
		return err
	}
	return ctx.Err()
}

// saysOtherwise has a comment that does not say so.
func saysOtherwise(ctx context.Context, doors []door) error {
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

	// nil if all doors are locked
	err := <-errs // want `firsterror: errs is read once`
	oil(doors[0])
	return err
}

// weighed hands the error to a function that writes nothing.
func weighed(ctx context.Context, doors []door) error {
	var mu sync.Mutex
	var failed error
	heavy := 0
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			err := lock(ctx, d)
			w := weight(err)
			if err != nil {
				mu.Lock()
				heavy += w
				failed = err // want `firsterror: several tasks store their result in failed without looking at what it holds`
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	oil(doors[heavy%len(doors)])
	return failed
}

func weight(err error) int {
	if err == nil {
		return 0
	}
	return len(err.Error())
}
