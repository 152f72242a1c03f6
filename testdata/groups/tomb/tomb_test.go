package tomb

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"gopkg.in/tomb.v2"
)

func TestDropped(t *testing.T) {
	if err := cruise(true); err != nil {
		t.Error("cruise gives", err)
	}
	if err := cruiseChecked(true); !errors.Is(err, errStorm) {
		t.Error("cruiseChecked gives", err)
	}
}

func TestCalledBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := regattaCalledBack(t.Context(), true); !errors.Is(err, errStorm) {
			t.Error("regattaCalledBack gives", err)
		}
		if err := regattaDying(true); !errors.Is(err, errStorm) {
			t.Error("regattaDying gives", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- regatta(ctx, true) }()
		synctest.Wait()
		select {
		case err := <-done:
			t.Error("regatta returns", err)
		default:
		}
		cancel()
		<-done
	})
}

// What tells a tomb from an errgroup: the end of the parent is its error.
func TestParent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tb, tctx := tomb.WithContext(ctx)
	tb.Go(func() error { <-tctx.Done(); <-tb.Dying(); return nil })
	cancel()
	if err := tb.Wait(); err != context.Canceled {
		t.Error("Wait gives", err)
	}
}
