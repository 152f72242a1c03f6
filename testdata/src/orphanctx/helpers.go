// Package orphanctx has good and bad fan-outs for the check of the same name.
package orphanctx

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// A ledger keeps who has borrowed what.
type ledger interface {
	Enter(ctx context.Context, book string) error
	Flush()
}

// A desk lends books.
type desk struct {
	books ledger
	mail  string
}

// remind writes to a borrower; it ends when ctx does.
func (d *desk) remind(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.mail, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// enter enters a book and says so.
func (d *desk) enter(ctx context.Context, book string) {
	if err := d.books.Enter(ctx, book); err != nil {
		slog.Warn("not entered", "book", book, "err", err)
	}
}

// watch reads the mail until ctx ends.
func (d *desk) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
			slog.Info("no mail")
		}
	}
}

// sweep reminds borrowers for ever.
func (d *desk) sweep(ctx context.Context) {
	for {
		if err := d.remind(ctx); err != nil {
			return
		}
	}
}
