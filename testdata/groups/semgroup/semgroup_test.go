package semgroup

import (
	"context"
	"errors"
	"testing"

	"github.com/fatih/semgroup"
)

func TestDropped(t *testing.T) {
	sails := []sail{{}, {torn: true}, {}}
	if err := mendAll(t.Context(), sails); err != nil {
		t.Error("mendAll gives", err)
	}
	if err := mendAllChecked(t.Context(), sails); !errors.Is(err, errTorn) {
		t.Error("mendAllChecked gives", err)
	}
}

// A task that gets no place before the context ends is not run, and the error of
// Wait is not the context's.
func TestRefused(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g := semgroup.NewGroup(ctx, 1)
	held := make(chan struct{})
	g.Go(func() error { <-held; return nil })
	cancel()
	ran := false
	g.Go(func() error { ran = true; return nil })
	close(held)
	err := g.Wait()
	if ran || err == nil || errors.Is(err, context.Canceled) {
		t.Error("ran:", ran, "Wait gives", err)
	}
}
