package deadctx

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, each beside the case that differs in one point.

// waitedLater has the test wait when it is over; until then the context lives.
func waitedLater(t *testing.T, inv invoice) {
	g, gctx := errgroup.WithContext(context.Background())
	t.Cleanup(func() {
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
	g.Go(func() error { return settle(gctx, inv) })
	if err := settle(gctx, inv); err != nil {
		t.Error(err)
	}
}

// waitedNow calls the literal itself.
func waitedNow(t *testing.T, inv invoice) {
	g, gctx := errgroup.WithContext(context.Background())
	wait := func() {
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	}
	g.Go(func() error { return settle(gctx, inv) })
	wait()
	if err := settle(gctx, inv); err != nil { // want `deadctx: gctx is already cancelled here`
		t.Error(err)
	}
}

// A lasting context keeps the values and not the end of the one it embeds.
type lasting struct{ context.Context }

func (lasting) Done() <-chan struct{}       { return nil }
func (lasting) Err() error                  { return nil }
func (lasting) Deadline() (time.Time, bool) { return time.Time{}, false }

// A named context only adds a name.
type named struct {
	context.Context
	name string
}

// closedLasting closes the books on a context that cannot end.
func closedLasting(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(lasting{ctx})
}

// closedNamed closes them on one that has.
func closedNamed(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(named{Context: ctx, name: "books"}) // want `deadctx: named\{.*\} is already cancelled here`
}
