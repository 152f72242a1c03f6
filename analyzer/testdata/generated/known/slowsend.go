package generated

import (
	"context"
	"time"

	"example.org/oracle"
)

// Slowsend shows that the time of a select runs while what it sends is computed:
// both cases can be ready then, although out has room for all.
func Slowsend(ctx context.Context, items []int, n int) error {
	out := make(chan error, 2)
	for range 2 {
		go func() {
			select {
			case <-time.After(10 * time.Millisecond):
			case out <- oracle.Fail():
			}
		}()
	}
	return <-out // hangs
}
