package deadctx

import (
	"context"
	"errors"
	"log/slog"

	"golang.org/x/sync/errgroup"
)

// lastThing makes the group as the last thing that it does.
func lastThing(ctx context.Context, invoices []invoice) error {
	if err := post(ctx, "open"); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
	return g.Wait()
}

// innerBlock has the derived ctx in a block; the outer one is untouched.
func innerBlock(ctx context.Context, invoices []invoice) error {
	{
		g, ctx := errgroup.WithContext(ctx)
		settleAll(g, ctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return closeBooks(ctx)
}

// innerIf is the same in the body of an if.
func innerIf(ctx context.Context, invoices []invoice) error {
	if len(invoices) > 0 {
		g, ctx := errgroup.WithContext(ctx)
		settleAll(g, ctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return closeBooks(ctx)
}

// boundAgain gives ctx the parent back before it is used.
func boundAgain(parent context.Context, invoices []invoice) error {
	ctx := parent
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	ctx = parent
	return closeBooks(ctx)
}

// keptParent saves the parent before ctx is assigned.
func keptParent(ctx context.Context, invoices []invoice) error {
	parent := ctx
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(parent)
}

// shielded takes the cancellation off.
func shielded(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(context.WithoutCancel(ctx))
}

// shieldedName does so under the same name.
func shieldedName(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return closeBooks(ctx)
}

// causeAfter asks why the group failed.
func causeAfter(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return errors.Join(err, context.Cause(gctx))
	}
	return nil
}

// valuesAfter reads values and logs.
func valuesAfter(ctx context.Context, invoices []invoice) (string, error) {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		slog.ErrorContext(ctx, "settle", "err", err)
		return "", err
	}
	report(ctx, len(invoices))
	name, _ := ctx.Value(tenantKey{}).(string)
	return name + tenant(ctx), nil
}

// otherGroup uses the context of a group that still runs.
func otherGroup(ctx context.Context, invoices, credits []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	h, hctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	settleAll(h, hctx, credits)
	if err := g.Wait(); err != nil {
		return errors.Join(err, h.Wait())
	}
	h.Go(func() error { return closeBooks(hctx) })
	return h.Wait()
}

// waitElsewhere has Wait on a path that returns.
func waitElsewhere(ctx context.Context, invoices []invoice, fast bool) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if fast {
		return g.Wait()
	}
	err := post(gctx, "slow")
	return errors.Join(err, g.Wait())
}

// perBatch makes a group for each batch, always from the parent.
func perBatch(ctx context.Context, batches [][]invoice) error {
	for _, invoices := range batches {
		g, gctx := errgroup.WithContext(ctx)
		if err := post(gctx, "batch"); err != nil {
			return err
		}
		settleAll(g, gctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return closeBooks(ctx)
}

// perBatchAssigned assigns the same two variables in each round.
func perBatchAssigned(parent context.Context, batches [][]invoice) error {
	var g *errgroup.Group
	var ctx context.Context
	for _, invoices := range batches {
		g, ctx = errgroup.WithContext(parent)
		settleAll(g, ctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// deferredParent registers the clean-up while ctx is the parent: arguments are taken at the defer.
func deferredParent(ctx context.Context, invoices []invoice) error {
	defer unlock(ctx)
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	return g.Wait()
}

// deferredInOrder waits in a defer that runs after the one that uses the context.
func deferredInOrder(ctx context.Context, invoices []invoice) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() { err = errors.Join(err, g.Wait()) }()
	defer func() { unlock(gctx) }()
	settleAll(g, gctx, invoices)
	return nil
}

// cancelAfter only cancels a context derived from the dead one.
func cancelAfter(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	tctx, cancel := context.WithCancel(gctx)
	settleAll(g, tctx, invoices)
	err := g.Wait()
	cancel()
	return err
}

// waitBeside waits in a goroutine and looks at the group's context meanwhile.
func waitBeside(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	ended := make(chan error, 1)
	go func() { ended <- g.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-gctx.Done():
		return <-ended
	}
}

// usedInTasks uses the context in a literal that only a task calls.
func usedInTasks(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	open := func() error { return post(gctx, "open") }
	g.Go(open)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx)
}

// plainGroup has a Wait that cancels nothing.
func plainGroup(ctx context.Context, invoices []invoice) error {
	var g errgroup.Group
	settleAll(&g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx)
}

// cancelledChild waits for a group whose context is a child of the one that is used on.
func cancelledChild(ctx context.Context, invoices, credits []invoice) error {
	outer, octx := errgroup.WithContext(ctx)
	outer.Go(func() error {
		inner, ictx := errgroup.WithContext(octx)
		settleAll(inner, ictx, invoices)
		if err := inner.Wait(); err != nil {
			return err
		}
		return post(octx, "inner")
	})
	settleAll(outer, octx, credits)
	return outer.Wait()
}

// separate does the group's part in a literal of its own.
func separate(ctx context.Context, invoices []invoice) error {
	err := func() error {
		g, ctx := errgroup.WithContext(ctx)
		settleAll(g, ctx, invoices)
		return g.Wait()
	}()
	if err != nil {
		return err
	}
	return closeBooks(ctx)
}

// correlated uses the derived context only where it did not wait.
func correlated(ctx context.Context, invoices []invoice, now bool) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if now {
		if err := g.Wait(); err != nil {
			return err
		}
	}
	if !now {
		err := post(gctx, "later")
		return errors.Join(err, g.Wait())
	}
	return closeBooks(ctx)
}

// onceMore waits twice and uses nothing in between.
func onceMore(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return g.Wait()
}

// keyed is generic, and right.
func keyed[K comparable](ctx context.Context, byKey map[K][]invoice) (map[K]int, error) {
	totals := make(map[K]int, len(byKey))
	for k, invoices := range byKey {
		g, gctx := errgroup.WithContext(ctx)
		settleAll(g, gctx, invoices)
		if err := g.Wait(); err != nil {
			return nil, err
		}
		totals[k] = len(invoices)
	}
	return totals, closeBooks(ctx)
}

// endSeen comes to Wait because the context has ended; when no task failed, what
// it asks the context then is the caller's doing.
func endSeen(ctx context.Context, batches <-chan []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	for {
		select {
		case <-gctx.Done():
			if err := g.Wait(); err != nil {
				return err
			}
			return gctx.Err()
		case batch, ok := <-batches:
			if !ok {
				return g.Wait()
			}
			settleAll(g, gctx, batch)
		}
	}
}

// endAsked finds it out by asking.
func endAsked(ctx context.Context, batches [][]invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, batch := range batches {
		if gctx.Err() != nil {
			if err := g.Wait(); err != nil {
				return err
			}
			return gctx.Err()
		}
		settleAll(g, gctx, batch)
	}
	return g.Wait()
}

// waiterBesideParent posts with the caller's context.
func waiterBesideParent(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	done := make(chan string, len(invoices))
	for _, inv := range invoices {
		g.Go(func() error {
			if err := settle(gctx, inv); err != nil {
				return err
			}
			done <- "settled"
			return nil
		})
	}
	var failed error
	go func() {
		failed = g.Wait()
		close(done)
	}()
	for entry := range done {
		if err := post(ctx, entry); err != nil {
			return err
		}
	}
	return failed
}

// entersFailure has an error entered, which only looks whose it is.
func entersFailure(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return entered(ctx, err)
	}
	return nil
}
