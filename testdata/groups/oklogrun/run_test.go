package oklogrun

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestDropped(t *testing.T) {
	keepWatch(true) // nothing to see
	if err := keepWatchChecked(true); !errors.Is(err, errFog) {
		t.Error("keepWatchChecked gives", err)
	}
}

// The first return ends the group, also without an error.
func TestInterrupt(t *testing.T) {
	for _, foggy := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- light(ctx, foggy) }()
			synctest.Wait()
			select {
			case err := <-done:
				t.Error("light returns", err)
			default:
			}
			cancel()
			<-done
			if err := lightInterrupted(t.Context(), foggy); !errors.Is(err, watch(foggy)) {
				t.Error("lightInterrupted gives", err)
			}
		})
	}
}
