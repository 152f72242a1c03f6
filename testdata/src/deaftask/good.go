package deaftask

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// The twins of bad.go.

// largeBuffer has room for all frames.
func largeBuffer(ctx context.Context, stars []string) error {
	frames := make(chan string, len(stars))
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			frames <- "frame of " + star
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

// onGroup watches the context that dies with the group.
func onGroup(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
			case frames <- star:
			case <-gctx.Done():
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

// onDerived watches a context that descends from the group's.
func onDerived(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	own, cancel := context.WithCancel(gctx)
	defer cancel()
	g.Go(func() error {
		defer close(frames)
		for _, star := range stars {
			select {
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

// rangeClosed ranges over frames that are closed on every path.
func rangeClosed(ctx context.Context, stars []string) error {
	frames := make(chan string, len(stars))
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

// rangeOfWorkersClosed has the feeder close the queue when it leaves.
func rangeOfWorkersClosed(ctx context.Context, stars []string, telescopes int) error {
	queue := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for range telescopes {
		g.Go(func() error {
			for star := range queue {
				if _, err := expose(gctx, star); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(queue)
		for _, star := range stars {
			select {
			case queue <- star:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// oneReceiveOrEnd waits for the frame or for the end of the group.
func oneReceiveOrEnd(ctx context.Context, star string) error {
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
		select {
		case frame := <-frames:
			file(frame)
			return nil
		case <-gctx.Done():
			return gctx.Err()
		}
	})
	return g.Wait()
}

// countedReceivesOrEnd stops counting at the end of the group.
func countedReceivesOrEnd(ctx context.Context, stars []string) error {
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
			select {
			case frame := <-frames:
				file(frame)
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// calibratedOrFailed tells all tasks, whatever came of it; they look at gctx then.
func calibratedOrFailed(ctx context.Context, stars []string) error {
	ready := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			<-ready
			_, err := expose(gctx, star)
			return err
		})
	}
	g.Go(func() error {
		defer close(ready)
		return calibrate(gctx)
	})
	return g.Wait()
}

// middleStageBoth watches gctx where it receives and where it sends.
func middleStageBoth(ctx context.Context, stars []string) error {
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
				select {
				case frames <- star:
				case <-gctx.Done():
					return gctx.Err()
				}
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

// lastSendToo watches gctx in the last send as well.
func lastSendToo(ctx context.Context, stars []string) error {
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
		return pass(gctx, frames, "end of night")
	})
	g.Go(func() error {
		for {
			select {
			case frame := <-frames:
				if frame == "end of night" {
					return nil
				}
				if err := develop(gctx, frame); err != nil {
					return err
				}
			case <-gctx.Done():
				return gctx.Err()
			}
		}
	})
	return g.Wait()
}

// emittedOrEnd sends in a closure that gives up with gctx.
func emittedOrEnd(ctx context.Context, stars []string) error {
	frames := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(frames)
		emit := func(frame string) bool {
			select {
			case frames <- frame:
				return true
			case <-gctx.Done():
				return false
			}
		}
		for _, star := range stars {
			if !emit(star+", red") || !emit(star+", blue") {
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

// twoChannelsOrEnd has the end of the group as a third case.
func twoChannelsOrEnd(ctx context.Context, stars []string) error {
	near := make(chan string)
	far := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			select {
			case near <- star:
			case far <- star:
			case <-gctx.Done():
				return gctx.Err()
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
			case <-gctx.Done():
				return gctx.Err()
			}
			if err := develop(gctx, frame); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// stopByDefer watches a channel that its sibling closes on every path.
func stopByDefer(ctx context.Context, stars []string) error {
	frames := make(chan string)
	stop := make(chan struct{})
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, star := range stars {
			select {
			case frames <- star:
			case <-stop:
				return nil
			}
		}
		return nil
	})
	g.Go(func() error {
		defer close(stop)
		for range stars {
			if err := develop(gctx, <-frames); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// askAndAnswerOrEnd does not wait for the answer after the end of the group.
func askAndAnswerOrEnd(ctx context.Context, stars []string) error {
	ask := make(chan string, 1)
	answer := make(chan string, 1)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(ask)
		for _, star := range stars {
			ask <- star
			select {
			case frame := <-answer:
				file(frame)
			case <-gctx.Done():
				return gctx.Err()
			}
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

// staysInTime has its tasks end with the reader.
func staysInTime(ctx context.Context, stars []string, d time.Duration) error {
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
			return pass(gctx, frames, "frame of "+star)
		})
	}
	return g.Wait()
}

// The twins of bad_loops.go.

// sleepsUntilEnd looks at gctx in each round.
func sleepsUntilEnd(ctx context.Context, stars []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			if clearSky() {
				return nil
			}
			if err := gctx.Err(); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
	})
	for _, star := range stars {
		g.Go(func() error {
			_, err := expose(gctx, star)
			return err
		})
	}
	return g.Wait()
}

// untilClearOrEnd has a pause that ends with gctx.
func untilClearOrEnd(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			if err := rest(gctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// tickReceiveOrEnd watches gctx beside the ticker.
func tickReceiveOrEnd(ctx context.Context, stars []string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			ticker := time.NewTicker(d)
			defer ticker.Stop()
			for {
				select {
				case <-ticker.C:
				case <-gctx.Done():
					return gctx.Err()
				}
				if clearSky() {
					file(star)
					return nil
				}
				if dice(4) == 3 {
					return errClouds
				}
			}
		})
	}
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// tickRangeOrEnd looks at gctx at each tick.
func tickRangeOrEnd(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for range ticker.C {
			if clearSky() || gctx.Err() != nil {
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// tickOnGroup watches the group's context beside its ticker.
func tickOnGroup(ctx context.Context, d time.Duration) error {
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
			case <-gctx.Done():
				return gctx.Err()
			}
		}
	})
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// afterOrEnd waits for the timer or the end of the group.
func afterOrEnd(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			select {
			case <-time.After(d):
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// byModeOrEnd keeps the group's context and watches it beside the ticker.
func byModeOrEnd(ctx context.Context, stars []string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		mode := modeFor(star)
		g.Go(func() error {
			ticker := time.NewTicker(d)
			defer ticker.Stop()
			for {
				select {
				case <-ticker.C:
				case <-gctx.Done():
					return gctx.Err()
				}
				switch mode {
				case "photograph":
					frame, err := expose(gctx, star)
					if err != nil {
						return err
					}
					if frame != "" {
						return nil
					}
				case "look":
					if clearSky() {
						return nil
					}
				default:
					return errDome
				}
			}
		})
	}
	return g.Wait()
}

// breathesOrEnds has a pause in a function that knows gctx.
func breathesOrEnds(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			breathe(d)
			if err := rest(gctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// waitsElsewhereOrEnd has the loop in a function that is given gctx.
func waitsElsewhereOrEnd(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error { return publishOrEnd(gctx, star, d) })
	return g.Wait()
}

// publishOrEnd tries until ctx ends.
func publishOrEnd(ctx context.Context, frame string, d time.Duration) error {
	for {
		err := publish(frame)
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(d)
	}
}

// beatsToTheEnd leaves its loop with gctx.
func beatsToTheEnd(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := calibrate(gctx); err != nil {
			return err
		}
		return errDome
	})
	g.Go(func() error {
		for gctx.Err() == nil {
			file(star)
			time.Sleep(d)
		}
		return nil
	})
	return g.Wait()
}

// oneAfterTheOtherOrEnd looks at gctx in the inner loop.
func oneAfterTheOtherOrEnd(ctx context.Context, stars []string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for _, star := range stars {
			for !clearSky() && gctx.Err() == nil {
				time.Sleep(d)
			}
			file(star)
		}
		return gctx.Err()
	})
	return g.Wait()
}

// resetsOrEnds sets its timer again until gctx ends.
func resetsOrEnds(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
			case <-gctx.Done():
				return gctx.Err()
			}
			if clearSky() {
				return nil
			}
			timer.Reset(d)
		}
	})
	return g.Wait()
}
