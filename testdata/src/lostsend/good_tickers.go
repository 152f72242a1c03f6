package lostsend

import (
	"context"
	"sync"
	"time"
)

// stampedUntil tells the goroutine on every way out.
func stampedUntil(ctx context.Context, title string) error {
	clock := time.NewTicker(time.Millisecond)
	defer clock.Stop()
	told := make(chan struct{})
	defer close(told)
	go func() {
		for {
			select {
			case <-clock.C:
				note(title)
			case <-told:
				return
			}
		}
	}()
	return renew(ctx, title)
}

// stampedSelf has the goroutine stop its own clock.
func stampedSelf(title string, times int) {
	clock := time.NewTicker(time.Millisecond)
	go func() {
		defer clock.Stop()
		for range clock.C {
			note(title)
			if times--; times < 0 {
				return
			}
		}
	}()
}

// stampedAgain sets the clock going again.
func stampedAgain(title string, times int) {
	clock := time.NewTicker(time.Hour)
	clock.Stop()
	go func() {
		for range clock.C {
			note(title)
			if times--; times < 0 {
				return
			}
		}
	}()
	clock.Reset(time.Millisecond)
}

// stampedFirst stops the clock when the goroutine has left.
func stampedFirst(title string) {
	clock := time.NewTicker(time.Millisecond)
	left := make(chan struct{})
	go func() {
		defer close(left)
		for range clock.C {
			if onShelf(title) {
				return
			}
		}
	}()
	<-left
	clock.Stop()
}

// stampedOne of two clocks is stopped, and it is not known which.
func stampedOne(title string, fast bool) {
	slow, quick := time.NewTicker(2*time.Millisecond), time.NewTicker(time.Millisecond)
	clock := slow
	if fast {
		clock = quick
	}
	go func() {
		for range clock.C {
			if onShelf(title) {
				return
			}
		}
	}()
	other := quick
	if fast {
		other = slow
	}
	other.Stop()
}

// stampedApart has a clock for each.
func stampedApart(titles []string) {
	for _, title := range titles {
		clock := time.NewTicker(time.Millisecond)
		go func() {
			for range clock.C {
				if onShelf(title) {
					clock.Stop()
					return
				}
			}
		}()
	}
}

// remindedInTime drains the alarm that has gone off, and asks whether it has.
func remindedInTime(ctx context.Context, title string, d time.Duration) error {
	alarm := time.NewTimer(d)
	late := make(chan struct{})
	go func() {
		defer close(late)
		<-alarm.C
	}()
	err := renew(ctx, title)
	if !alarm.Stop() {
		<-late
	} else {
		alarm.Reset(0)
	}
	return err
}

// stampedMaybe has a clock only if there is something to wait for.
func stampedMaybe(title string, every time.Duration) {
	var ticks <-chan time.Time
	if every > 0 {
		clock := time.NewTicker(every)
		defer clock.Stop()
		ticks = clock.C
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for !onShelf(title) {
			select {
			case <-ticks:
			case <-time.After(time.Millisecond):
			}
		}
	}()
	wg.Wait()
}
