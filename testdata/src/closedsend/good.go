package closedsend

import (
	"context"
	"sync"
	"sync/atomic"
)

// closedAfterWait is the usual way: a goroutine of its own closes when all are back.
func closedAfterWait(planes []string) {
	seen := make(chan string)
	var wg sync.WaitGroup
	for _, plane := range planes {
		wg.Go(func() { seen <- sight(plane) })
	}
	go func() {
		wg.Wait()
		close(seen)
	}()
	for p := range seen {
		_ = note(p)
	}
}

// flagged asks under the lock whether the channel is closed.
func flagged(plane string) {
	seen := make(chan string, 1)
	var mu sync.Mutex
	closed := false
	go func() {
		mu.Lock()
		defer mu.Unlock()
		if !closed {
			seen <- sight(plane)
		}
	}()
	wait()
	mu.Lock()
	closed = true
	close(seen)
	mu.Unlock()
}

// lastOut closes when the last task is done, which an atomic counter tells.
func lastOut(planes []string) {
	seen := make(chan string, len(planes))
	var left atomic.Int64
	left.Store(int64(len(planes)))
	for _, plane := range planes {
		go func() {
			seen <- sight(plane)
			if left.Add(-1) == 0 {
				close(seen)
			}
		}()
	}
	if len(planes) == 0 {
		return
	}
	for p := range seen {
		_ = note(p)
	}
}

// once closes once, whoever comes first.
func once(plane string) {
	done := make(chan struct{})
	var first sync.Once
	finish := func() { first.Do(func() { close(done) }) }
	var wg sync.WaitGroup
	wg.Go(func() {
		sight(plane)
		finish()
	})
	wg.Go(func() {
		sight(plane)
		finish()
	})
	<-done
	wg.Wait()
}

// recovers expects the panic.
func recovers(plane string) {
	seen := make(chan string, 1)
	go func() {
		defer func() { _ = recover() }()
		seen <- sight(plane)
	}()
	wait()
	close(seen)
}

// askUnderLock asks and closes in one.
func askUnderLock(plane string) {
	done := make(chan struct{})
	var mu sync.Mutex
	finish := func() {
		mu.Lock()
		defer mu.Unlock()
		select {
		case <-done:
		default:
			close(done)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		sight(plane)
		finish()
	})
	wg.Go(finish)
	wg.Wait()
}

// quitFirst closes another channel, and the sender's channel when the sender has gone.
func quitFirst(ctx context.Context, plane string) {
	seen, quit, gone := make(chan string), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			select {
			case seen <- sight(plane):
			case <-quit:
				return
			}
		}
	}()
	for p := range seen {
		if note(p) != nil {
			break
		}
	}
	close(quit)
	<-gone
	close(seen)
}

// exact receives all that is sent before it closes.
func exact(planes []string) {
	seen := make(chan string)
	for _, plane := range planes {
		go func() { seen <- sight(plane) }()
	}
	for range planes {
		_ = note(<-seen)
	}
	close(seen)
}

// ofThree has the first of three close, and nobody else.
func ofThree() {
	seen := make(chan string)
	for i := 0; i < 3; i++ {
		go func() {
			if i == 0 {
				defer close(seen)
			}
			_ = sight("plane")
		}()
	}
	<-seen
}
