package generated

import (
	"context"
	"sync"

	"example.org/oracle"
)

// Marked reads until the message that is marked as the last one. A sender that fails
// sends none, and the reader waits for ever; otherwise both come to an end.
func Marked(ctx context.Context, items []int, n int) error {
	var wg sync.WaitGroup
	out := make(chan MarkedItem)
	wg.Go(func() {
		for range items {
			err := oracle.Fail()
			out <- MarkedItem{err: err}
			if err != nil {
				return
			}
		}
		out <- MarkedItem{last: true}
	})
	for {
		item := <-out // hangs
		if item.last {
			break
		}
	}
	wg.Wait()
	return nil
}

type MarkedItem struct {
	err  error
	last bool
}
