package taskgroup

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestDropped(t *testing.T) {
	pianos := []piano{{}, {flat: true}}
	if err := tuneAll(pianos); err != nil {
		t.Error("tuneAll gives", err)
	}
	if err := tuneTwice(pianos); !errors.Is(err, errFlat) {
		t.Error("tuneTwice gives", err)
	}
	if err := tuneTwice(pianos[:1]); err != nil {
		t.Error("tuneTwice gives", err)
	}
	if err := tuneUntilFlat(t.Context(), pianos); !errors.Is(err, errFlat) {
		t.Error("tuneUntilFlat gives", err)
	}
}

func TestLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		if tuneBriefly(ctx, 0) != nil {
			t.Error("tuneBriefly says that it had no strings")
		}
		cancel() // else the task left behind is a deadlock of the bubble
	})
}
