package orphanctx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// watched ends its watcher on purpose.
func (d *desk) watched(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go d.watch(ctx)
	go d.sweep(ctx)
	go func() {
		<-ctx.Done()
		d.books.Flush()
	}()
}

// busy works beside the goroutine, which lives as long as that takes.
func (d *desk) busy(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go d.enter(ctx, "atlas")
	return d.remind(ctx)
}

// told waits for word.
func (d *desk) told(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.books.Enter(ctx, "atlas") }()
	return <-done
}

// counted waits for the group.
func (d *desk) counted(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { d.enter(ctx, "atlas") })
	wg.Wait()
}

// cancelsItself has the goroutine cancel when it is done.
func (d *desk) cancelsItself(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	go func() {
		defer cancel()
		d.enter(ctx, "atlas")
	}()
}

// onError cancels where nothing was started, or the caller learns of it.
func (d *desk) onError(ctx context.Context, book string) (context.CancelFunc, error) {
	ctx, cancel := context.WithCancel(ctx)
	if book == "" {
		cancel()
		return nil, http.ErrMissingFile
	}
	go d.enter(ctx, book)
	return cancel, nil
}

// serveDetached cuts the request off first.
func (d *desk) serveDetached(w http.ResponseWriter, r *http.Request) {
	go d.enter(context.WithoutCancel(r.Context()), "atlas")
	go d.enter(context.Background(), "globe")
	fmt.Fprintln(w, "lent")
}

// serveLong answers with what takes long.
func (d *desk) serveLong(w http.ResponseWriter, r *http.Request) {
	go d.enter(r.Context(), "atlas")
	if err := d.remind(r.Context()); err != nil {
		http.Error(w, "no reminder", http.StatusBadGateway)
	}
}

// fetch is no handler: whose request it is, is not known.
func (d *desk) fetch(r *http.Request) {
	go d.enter(r.Context(), "atlas")
}

// outer hands the caller's context on.
func (d *desk) outer(ctx context.Context) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	slog.InfoContext(inner, "outer")
	go d.enter(ctx, "atlas")
}

// sometimes cancels on one path only.
func (d *desk) sometimes(ctx context.Context, short bool) {
	ctx, cancel := context.WithCancel(ctx)
	if short {
		defer cancel()
	}
	go d.enter(ctx, "atlas")
}
