package deaftask

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// smallBuffer has room for one of the frames that nobody takes any more.
func smallBuffer(ctx context.Context, stars []string) error {
	frames := make(chan string, 1)
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			frames <- "frame of " + star // want `deaftask: .*frames`
			return nil
		})
	}
	g.Go(func() error {
		for range stars {
			if err := develop(gctx, <-frames); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// onParent watches the parent, which does not die with the group.
func onParent(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select { // want `deaftask: .*frames`
			case frames <- star:
			case <-ctx.Done():
				return ctx.Err()
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

// onOwn watches a context of its own, which descends from the parent alone.
func onOwn(ctx context.Context, stars []string) error {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select { // want `deaftask: .*frames`
			case frames <- star:
			case <-own.Done():
				return own.Err()
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

// rangeOpen ranges over frames that the failed task did not close.
func rangeOpen(ctx context.Context, stars []string) error {
	frames := make(chan string, len(stars))
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			frames <- frame
		}
		close(frames)
		return nil
	})
	g.Go(func() error {
		for frame := range frames { // want `deaftask: .*frames`
			file(frame)
		}
		return nil
	})
	return g.Wait()
}

// rangeOfWorkers has several tasks range over a queue that is closed only in the end.
func rangeOfWorkers(ctx context.Context, stars []string, telescopes int) error {
	queue := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for range telescopes {
		g.Go(func() error {
			for star := range queue { // want `deaftask: .*queue`
				if _, err := expose(gctx, star); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		for _, star := range stars {
			select {
			case queue <- star:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		close(queue)
		return nil
	})
	return g.Wait()
}

// oneReceive waits for the frame that a failed task does not send.
func oneReceive(ctx context.Context, star string) error {
	frames := make(chan string, 1)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		frame, err := expose(gctx, star)
		if err != nil {
			return err
		}
		frames <- frame
		return nil
	})
	g.Go(func() error {
		file(<-frames) // want `deaftask: .*frames`
		return nil
	})
	return g.Wait()
}

// countedReceives waits for as many frames as there are stars.
func countedReceives(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			select {
			case frames <- frame:
				return nil
			case <-gctx.Done():
				return gctx.Err()
			}
		})
	}
	g.Go(func() error {
		for range stars {
			file(<-frames) // want `deaftask: .*frames`
		}
		return nil
	})
	return g.Wait()
}

// calibratedFirst has all tasks wait for one that can fail.
func calibratedFirst(ctx context.Context, stars []string) error {
	ready := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			<-ready // want `deaftask: .*ready`
			_, err := expose(gctx, star)
			return err
		})
	}
	g.Go(func() error {
		if err := calibrate(gctx); err != nil {
			return err
		}
		close(ready)
		return nil
	})
	return g.Wait()
}

// middleStage watches gctx where it receives and not where it sends.
func middleStage(ctx context.Context, stars []string) error {
	raw := make(chan string, len(stars))
	frames := make(chan string)
	for _, star := range stars {
		raw <- star
	}
	close(raw)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for {
			select {
			case star, ok := <-raw:
				if !ok {
					return nil
				}
				frames <- star // want `deaftask: .*frames`
			case <-gctx.Done():
				return gctx.Err()
			}
		}
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

// lastSend watches gctx in the loop and not after it.
func lastSend(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			select {
			case frames <- star:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		frames <- "end of night" // want `deaftask: .*frames`
		return nil
	})
	g.Go(func() error {
		for range len(stars) + 1 {
			select {
			case frame := <-frames:
				if err := develop(gctx, frame); err != nil {
					return err
				}
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// emitted sends in a closure.
func emitted(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		emit := func(frame string) {
			frames <- frame // want `deaftask: .*frames`
		}
		for _, star := range stars {
			emit(star + ", red")
			emit(star + ", blue")
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

// twoChannels selects between two channels whose reader has left.
func twoChannels(ctx context.Context, stars []string) error {
	near := make(chan string)
	far := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			select { // want `deaftask: `
			case near <- star:
			case far <- star:
			}
		}
		return nil
	})
	g.Go(func() error {
		for range stars {
			var frame string
			select {
			case frame = <-near:
			case frame = <-far:
			}
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// stopBySibling watches a channel that the failed task did not close.
func stopBySibling(ctx context.Context, stars []string) error {
	frames := make(chan string)
	stop := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			select { // want `deaftask: .*frames`
			case frames <- star:
			case <-stop:
				return nil
			}
		}
		return nil
	})
	g.Go(func() error {
		for range stars {
			if err := develop(gctx, <-frames); err != nil {
				return err
			}
		}
		close(stop)
		return nil
	})
	return g.Wait()
}

// askAndAnswer asks and waits for an answer that does not come.
func askAndAnswer(ctx context.Context, stars []string) error {
	ask := make(chan string, 1)
	answer := make(chan string, 1)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(ask)
		for _, star := range stars {
			ask <- star
			file(<-answer) // want `deaftask: .*answer`
		}
		return nil
	})
	g.Go(func() error {
		for star := range ask {
			frame, err := expose(gctx, star)
			if err != nil {
				return err
			}
			answer <- frame
		}
		return nil
	})
	return g.Wait()
}

// leavesInTime has a reader that leaves when it has waited for too long.
func leavesInTime(ctx context.Context, stars []string, d time.Duration) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for range stars {
			select {
			case frame := <-frames:
				if err := develop(gctx, frame); err != nil {
					return err
				}
			case <-time.After(4 * d):
				return errClouds
			}
		}
		return nil
	})
	for _, star := range stars {
		g.Go(func() error {
			turn()
			frames <- "frame of " + star // want `deaftask: .*frames`
			return nil
		})
	}
	return g.Wait()
}
