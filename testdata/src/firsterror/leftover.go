package firsterror

import (
	"context"
	"sync"
)

// doneOrError takes whichever is ready, and both can be.
func doneOrError(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done: // want `firsterror: done can be ready while an error waits in errs, and the select takes either; doneOrError then returns nil and the error is lost`
		return nil
	}
}

// oneDone has one task that tells both.
func oneDone(ctx context.Context, d door) error {
	errs := make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := lock(ctx, d); err != nil {
			errs <- err
		}
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-done: // want `firsterror: done can be ready while an error waits in errs`
	case err := <-errs:
		return err
	}
	return nil
}

// watched goes on until it is told to end.
func watched(ctx context.Context, doors []door, show func(int)) error {
	errs := make(chan error, len(doors))
	done := make(chan bool, 1)
	locked := make(chan int, len(doors))
	var wg sync.WaitGroup
	for i, d := range doors {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := lock(ctx, d); err != nil {
				errs <- err
				return
			}
			locked <- i
		}()
	}
	go func() {
		wg.Wait()
		done <- true
	}()
	for {
		select {
		case i := <-locked:
			show(i)
		case err := <-errs:
			return err
		case <-done: // want `firsterror: done can be ready while an error waits in errs`
			return nil
		}
	}
}

// looksAgain asks once more when all are done.
func looksAgain(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		select {
		case err := <-errs:
			return err
		default:
			return nil
		}
	}
}

// noRoom has no buffer: no task is done before its error was taken.
func noRoom(ctx context.Context, doors []door) error {
	errs := make(chan error)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				select {
				case errs <- err:
				case <-ctx.Done():
				}
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

// otherNews is told when somebody else is done.
func otherNews(ctx context.Context, d door, quit chan struct{}) error {
	errs := make(chan error, 1)
	go func() { errs <- lock(ctx, d) }()
	select {
	case err := <-errs:
		return err
	case <-quit:
		return nil
	}
}

// before tells that it has begun, and not that it is done.
func before(ctx context.Context, d door) error {
	errs := make(chan error, 1)
	begun := make(chan struct{})
	go func() {
		close(begun)
		errs <- lock(ctx, d)
	}()
	select {
	case err := <-errs:
		return err
	case <-begun:
		return nil
	}
}

// eitherEnd has a task that sends an error or closes done, never both.
func eitherEnd(ctx context.Context, d door) error {
	errs := make(chan error, 1)
	done := make(chan struct{})
	go func() {
		if err := lock(ctx, d); err != nil {
			errs <- err
			return
		}
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}
