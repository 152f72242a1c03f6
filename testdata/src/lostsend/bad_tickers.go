package lostsend

import (
	"context"
	"time"
)

// stampedWhile stamps a line each time the clock ticks, for as long as the book is looked up.
func stampedWhile(ctx context.Context, title string) (string, error) {
	clock := time.NewTicker(time.Millisecond)
	defer clock.Stop()
	go func() {
		for range clock.C { // want `lostsend: the task blocks for ever ranging over clock.C; nothing comes on it once it is stopped`
			note(title)
		}
	}()
	return lookUp(ctx, title)
}

// stampedEach waits for one tick after the other.
func stampedEach(ctx context.Context, titles []string) {
	clock := time.NewTicker(time.Millisecond)
	go func() {
		for {
			<-clock.C // want `lostsend: the task blocks for ever receiving from clock.C; nothing comes on it once it is stopped`
			note("still busy")
		}
	}()
	for _, title := range titles {
		_ = renew(ctx, title)
	}
	clock.Stop()
}

// stampedBy has another function wait for the ticks, and one more stop them.
func stampedBy(ctx context.Context, title string) error {
	clock := time.NewTicker(time.Millisecond)
	defer halt(clock)
	go stamp(clock, title)
	return renew(ctx, title)
}

// stamp stamps a line at each tick.
//
// not run: stampedBy does it.
func stamp(clock *time.Ticker, title string) {
	for range clock.C { // want `lostsend: stamp blocks for ever ranging over clock.C; nothing comes on it once it is stopped`
		note(title)
	}
}

func halt(clock *time.Ticker) { clock.Stop() }

// remindedLate stops the alarm, and the goroutine waits for it.
func remindedLate(ctx context.Context, title string, d time.Duration) error {
	alarm := time.NewTimer(d + time.Second)
	go func() {
		<-alarm.C // want `lostsend: the task blocks for ever receiving from alarm.C; nothing comes on it once it is stopped`
		note(title)
	}()
	err := renew(ctx, title)
	alarm.Stop()
	return err
}

// stampedOrTold tells the goroutine only if all goes well.
func stampedOrTold(ctx context.Context, title string) error {
	clock := time.NewTicker(time.Millisecond)
	defer clock.Stop()
	told := make(chan struct{})
	go func() {
		for {
			select { // want `lostsend: the task blocks for ever receiving from told; stampedOrTold returns`
			case <-clock.C:
				note(title)
			case <-told:
				return
			}
		}
	}()
	if err := renew(ctx, title); err != nil {
		return err
	}
	close(told)
	return nil
}
