package pond

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alitto/pond/v2"
)

func TestDropped(t *testing.T) {
	p := pond.NewPool(2)
	defer p.StopAndWait()
	locks := []lock{{}, {frozen: true}}
	if err := openAll(t.Context(), p, locks); err != nil {
		t.Error("openAll gives", err)
	}
	if err := openAllChecked(t.Context(), p, locks); !errors.Is(err, errIce) {
		t.Error("openAllChecked gives", err)
	}
	if err := fillAndOpen(t.Context(), p, lock{frozen: true}); !errors.Is(err, errIce) {
		t.Error("fillAndOpen gives", err)
	}
}

func TestNotStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pond.NewPool(2)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- fillOnAndOpen(ctx, p, lock{frozen: true}) }()
		time.Sleep(time.Second)
		select {
		case err := <-done:
			t.Error("fillOnAndOpen returns", err)
		default:
		}
		cancel()
		<-done
		synctest.Wait()
	})
}

// What tells it from an errgroup: success leaves the context alive, and the end of
// the parent is an error.
func TestContext(t *testing.T) {
	p := pond.NewPool(2)
	defer p.StopAndWait()
	g := p.NewGroup().Submit(func() {})
	if err := g.Wait(); err != nil || g.Context().Err() != nil {
		t.Error("Wait gives", err, "and the context is", g.Context().Err())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.NewGroupContext(ctx).Submit(func() {}).Wait(); !errors.Is(err, context.Canceled) {
		t.Error("Wait gives", err)
	}
}
