package deaftask

import (
	"context"
	"log"
	"time"

	"golang.org/x/sync/errgroup"
)

// In these functions nothing blocks for ever: a task goes on after a sibling failed.

// sleepsOn looks at the sky until it is clear, whatever happened to the others.
func sleepsOn(ctx context.Context, stars []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			if clearSky() {
				return nil
			}
			time.Sleep(time.Millisecond) // want `deaftask: `
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

// untilClear has the question in the head of the loop.
func untilClear(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			time.Sleep(d) // want `deaftask: `
		}
		return nil
	})
	return g.Wait()
}

// tickReceive polls with a ticker in each task.
func tickReceive(ctx context.Context, stars []string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, star := range stars {
		g.Go(func() error {
			ticker := time.NewTicker(d)
			defer ticker.Stop()
			for {
				<-ticker.C // want `deaftask: `
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

// tickRange ranges over a ticker.
func tickRange(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for range ticker.C { // want `deaftask: `
			if clearSky() {
				return nil
			}
		}
		return nil
	})
	g.Go(func() error { return calibrate(gctx) })
	return g.Wait()
}

// afterOn waits for a timer in each round.
func afterOn(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			<-time.After(d) // want `deaftask: `
		}
		return nil
	})
	return g.Wait()
}

// byMode polls in one of two ways and has thrown the group's context away.
func byMode(ctx context.Context, stars []string, d time.Duration) error {
	g, _ := errgroup.WithContext(ctx)
	for _, star := range stars {
		mode := modeFor(star)
		g.Go(func() error {
			ticker := time.NewTicker(d)
			defer ticker.Stop()
			for {
				<-ticker.C // want `deaftask: the task goes on waiting for ticker\.C in a loop without watching the context of g; it does not stop when a sibling fails`
				switch mode {
				case "photograph":
					frame, err := expose(ctx, star)
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

// breathes sleeps in a function that the loop calls.
func breathes(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !clearSky() {
			breathe(d) // want `deaftask: the task goes on sleeping in a loop without watching gctx; it does not stop when a sibling fails`
		}
		return nil
	})
	return g.Wait()
}

// waitsElsewhere has the loop in a function that has no context.
func waitsElsewhere(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		if err := publishInTheEnd(star, d); err != nil {
			return err
		}
		return nil
	})
	return g.Wait()
}

// publishInTheEnd tries for ever.
func publishInTheEnd(frame string, d time.Duration) error {
	for {
		err := publish(frame)
		if err == nil {
			return nil
		}
		if err == errDome {
			return err
		}
		time.Sleep(d) // want `deaftask: `
	}
}

// beats has a loop that nothing leaves.
func beats(ctx context.Context, star string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			file(star)
			time.Sleep(d) // want `deaftask: `
		}
	})
	return g.Wait()
}

// oneAfterTheOther sleeps without limit in each round of a loop that has one.
func oneAfterTheOther(ctx context.Context, stars []string, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for _, star := range stars {
			for !clearSky() {
				time.Sleep(d) // want `deaftask: `
			}
			file(star)
		}
		return nil
	})
	return g.Wait()
}

// resets sets its timer again in each round.
func resets(ctx context.Context, d time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		for {
			<-timer.C // want `deaftask: `
			if clearSky() {
				return nil
			}
			timer.Reset(d)
		}
	})
	return g.Wait()
}

// pollsOn asks again and again with a context that has ended, and never stops.
func pollsOn(ctx context.Context, m mount) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			if err := m.align(gctx); err != nil { // want `deaftask: the task goes on when m\.align fails because gctx has ended; the loop does not stop when a sibling fails`
				log.Print(err)
			}
			time.Sleep(time.Second)
		}
	})
	return g.Wait()
}

// untilAligned leaves the loop at the first success only.
func untilAligned(ctx context.Context, m mount) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for {
			err := m.align(gctx) // want `deaftask: the task goes on when m\.align fails because gctx has ended`
			if err == nil {
				return nil
			}
			time.Sleep(time.Second)
		}
	})
	return g.Wait()
}

// A mount turns a telescope; it is somewhere else.
type mount interface {
	align(ctx context.Context) error
}

// A log book keeps the last star that was exposed.
type book struct{ last string }

// note keeps nothing when the exposure fails, and says nothing of it.
func (b *book) note(ctx context.Context, star string) {
	if frame, err := expose(ctx, star); err == nil {
		b.last = frame
	}
}

// noteEach calls with gctx what does not tell that it has ended.
func noteEach(ctx context.Context, b *book, star string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		ticks := time.NewTicker(time.Minute)
		defer ticks.Stop()
		for range ticks.C { // want `deaftask: the task goes on waiting for ticks\.C in a loop without watching gctx`
			b.note(gctx, star)
		}
		return nil
	})
	return g.Wait()
}

// noted is like note, and tells whether it kept something.
func (b *book) noted(ctx context.Context, star string) bool {
	frame, err := expose(ctx, star)
	if err == nil {
		b.last = frame
	}
	return err == nil
}

// noteUntil leaves when the exposure fails.
func noteUntil(ctx context.Context, b *book, star string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		ticks := time.NewTicker(time.Minute)
		defer ticks.Stop()
		for range ticks.C {
			if !b.noted(gctx, star) {
				return nil
			}
		}
		return nil
	})
	return g.Wait()
}

// noteFlagged is told by a variable.
func noteFlagged(ctx context.Context, star string) error {
	g, gctx := errgroup.WithContext(ctx)
	done := false
	try := func() {
		if _, err := expose(gctx, star); err != nil {
			done = true
		}
	}
	g.Go(func() error { return calibrate(gctx) })
	g.Go(func() error {
		for !done {
			try()
			time.Sleep(time.Second)
		}
		return nil
	})
	return g.Wait()
}
