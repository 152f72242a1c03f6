package deaftask

import (
	"bufio"
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, all correct.

// drainsWhenFailed has the reader receive what is left when it fails.
func drainsWhenFailed(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			frames <- star
		}
		return nil
	})
	g.Go(func() error {
		defer func() {
			for range frames {
			}
		}()
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// readerStays has a reader that cannot fail.
func readerStays(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			frames <- frame
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			file(frame)
		}
		return nil
	})
	return g.Wait()
}

// readBySpawner has the spawner receive everything; a goroutine waits and closes.
func readBySpawner(ctx context.Context, stars []string) (count int, err error) {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			frames <- frame
			return nil
		})
	}
	go func() {
		defer close(frames)
		if g.Wait() != nil {
			file("protocol")
		}
	}()
	for range frames {
		count++
	}
	return count, g.Wait()
}

// workersEnd range over a queue that the watching feeder closes on every path.
func workersEnd(ctx context.Context, stars []string, telescopes int) error {
	queue := make(chan string)
	results := make(chan string, len(stars))
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for _, star := range stars {
			if err := pass(gctx, queue, star); err != nil {
				return err
			}
		}
		return nil
	})
	for range telescopes {
		g.Go(func() error {
			for star := range queue {
				frame, err := expose(gctx, star)
				if err != nil {
					return err
				}
				results <- frame
			}
			return nil
		})
	}
	return g.Wait()
}

// nobodyFails has no task that can fail.
func nobodyFails(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			frames <- star
		}
		return nil
	})
	g.Go(func() error {
		for range stars {
			file(<-frames)
		}
		return nil
	})
	err := g.Wait()
	if err == nil && gctx.Err() != nil {
		file("end of night")
	}
	return err
}

// shortSleeps sleeps in a loop that ends by itself.
func shortSleeps(ctx context.Context, stars []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for range 3 {
			if clearSky() {
				break
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	g.Go(func() error { return develop(gctx, stars[0]) })
	return g.Wait()
}

// closedAtEnd watches a channel that is closed when gctx ends.
func closedAtEnd(ctx context.Context, stars []string) error {
	frames := make(chan string)
	over := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(gctx, func() { close(over) })()
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-over:
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// doneKept watches the group's context through a channel that it has kept.
func doneKept(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	done := gctx.Done()
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-done:
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// helperWatches sends with a function that watches the context.
func helperWatches(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			tctx, cancel := context.WithTimeout(gctx, time.Second)
			err := pass(tctx, frames, star)
			cancel()
			if err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// ownFailure closes where it has no frame to send.
func ownFailure(ctx context.Context, star string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		frame, err := expose(gctx, star)
		if err != nil {
			close(frames)
			return err
		}
		frames <- frame
		return nil
	})
	g.Go(func() error {
		file(<-frames)
		return nil
	})
	return g.Wait()
}

// errorsCollected reads the errors of all tasks, which have room for them.
func errorsCollected(ctx context.Context, stars []string) (failed int, err error) {
	errs := make(chan error, len(stars))
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			err := develop(gctx, star)
			errs <- err
			return err
		})
	}
	err = g.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			failed++
		}
	}
	return failed, err
}

// slots limits its tasks; each gives its slot back, failed or not.
func slots(ctx context.Context, stars []string) error {
	free := make(chan struct{}, 1)
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			free <- struct{}{}
			defer func() { <-free }()
			return develop(gctx, star)
		})
	}
	return g.Wait()
}

// cancelledByFailure has the failing task cancel what the others watch.
func cancelledByFailure(parent context.Context, stars []string) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		defer cancel()
		for frame := range frames {
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// innerJoin waits in a task for goroutines of the task's own, which end by themselves.
func innerJoin(ctx context.Context, stars []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		var wg sync.WaitGroup
		for _, star := range stars {
			wg.Go(func() { file(star) })
		}
		wg.Wait()
		return nil
	})
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// Loops that sleep and end all the same.

// tickOnParent watches the parent beside its ticker: that is parentctx's to tell.
func tickOnParent(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if clearSky() {
					return nil
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// untilDeadline sleeps no longer than it has time.
func untilDeadline(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for deadline := time.Now().Add(4 * d); time.Now().Before(deadline); {
			if clearSky() {
				return nil
			}
			time.Sleep(d)
		}
		return errClouds
	})
	return g.Wait()
}

// looksAtTheClock leaves its loop when it has waited for long enough.
func looksAtTheClock(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		start := time.Now()
		for {
			waited := time.Since(start)
			if clearSky() {
				return nil
			}
			if waited > 4*d {
				return errClouds
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// timerBeside has a timer that ends the loop.
func timerBeside(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		enough := time.After(4 * d)
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if clearSky() {
					return nil
				}
			case <-enough:
				return errClouds
			}
		}
	})
	return g.Wait()
}

