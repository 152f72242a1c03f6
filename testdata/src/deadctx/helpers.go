// Package deadctx has good and bad fan-outs for the check of the same name.
package deadctx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

type tenantKey struct{}

// An invoice is a sum that somebody owes.
type invoice struct {
	number string
	cents  int
}

// post sends one entry to the ledger; it ends when ctx does.
func post(ctx context.Context, entry string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://ledger.example/"+entry, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// settle books one invoice.
func settle(ctx context.Context, inv invoice) error {
	return post(ctx, fmt.Sprintf("%s/%d", inv.number, inv.cents))
}

// closeBooks ends the accounting period.
func closeBooks(ctx context.Context) error {
	return post(ctx, "close")
}

// unlock gives the ledger free; it makes a request.
func unlock(ctx context.Context) {
	if err := post(ctx, "unlock"); err != nil {
		slog.Error("unlock", "err", err)
	}
}

// watch polls the ledger until ctx ends.
func watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
			_ = post(ctx, "heartbeat")
		}
	}
}

// tenant only reads a value.
func tenant(ctx context.Context) string {
	name, _ := ctx.Value(tenantKey{}).(string)
	return name
}

// report only logs.
func report(ctx context.Context, n int) {
	slog.InfoContext(ctx, "settled", "invoices", n, "tenant", tenant(ctx))
}

// finish waits for g.
func finish(g *errgroup.Group) error {
	if err := g.Wait(); err != nil {
		return fmt.Errorf("settlement: %w", err)
	}
	return nil
}

// settleAll starts a task for each invoice.
func settleAll(g *errgroup.Group, ctx context.Context, invoices []invoice) {
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
}

// entered puts a failure into the books of whom the context is about; others set it.
var entered = func(ctx context.Context, err error) error { return err }

// refund pays back; others set it.
var refund = func(ctx context.Context, inv invoice) error { return nil }
