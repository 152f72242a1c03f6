package firsterror

import (
	"context"
	"errors"
	"log"
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
