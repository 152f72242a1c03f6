package silenttask

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"
)

// dropped does not even log.
func dropped(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		err := bind(gctx, b)
		if err != nil {
			return nil // want `silenttask: the error of bind is dropped and the task returns nil; g never learns of the failure`
		}
		return bind(gctx, b)
	})
	return g.Wait()
}

// worker stops at the first failure and says that all is well.
func worker(ctx context.Context, books chan book) error {
	g, gctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error {
			for b := range books {
				if err := bind(gctx, b); err != nil {
					slog.With("book", b.name).Error("not bound", "err", fmt.Sprint(err))
					return nil // want `silenttask: the error of bind is only logged and the task returns nil`
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// viaFunction loses it in a function that the task ends with.
func viaFunction(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return quietly(gctx, b) })
	return g.Wait()
}

func quietly(ctx context.Context, b book) error {
	if err := bind(ctx, b); err != nil {
		slog.Error("not bound", "err", err)
		return nil // want `silenttask: the error of bind is only logged and the task returns nil`
	}
	return bind(ctx, b)
}

// named has a named result.
func named(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		if err = bind(gctx, b); err != nil {
			slog.Error("not bound", "err", err)
			return nil // want `silenttask: the error of bind is only logged and the task returns nil`
		}
		return nil
	})
	return g.Wait()
}

// produce hands items on until the caller has had enough, and calls that success.
func produce(ctx context.Context, books []book) error {
	out := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(out)
		for _, b := range books {
			select {
			case out <- b:
			case <-gctx.Done():
				return nil // want `silenttask: the task returns nil when gctx ends with items not sent on out; a cancelled run looks like success`
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range out {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// produceEach does so in a literal that a function calls.
func produceEach(ctx context.Context, s *shelf) error {
	out := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(out)
		return s.each(gctx, func(b book) error {
			select {
			case <-gctx.Done():
				return nil // want `silenttask: the task returns nil when gctx ends with items not sent on out`
			case out <- b:
				return nil
			}
		})
	})
	g.Go(func() error {
		for b := range out {
			if err := bind(gctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// onlySuccess keeps what went well, and nothing else.
func onlySuccess(ctx context.Context, books []book) (int, error) {
	done := make(chan book, len(books))
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := bind(ctx, b); err == nil { // want `silenttask: the error of bind is dropped in a task; onlySuccess returns as if it had succeeded`
				done <- b
			}
		}()
	}
	wg.Wait()
	if len(done) == 0 {
		return 0, errNoName
	}
	return len(done), nil
}

// unused does not look at the result.
func unused(ctx context.Context, books []book) error {
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			bind(ctx, b) // want `silenttask: the error of bind is not looked at in a task; its failure looks like success`
		})
	}
	wg.Wait()
	return ctx.Err()
}

// unusedInGroup has a group that would take it.
func unusedInGroup(ctx context.Context, b book) error {
	var g errgroup.Group
	g.Go(func() error {
		bind(ctx, b) // want `silenttask: the error of bind is not looked at in a task`
		return nil
	})
	return g.Wait()
}

// unusedAlone is a goroutine that nothing counts.
func unusedAlone(ctx context.Context, b book) error {
	go func() {
		bind(ctx, b) //nolint:errcheck // want `silenttask: the error of bind is not looked at in a task`
	}()
	return bind(ctx, b)
}

// onlyLogged has an error result, and never more to return than nil.
func onlyLogged(ctx context.Context, books []book) error {
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil { // want `silenttask: the error of bind is only logged in a task; onlyLogged returns as if it had succeeded`
				slog.Error("not bound", "book", b.name, "err", err)
			}
		})
	}
	wg.Wait()
	return nil
}

// loggedByName reports a book that was not bound as bound.
func loggedByName(ctx context.Context, books []book) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if err := bind(gctx, b); err != nil {
				slog.Error("bind", "book", b.name, "err", err)
				return nil // want `silenttask: the error of bind is only logged and the task returns nil; g never learns of the failure`
			}
			return nil
		})
	}
	return g.Wait()
}

// collected keeps the errors in a list that nobody looks at.
func collected(ctx context.Context, books []book) error {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		failed []error
	)
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil { // want `silenttask: the error of bind is dropped in a task; collected returns as if it had succeeded`
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return nil
}
