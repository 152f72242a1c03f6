package deadctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// An audit looks at many invoices at once.
type audit struct {
	group *errgroup.Group
	ctx   context.Context
	done  []chan struct{}
}

func startAudit(ctx context.Context, invoices []invoice) *audit {
	a := &audit{}
	a.group, a.ctx = errgroup.WithContext(ctx)
	for _, inv := range invoices {
		done := make(chan struct{})
		a.done = append(a.done, done)
		a.group.Go(func() error {
			defer close(done)
			return settle(a.ctx, inv)
		})
	}
	return a
}

// outcome waits for the whole only when that has failed.
func (a *audit) outcome(i int) error {
	select {
	case <-a.done[i]:
		return nil
	case <-a.ctx.Done():
		if err := a.group.Wait(); err != nil {
			return err
		}
		return a.ctx.Err()
	}
}

// auditAll asks one after the other, as long as none has failed.
func auditAll(ctx context.Context, invoices []invoice) error {
	a := startAudit(ctx, invoices)
	for i := range invoices {
		if err := a.outcome(i); err != nil {
			return err
		}
	}
	return a.group.Wait()
}

// all waits for the whole in any case.
func (a *audit) all() error {
	if err := a.group.Wait(); err != nil {
		return err
	}
	return nil
}

// auditTwice wants something of a group that has ended.
func auditTwice(ctx context.Context, invoices []invoice) error {
	a := startAudit(ctx, invoices)
	if err := a.all(); err != nil {
		return err
	}
	return post(a.ctx, "again") // want `deadctx: a.ctx is already cancelled here`
}
