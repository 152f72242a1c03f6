package firsterror

import (
	"context"
	"errors"
	"sync"
)

// A wing is some doors that are locked together.
type wing []*door

func (w wing) lockAll(ctx context.Context) error {
	for _, d := range w {
		if d.err = lock(ctx, *d); d.err != nil {
			return d.err
		}
	}
	return nil
}

func lockWing(ctx context.Context, w wing) error { return w.lockAll(ctx) }

// setErr notes an error at each door.
func setErr(w wing, err error) {
	for _, d := range w {
		d.err = err
	}
}

// wings keeps each error at the doors too.
func wings(ctx context.Context, all []wing) error {
	errs := make(chan error, len(all))
	var wg sync.WaitGroup
	for _, w := range all {
		wg.Add(1)
		go func(w wing) {
			defer wg.Done()
			if len(w) == 1 {
				setErr(w, errors.New("one door"))
				return
			}
			err := lockWing(ctx, w)
			if err != nil {
				errs <- err
			}
		}(w)
	}
	wg.Wait()
	close(errs)
	if err := <-errs; err != nil {
		return err
	}
	return nil
}

// otherWings notes errors at other doors.
func otherWings(ctx context.Context, all []wing, gate wing) error {
	errs := make(chan error, len(all))
	var wg sync.WaitGroup
	for _, w := range all {
		wg.Add(1)
		go func(w wing) {
			defer wg.Done()
			if len(w) == 1 {
				setErr(gate, errors.New("one door"))
				return
			}
			err := lockWing(ctx, w)
			if err != nil {
				errs <- err
			}
		}(w)
	}
	wg.Wait()
	close(errs)
	if err := <-errs; err != nil { // want `firsterror: errs is read once`
		return err
	}
	return nil
}