// ownTime has a context of its own that ends in time.
func ownTime(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		own, cancel := context.WithTimeout(context.Background(), 4*d)
		defer cancel()
		for {
			if _, err := expose(own, star); err == nil || own.Err() != nil {
				return err
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// countsInside counts its attempts.
func countsInside(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		attempts := 0
		for {
			err := publish(star)
			if err == nil {
				return nil
			}
			if attempts++; attempts == 3 {
				return err
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// countsBeside has the limit as the second half of its condition.
func countsBeside(ctx context.Context, d time.Duration, limit int) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for i := 0; i < limit && !clearSky(); i++ {
			time.Sleep(d)
		}
		return nil
	})
	return g.Wait()
}

// triesTwice has a flag for its second attempt.
func triesTwice(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		again := false
		for {
			err := publish(star)
			if err == nil || again {
				return err
			}
			again = true
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// pausesBetween ends with its data.
func pausesBetween(ctx context.Context, catalogue string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		lines := bufio.NewScanner(strings.NewReader(catalogue))
		for lines.Scan() {
			file(lines.Text())
			time.Sleep(d)
		}
		return lines.Err()
	})
	return g.Wait()
}

// flagged is told to stop by a flag.
func flagged(ctx context.Context, d time.Duration) error {
	var over atomic.Bool
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer over.Store(true)
		return calibrate(gctx)
	})
	g.Go(func() error {
		for !over.Load() {
			time.Sleep(d)
		}
		return nil
	})
	return g.Wait()
}

// flaggedUnderLock is told to stop by a variable.
func flaggedUnderLock(ctx context.Context, d time.Duration) error {
	var mu sync.Mutex
	over := false
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			over = true
		}()
		return calibrate(gctx)
	})
	g.Go(func() error {
		for {
			mu.Lock()
			stop := over
			mu.Unlock()
			if stop {
				return nil
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// A shutter is opened and closed by several goroutines.
type shutter struct {
	mu     sync.Mutex
	closed bool
}

func (s *shutter) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

func (s *shutter) open() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed && dice(3) > 0
}

// closedBySibling looks at an object that the failing task closes.
func closedBySibling(ctx context.Context, d time.Duration) error {
	s := &shutter{}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer s.close()
		return calibrate(gctx)
	})
	g.Go(func() error {
		for s.open() {
			time.Sleep(d)
		}
		return nil
	})
	return g.Wait()
}

// toldByChannel asks a channel in each round.
func toldByChannel(ctx context.Context, d time.Duration) error {
	over := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(over)
		return calibrate(gctx)
	})
	g.Go(func() error {
		for {
			select {
			case <-over:
				return nil
			default:
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// failsWithGroup makes a call in each round that fails when the group does.
func failsWithGroup(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			if frame != "" && clearSky() {
				return nil
			}
			time.Sleep(d)
		}
	})
	return g.Wait()
}

// looker gives a function that looks at a star for as long as ctx lives.
func looker(ctx context.Context, star string) func() error {
	return func() error {
		_, err := expose(ctx, star)
		return err
	}
}

// failsInside has gctx in the function that it calls in each round.
func failsInside(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	look := looker(gctx, star)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			if err := look(); err != nil {
				return err
			}
			time.Sleep(d)
		}
		return nil
	})
	return g.Wait()
}

// alone has no sibling that could fail.
func alone(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for !clearSky() {
			time.Sleep(d)
		}
		return calibrate(gctx)
	})
	g.Go(func() error {
		file(star)
		return nil
	})
	return g.Wait()
}

// pollsUntilEnd leaves the loop when the call fails, or when it asks why.
// not run: the mount is somewhere else
func pollsUntilEnd(ctx context.Context, m mount) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			if err := m.align(gctx); err != nil {
				return err
			}
			time.Sleep(time.Second)
		}
	})
	g.Go(func() error {
		for {
			if err := m.align(gctx); errors.Is(err, context.Canceled) {
				return nil
			}
			time.Sleep(time.Second)
		}
	})
	g.Go(func() error {
		for tries := 0; ; tries++ {
			err := m.align(gctx)
			if err == nil || tries > 3 {
				return err
			}
			time.Sleep(time.Second)
		}
	})
	g.Go(func() error {
		for gctx.Err() == nil {
			if err := m.align(gctx); err == nil {
				return nil
			}
			time.Sleep(time.Second)
		}
		return nil
	})
	return g.Wait()
}

// untilWatched leaves the loop when watchSky says that all is well, as it does when
// gctx ends.
func untilWatched(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			if err := watchSky(gctx); err == nil {
				return nil
			}
			time.Sleep(time.Millisecond)
		}
	})
	return g.Wait()
}

func watchSky(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Millisecond):
		return errDome
	}
}
