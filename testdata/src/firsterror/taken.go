package firsterror

import (
	"context"
	"errors"
	"log"
	"sync"
)

// neverFirst asks for the wrong thing before it keeps an error: failed is nil for ever.
func neverFirst(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	for _, d := range doors {
		go func() { errs <- lock(ctx, d) }()
	}
	var failed error
	for range doors {
		err := <-errs
		if err != nil && failed != nil {
			failed = err // want `firsterror: the error taken from errs is stored in failed only where that cannot happen; every error is lost and neverFirst returns nil`
		}
	}
	return failed
}

// neverField does so with a field of what it takes.
func neverField(ctx context.Context, doors []door) (int, error) {
	results := make(chan checked, len(doors))
	for _, d := range doors {
		go func() { results <- checked{d, lock(ctx, d)} }()
	}
	n := 0
	var failed error
	for range doors {
		r := <-results
		if r.err != nil {
			if failed != nil {
				failed = errors.Join(failed, r.err) // want `firsterror: the error taken from results is stored in failed only where that cannot happen`
			}
			continue
		}
		n++
	}
	return n, failed
}

// rightFirst asks for the right thing.
func rightFirst(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	for _, d := range doors {
		go func() { errs <- lock(ctx, d) }()
	}
	var failed error
	for range doors {
		err := <-errs
		if err != nil && failed == nil {
			failed = err
		}
	}
	return failed
}

// addedTo keeps the first, and wraps what is kept when there is another one.
func addedTo(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	for _, d := range doors {
		go func() { errs <- lock(ctx, d) }()
	}
	var failed error
	for range doors {
		err := <-errs
		if err == nil {
			continue
		}
		if failed != nil {
			failed = errors.Join(failed, err)
		} else {
			failed = err
		}
	}
	return failed
}

// setBefore may have an error already when it asks.
func setBefore(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	for _, d := range doors {
		go func() { errs <- lock(ctx, d) }()
	}
	failed := ctx.Err()
	for range doors {
		err := <-errs
		if err != nil && failed != nil {
			failed = errors.Join(failed, err)
		} else if err != nil {
			log.Print(err)
			failed = errNoKey
		}
	}
	return failed
}

// lastTaken keeps what the last door says.
func lastTaken(ctx context.Context, doors []door) (err error) {
	said := make(chan error)
	for _, d := range doors {
		go func() { said <- lock(ctx, d) }()
	}
	for range doors {
		err = <-said // want `firsterror: each round of the loop stores what it takes from said in err without looking at what that holds; every error but the last is lost`
	}
	return err
}

// lastOfFailed keeps one of those that there are: nobody sends nil.
func lastOfFailed(ctx context.Context, doors []door) error {
	said := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				said <- err
			}
		})
	}
	wg.Wait()
	close(said)
	var failed error
	for err := range said {
		failed = err
	}
	return failed
}

// lastOfAll does so with what a range gives.
func lastOfAll(ctx context.Context, doors []door) error {
	said := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() { said <- lock(ctx, d) })
	}
	wg.Wait()
	close(said)
	var failed error
	for err := range said {
		failed = err // want `firsterror: each round of the loop stores what it takes from said in failed`
	}
	return failed
}

// anyOf joins what it takes; whichever comes first is wanted in tryAll, and the
// variable of lastSaid says that one is enough.
func anyOf(ctx context.Context, doors []door) (err error) {
	said := make(chan error)
	for _, d := range doors {
		go func() { said <- lock(ctx, d) }()
	}
	for range doors {
		err = errors.Join(err, <-said)
	}
	return err
}

func tryAll(ctx context.Context, doors []door) (err error) {
	said := make(chan error, len(doors))
	for _, d := range doors {
		go func() { said <- lock(ctx, d) }()
	}
	for range doors {
		if err = <-said; err == nil {
			return nil
		}
	}
	return err
}

func lastSaid(ctx context.Context, doors []door) error {
	said := make(chan error)
	for _, d := range doors {
		go func() { said <- lock(ctx, d) }()
	}
	var last error
	for range doors {
		last = <-said
	}
	return last
}

// frontOrBack starts one of two tasks, so there is one error at most.
func frontOrBack(ctx context.Context, front, back door, inside bool) error {
	errs := make(chan error, 2)
	var wg sync.WaitGroup
	if inside {
		wg.Go(func() { errs <- lock(ctx, back) })
	} else {
		wg.Go(func() { errs <- lock(ctx, front) })
	}
	wg.Wait()
	return <-errs
}

// backToo may start both.
func backToo(ctx context.Context, front, back door, inside bool) error {
	errs := make(chan error, 2)
	var wg sync.WaitGroup
	if inside {
		wg.Go(func() { errs <- lock(ctx, back) })
	}
	wg.Go(func() { errs <- lock(ctx, front) })
	wg.Wait()
	return <-errs // want `firsterror: errs is read once`
}

// eitherLast keeps the error of the one that it has started.
func eitherLast(ctx context.Context, front, back door, inside bool) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	keep := func(err error) {
		mu.Lock()
		failed = err
		mu.Unlock()
	}
	switch {
	case inside:
		wg.Go(func() { keep(lock(ctx, back)) })
	default:
		wg.Go(func() { keep(lock(ctx, front)) })
	}
	wg.Wait()
	return failed
}

// bothLast keeps that of whichever ends last.
func bothLast(ctx context.Context, front, back door, inside bool) error {
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	keep := func(err error) {
		mu.Lock()
		failed = err // want `firsterror: several tasks store their result in failed without looking at what it holds`
		mu.Unlock()
	}
	wg.Go(func() { keep(lock(ctx, front)) })
	if inside {
		wg.Go(func() { keep(lock(ctx, back)) })
	}
	wg.Wait()
	return failed
}
