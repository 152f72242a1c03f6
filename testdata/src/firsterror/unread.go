package firsterror

import (
	"context"
	"errors"
	"log"
	"sync"
)

// handedOut looks for errors while it hands the doors out. The last doors fail after that.
func handedOut(ctx context.Context, doors []door, n int) error {
	todo := make(chan door)
	errs := make(chan error, n)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for d := range todo {
				if err := lock(ctx, d); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	var err error
loop:
	for _, d := range doors {
		select {
		case todo <- d:
		case err = <-errs:
			break loop
		}
	}
	close(todo)
	wg.Wait()
	return err // want `firsterror: handedOut returns nil without another look into errs; the error of a task that fails late is lost`
}

// beforeEach looks before it starts a task, and not after the last.
func beforeEach(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		select {
		case err := <-errs:
			return errors.Join(err, ctx.Err())
		default:
		}
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	return nil // want `firsterror: beforeEach returns nil without another look into errs`
}

// neverRead closes what it should have read.
func neverRead(ctx context.Context, doors []door) error {
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
	return nil // want `firsterror: nobody receives from errs; every error in it is lost and neverRead returns nil`
}

// lookedAgain looks once more when all are done.
func lookedAgain(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		select {
		case err := <-errs:
			return err
		default:
		}
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// answered takes an answer of every task, which is an error or a door.
func answered(ctx context.Context, doors []door) ([]door, error) {
	errs := make(chan error, len(doors))
	locked := make(chan door, len(doors))
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
				return
			}
			locked <- d
		})
	}
	var all []door
	for range doors {
		select {
		case err := <-errs:
			return nil, err
		case d := <-locked:
			all = append(all, d)
		}
	}
	wg.Wait()
	return all, nil
}

// acknowledged hands out as many doors as it takes answers.
func acknowledged(ctx context.Context, doors []door, n int) error {
	todo := make(chan door)
	errs := make(chan error, n)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for d := range todo {
				errs <- lock(ctx, d)
			}
		})
	}
	done := 0
	for sent := 0; done < len(doors); {
		if sent < len(doors) {
			select {
			case todo <- doors[sent]:
				sent++
			case err := <-errs:
				log.Print(err)
				done++
			}
			continue
		}
		log.Print(<-errs)
		done++
	}
	close(todo)
	wg.Wait()
	return nil
}

// counts tells by a number what the channel holds.
func counts(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	locked := make([]bool, len(doors))
	var wg sync.WaitGroup
	for i, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
				return
			}
			locked[i] = true
		})
	}
	wg.Wait()
	for _, ok := range locked {
		if !ok {
			close(errs)
			for err := range errs {
				log.Print(err)
			}
			return errNoKey
		}
	}
	return nil
}

// logged has somebody else who reads the errors.
func logged(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	var wg, reader sync.WaitGroup
	reader.Go(func() {
		for err := range errs {
			log.Print(err)
		}
	})
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	reader.Wait()
	return nil
}

// drainedLater reads them when it returns.
func drainedLater(ctx context.Context, doors []door) error {
	errs := make(chan error, len(doors))
	defer func() {
		for len(errs) > 0 {
			log.Print(<-errs)
		}
	}()
	var wg sync.WaitGroup
	for _, d := range doors {
		wg.Go(func() {
			if err := lock(ctx, d); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	return nil
}
