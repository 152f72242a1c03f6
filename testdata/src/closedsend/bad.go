package closedsend

import (
	"context"
	"sync"
	"time"
)

// firstOfTwo has two lookouts that each close the channel when they have seen something.
func firstOfTwo(plane string) {
	seen := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			sight(plane)
			close(seen) // want `closedsend: the task closes seen after another task has closed it; the program panics`
		})
	}
	<-seen
	wg.Wait()
}

// untilLate closes the channel when the time is over.
func untilLate(plane string) {
	seen := make(chan string, 1)
	go func() {
		seen <- sight(plane) // want `closedsend: the task sends on seen after untilLate has closed it; the program panics`
	}()
	select {
	case p := <-seen:
		_ = note(p)
	case <-time.After(time.Millisecond):
	}
	close(seen)
}

// askFirst asks whether the channel is closed already, and then closes it, as does the
// task: both can have asked before.
func askFirst(ctx context.Context, plane string) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		sight(plane)
		select {
		case <-done:
		default:
			_ = note(plane)
			close(done) // want `closedsend: the task closes done after askFirst has closed it; the program panics`
		}
	})
	sight(plane)
	select {
	case <-done:
	default:
		_ = note(plane)
		close(done)
	}
	wg.Wait()
}

// closedByFeeder has a task that closes when it has sent, and another that sends as well.
func closedByFeeder(plane string) {
	out := make(chan string, 4)
	go func() {
		out <- plane
		close(out)
	}()
	var wg sync.WaitGroup
	wg.Go(func() {
		out <- sight(plane) // want `closedsend: the task sends on out after another task has closed it; the program panics`
	})
	for p := range out {
		_ = note(p)
	}
	wg.Wait()
}
