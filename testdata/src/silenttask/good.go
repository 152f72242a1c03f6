package silenttask

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// goesOn logs and takes the next book.
func goesOn(ctx context.Context, books chan book) error {
	g, gctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error {
			for b := range books {
				if err := bind(gctx, b); err != nil {
					log.Print(err)
					continue
				}
				log.Print(b.name)
			}
			return nil
		})
	}
	return g.Wait()
}

// classified knows which errors do not matter.
func classified(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := bind(gctx, b); err != nil {
			if errors.Is(err, errNoName) {
				return nil
			}
			return err
		}
		return nil
	})
	g.Go(func() error {
		err := bind(gctx, b)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if err == errNoName {
			return nil
		}
		return bind(gctx, b)
	})
	return g.Wait()
}

// counted counts, keeps or passes on what fails.
func counted(ctx context.Context, books []book) error {
	var failed atomic.Int64
	var first error
	var once sync.Once
	bad := make(chan book, len(books))
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if err := bind(gctx, b); err != nil {
				failed.Add(1)
				return nil
			}
			if err := bind(gctx, b); err != nil {
				bad <- b
				return nil
			}
			if err := bind(gctx, b); err != nil {
				once.Do(func() { first = err })
				return nil
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return first
}

// retried tries again.
func retried(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		err := bind(gctx, b)
		if err != nil {
			log.Print(err)
			err = bind(gctx, b)
		}
		return err
	})
	g.Go(func() error {
		for {
			if err := bind(gctx, b); err != nil {
				log.Print(err)
				time.Sleep(time.Second)
				continue
			}
			return nil
		}
	})
	return g.Wait()
}

// optional says why it goes on without.
func optional(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := bind(gctx, b); err != nil {
			slog.Warn("not bound", "err", err)
			return nil // a loose book can be lent too
		}
		return bind(gctx, b)
	})
	return g.Wait()
}

// bestEffort logs and does the rest of its work.
func bestEffort(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := bind(gctx, b); err != nil {
			slog.Warn("not bound", "err", err)
		}
		return bind(gctx, b)
	})
	return g.Wait()
}

// toldElsewhere gives the error to a function.
func toldElsewhere(ctx context.Context, b book, tell func(error)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := bind(gctx, b); err != nil {
			tell(err)
			return nil
		}
		return nil
	})
	return g.Wait()
}

// source ends with its input.
func source(ctx context.Context, next func(context.Context) (book, error)) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			b, err := next(gctx)
			if err != nil {
				return nil
			}
			log.Print(b.name)
		}
	})
	return g.Wait()
}

// nobodyAsks has a group whose Wait gives nothing to anyone.
func nobodyAsks(ctx context.Context, b book) {
	var g errgroup.Group
	g.Go(func() error {
		if err := bind(ctx, b); err != nil {
			slog.Warn("not bound", "err", err)
			return nil
		}
		return nil
	})
	_ = g.Wait()
}

// produceChecked tells of the caller's end.
func produceChecked(ctx context.Context, books []book) error {
	out := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(out)
		for _, b := range books {
			select {
			case out <- b:
			case <-gctx.Done():
				return gctx.Err()
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

// produceAsked has a spawner that asks after Wait.
func produceAsked(ctx context.Context, books []book) error {
	out := make(chan book)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(out)
		for _, b := range books {
			select {
			case out <- b:
			case <-gctx.Done():
				return nil
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
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// watch has nothing to produce.
func watch(ctx context.Context, b book) error {
	g, gctx := errgroup.WithContext(ctx)
	over := make(chan struct{})
	g.Go(func() error {
		select {
		case <-gctx.Done():
			return nil
		case <-over:
			return nil
		}
	})
	g.Go(func() error {
		defer close(over)
		return bind(gctx, b)
	})
	return g.Wait()
}

// rooted has no caller that could end it.
func rooted(books []book) error {
	out := make(chan book)
	g, gctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		defer close(out)
		for _, b := range books {
			select {
			case out <- b:
			case <-gctx.Done():
				return nil
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

// loggedOnly has a WaitGroup, which keeps no errors, and logs them.
func loggedOnly(ctx context.Context, books []book) error {
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil {
				log.Print(err)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// meant drops results on purpose, or has none to drop.
func meant(ctx context.Context, b book) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = bind(ctx, b)
	})
	wg.Go(func() {
		dust(b)
		os.Remove(b.name)
		bind(ctx, b) // whether it holds is seen at the desk
	})
	wg.Wait()
	return nil
}

// noResult cannot tell anybody.
func noResult(ctx context.Context, books []book) {
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err == nil {
				log.Print(b.name)
			}
		})
	}
	wg.Wait()
}

// repaired drops the error of its repair: the one that counts is sent on.
func repaired(ctx context.Context, books []book) error {
	bad := make(chan error, len(books))
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil {
				if again := bind(ctx, b); again != nil {
					log.Print(again)
				}
				bad <- err
			}
		})
	}
	wg.Wait()
	close(bad)
	var all error
	for err := range bad {
		all = errors.Join(all, err)
	}
	return all
}

// totalled logs, and tells how many there were.
func totalled(ctx context.Context, books []book) error {
	var missing atomic.Int64
	var wg sync.WaitGroup
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil {
				slog.Error("not bound", "book", b.name, "err", err)
				missing.Add(1)
			}
		})
	}
	wg.Wait()
	if n := missing.Load(); n > 0 {
		return fmt.Errorf("%d books are missing", n)
	}
	return nil
}

// goesOnLogged goes on with the next leaf after it has logged.
func goesOnLogged(ctx context.Context, books []book) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, b := range books {
			if err := bind(ctx, b); err != nil {
				slog.Warn("not bound", "book", b.name, "err", err)
			}
		}
	})
	wg.Wait()
	return nil
}

// collectedAndRead looks at the list in a function literal.
func collectedAndRead(ctx context.Context, books []book) error {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		failed []error
	)
	defer func() { slog.Info("binding", "failed", failed) }()
	for _, b := range books {
		wg.Go(func() {
			if err := bind(ctx, b); err != nil {
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return nil
}

// repairedInLoop sends on what was to be repaired.
func repairedInLoop(ctx context.Context, books chan book) error {
	var wg sync.WaitGroup
	errs := make(chan error, 2)
	for range 2 {
		wg.Go(func() {
			for b := range books {
				err := bind(ctx, b)
				if err == nil {
					continue
				}
				if b.name != "" {
					if err := dust(b); err == nil {
						continue
					}
				}
				errs <- err
				return
			}
		})
	}
	wg.Wait()
	close(errs)
	var all error
	for err := range errs {
		all = errors.Join(all, err)
	}
	return all
}
