package orphanctx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
)

// ServeHTTP answers before the book is entered.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	go d.enter(r.Context(), r.PathValue("book")) // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when desk\.ServeHTTP returns; the call is cut off`
	w.WriteHeader(http.StatusAccepted)
}

// handler is a literal, and derives.
func (d *desk) handler() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), key{}, r.Host)
		go func() {
			if err := d.books.Enter(ctx, "atlas"); err != nil { // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when the function literal in desk\.handler returns; the call is cut off`
				slog.Warn("not entered", "err", err)
			}
		}()
		fmt.Fprintln(w, "lent")
	}
}

type key struct{}

// cancelled does not even defer.
func (d *desk) cancelled(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	go d.remind(ctx) // want `orphanctx: goroutine calls http\.NewRequestWithContext with ctx, which is cancelled when desk\.cancelled returns; the call is cut off`
	cancel()
}
