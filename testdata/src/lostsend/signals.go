package lostsend

import (
	"context"
	"os"
	"os/signal"
)

// Contexts that a signal to the process ends.

// renewUntilSignal leaves its goroutine when the user is first.
func renewUntilSignal(title string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	told := make(chan error)
	go func() {
		told <- validate(title) // want `lostsend: the task blocks for ever sending on told; renewUntilSignal returns without receiving from it`
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-told:
		return err
	}
}

// renewOrSignal has room for what comes too late.
func renewOrSignal(title string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	told := make(chan error, 1)
	go func() { told <- validate(title) }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-told:
		return err
	}
}

// renewedUntilEnd ends the goroutine with the function, at the latest.
func renewedUntilEnd(titles []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		note("closing")
	}()
	for _, title := range titles {
		if err := validate(title); err != nil {
			return err
		}
	}
	return nil
}
