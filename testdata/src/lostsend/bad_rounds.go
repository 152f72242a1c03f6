package lostsend

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Loops that count by hand, and ranges over functions.

// countsAndGivesUp counts what is left, and leaves before it has come to nought.
func countsAndGivesUp(ctx context.Context, titles []string) error {
	errs := make(chan error)
	for _, title := range titles {
		go func() { errs <- renew(ctx, title) }() // want `lostsend: the task blocks for ever sending on errs; countsAndGivesUp returns`
	}
	left := len(titles)
	for {
		if err := <-errs; err != nil {
			return err
		}
		left--
		if left == 0 {
			return nil
		}
	}
}

// A stall lends books, so many at a time and not before they are so old.
type stall struct {
	width, age int
}

// lendOld has a number that decides what is lent, and not how often.
func (s *stall) lendOld(ctx context.Context, titles []string) error {
	s.width, s.age = 1, 3
	g, gctx := errgroup.WithContext(ctx)
	queue := make(chan string)
	go func() {
		for _, title := range titles {
			queue <- title // want `lostsend: the task blocks for ever sending on queue; another task returns`
		}
		close(queue)
	}()
	for range s.width {
		g.Go(func() error {
			for title := range queue {
				if len(title) < s.age {
					continue
				}
				if err := renew(gctx, title); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// firstOfCatalogue leaves at the first hit, while the other one still ranges over
// a function.
func firstOfCatalogue() string {
	found := make(chan string)
	go func() {
		defer close(found)
		for title := range catalogue {
			found <- title // want `lostsend: the task blocks for ever sending on found; firstOfCatalogue returns`
		}
	}()
	for title := range found {
		if onShelf(title) {
			return title
		}
	}
	return ""
}

// rangesAndReturns leaves the loop, whose body is a function, and the function
// around it.
func rangesAndReturns() (string, error) {
	shelves := make(chan string)
	go func() {
		for range 3 {
			shelves <- "shelf" // want `lostsend: the task blocks for ever sending on shelves; rangesAndReturns returns`
		}
	}()
	for title := range catalogue {
		shelf := <-shelves
		if err := validate(title); err != nil {
			return shelf, err
		}
	}
	return "", nil
}
