package conc

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestDropped(t *testing.T) {
	loaves := []loaf{{}, {burnt: true}, {burnt: true}}
	if err := bakeAll(t.Context(), loaves); err != nil {
		t.Error("bakeAll reports", err)
	}
	if err := bakeAllChecked(t.Context(), loaves); !errors.Is(err, errBurnt) {
		t.Error("bakeAllChecked reports", err)
	}
	if got := len(weigh(loaves)); got != 1 {
		t.Error("weigh gives", got, "weights")
	}
	if got := len(slice(loaves)); got != 3 {
		t.Error("slice gives", got, "numbers")
	}
}

func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if hangs(t, func(ctx context.Context) { bakeAndRiseStopped(ctx, loaf{burnt: true}) }) {
			t.Error("bakeAndRiseStopped does not return")
		}
		if !hangs(t, func(ctx context.Context) { bakeAndRise(ctx, loaf{burnt: true}) }) {
			t.Error("bakeAndRise returns by itself")
		}
	})
}

func TestLeftBehind(t *testing.T) {
	// A task left behind is a deadlock of its bubble; here it is let go.
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		if heat(ctx, 0) != nil {
			t.Error("heat says that there was no flour")
		}
		if heatLater(ctx, 0) == nil {
			t.Error("there was flour")
		}
		cancel()
	})
}

// hangs reports whether f returns only when its context ends.
func hangs(t *testing.T, f func(context.Context)) bool {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	go func() { defer close(done); f(ctx) }()
	synctest.Wait()
	select {
	case <-done:
		return false
	default:
	}
	cancel()
	<-done
	return true
}
