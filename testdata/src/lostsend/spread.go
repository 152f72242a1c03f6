package lostsend

import (
	"context"
	"sync"
)

// spread deals the titles out to clerks, each with a channel of its own: all are closed
// when the last title has been dealt out, so that who deals is past its sends when the
// clerks leave.
func spread(ctx context.Context, titles []string, clerks int) error {
	errs := make(chan error)
	desks := make([]chan string, 0, clerks)
	var wg sync.WaitGroup
	wg.Add(clerks)
	for i := range clerks {
		desks = append(desks, make(chan string))
		go func(desk <-chan string) {
			defer wg.Done()
			for title := range desk {
				if err := renew(ctx, title); err != nil {
					errs <- err
				}
			}
		}(desks[i])
	}
	go func() {
		for i, title := range titles {
			if title == "" {
				errs <- context.Canceled
				continue
			}
			desks[i%len(desks)] <- title
		}
		for _, desk := range desks {
			close(desk)
		}
	}()
	finished := make(chan struct{})
	go func() {
		wg.Wait()
		finished <- struct{}{}
	}()
	var first error
	for {
		select {
		case <-finished:
			return first
		case err := <-errs:
			if first == nil {
				first = err
			}
		}
	}
}
