package orphanctx

import (
	"context"
	"log/slog"
	"time"
)

// BAD: the reminder is cancelled as soon as lend returns.
func (d *desk) lend(ctx context.Context, book string) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	go func() {
		if err := d.books.Enter(ctx, book); err != nil { // want `orphanctx: goroutine calls d\.books\.Enter with ctx, which is cancelled when desk\.lend returns; the call is cut off`
			slog.Warn("not entered", "book", book, "err", err)
		}
	}()
}

// GOOD: the goroutine has the context to itself.
func (d *desk) lendOut(ctx context.Context, book string) {
	ctx = context.WithoutCancel(ctx)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := d.books.Enter(ctx, book); err != nil {
			slog.Warn("not entered", "book", book, "err", err)
		}
	}()
}
