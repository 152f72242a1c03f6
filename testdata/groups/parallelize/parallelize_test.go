package parallelize

import (
	"context"
	"errors"
	"testing"
)

func TestSkipped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	coats := []coat{{moths: true}}
	if err := brushAll(ctx, coats); err != nil {
		t.Error("brushAll gives", err)
	}
	if err := brushAllSlots(ctx, coats); !errors.Is(err, context.Canceled) {
		t.Error("brushAllSlots gives", err)
	}
	if err := brushAllSlots(t.Context(), coats); !errors.Is(err, errMoth) {
		t.Error("brushAllSlots gives", err)
	}
}

// A later coat takes the error of an earlier one away. One worker is enough to
// show it; the race detector needs more.
func TestOverwritten(t *testing.T) {
	lost := false
	for range 200 {
		lost = lost || brushAll(t.Context(), []coat{{moths: true}, {}, {}, {}, {}, {}}) == nil
	}
	if !lost {
		t.Error("brushAll has lost no error")
	}
}
