package droppedwait

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"log/slog"
	"os/exec"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
)

// returned gives the error to the caller.
func returned(ctx context.Context, parcels []parcel) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	return len(parcels), g.Wait()
}

// tested looks at it.
func tested(ctx context.Context, parcels []parcel) bool {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	return g.Wait() == nil
}

// branched only asks whether there is one.
func branched(ctx context.Context, parcels []parcel) string {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if g.Wait() != nil {
		return "late"
	}
	return "on time"
}

// logged hands it to a logger.
func logged(ctx context.Context, parcels []parcel) {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	slog.Info("round over", "err", g.Wait())
}

// wrapped wraps it.
func wrapped(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if err := g.Wait(); err != nil {
		return fmt.Errorf("round of %d: %w", len(parcels), err)
	}
	return nil
}

// namedResult assigns it to the result in a defer.
func namedResult(ctx context.Context, parcels []parcel) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		if waitErr := g.Wait(); err == nil {
			err = waitErr
		}
	}()
	deliverAll(g, gctx, parcels)
	return printLabels()
}

// joined joins it with the result in a defer.
func joined(ctx context.Context, parcels []parcel) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() { err = errors.Join(err, g.Wait()) }()
	deliverAll(g, gctx, parcels)
	return printLabels()
}

// assignedResult assigns it to the result and returns bare.
func assignedResult(ctx context.Context, parcels []parcel) (n int, err error) {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	err = g.Wait()
	n = len(parcels)
	return
}

// keptApart keeps each error in a slot of its own.
func keptApart(ctx context.Context, parcels []parcel) error {
	errs := make([]error, len(parcels))
	var g errgroup.Group
	g.SetLimit(4)
	for i, p := range parcels {
		g.Go(func() error {
			errs[i] = deliver(ctx, p)
			return errs[i]
		})
	}
	_ = g.Wait() // the errors are kept in errs
	return errors.Join(errs...)
}

// keptInField does so in a field, under a lock.
func (v *van) keptInField(ctx context.Context, parcels []parcel) error {
	var mu sync.Mutex
	var g errgroup.Group
	for _, p := range parcels {
		g.Go(func() error {
			err := deliver(ctx, p)
			if err != nil {
				mu.Lock()
				v.errs = append(v.errs, err)
				mu.Unlock()
			}
			return err
		})
	}
	// Each error stands in v.errs.
	_ = g.Wait()
	return errors.Join(v.errs...)
}

// alwaysNil has tasks that handle their errors themselves.
func alwaysNil(ctx context.Context, parcels []parcel) {
	var g errgroup.Group
	g.SetLimit(4)
	for _, p := range parcels {
		g.Go(func() error {
			if err := deliver(ctx, p); err != nil {
				slog.Warn("not delivered", "parcel", p.id, "err", err)
			}
			return nil
		})
	}
	g.Wait()
}

// helperNil has tasks that return what a function returns which never fails.
func helperNil(parcels []parcel) {
	var g errgroup.Group
	for _, p := range parcels {
		g.Go(func() error { return weigh(p) })
	}
	g.Wait()
}

// starterNil wraps tasks without an error.
func starterNil(parcels []parcel) {
	var g errgroup.Group
	start := func(body func()) {
		g.Go(func() error {
			body()
			return nil
		})
	}
	for _, p := range parcels {
		start(func() { slog.Info("sort", "parcel", p.id) })
	}
	_ = g.Wait()
}

// closerAndCheck waits in the closer and again where the error counts.
func closerAndCheck(ctx context.Context, parcels []parcel) ([]int, error) {
	delivered := make(chan int, len(parcels))
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error {
			if err := deliver(gctx, p); err != nil {
				return err
			}
			delivered <- p.id
			return nil
		})
	}
	go func() {
		g.Wait()
		close(delivered)
	}()
	var ids []int
	for id := range delivered {
		ids = append(ids, id)
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return ids, nil
}

// sent sends it to whoever waits.
func sent(ctx context.Context, parcels []parcel) error {
	over := make(chan error, 1)
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	go func() { over <- g.Wait() }()
	return <-over
}

// otherFailure waits on a path that returns another error anyway.
func otherFailure(ctx context.Context, parcels []parcel) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if err := printLabels(); err != nil {
		cancel()
		g.Wait()
		return err
	}
	return g.Wait()
}

// otherFailureSaid does the same and says so.
func otherFailureSaid(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if err := printLabels(); err != nil {
		_ = g.Wait() // the printer's error is the one to tell
		return err
	}
	return g.Wait()
}

// fatal ends the program with it.
func fatal(ctx context.Context, parcels []parcel) {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if err := g.Wait(); err != nil {
		log.Fatal(err)
	}
}

// asked looks at what TryGo says.
func asked(ctx context.Context, parcels []parcel) (left []parcel, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, p := range parcels {
		if !g.TryGo(func() error { return deliver(gctx, p) }) {
			left = append(left, p)
		}
	}
	return left, g.Wait()
}

// askedOnce keeps what TryGo says.
func askedOnce(ctx context.Context, p parcel) (bool, error) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(1)
	first := g.TryGo(func() error { return deliver(gctx, p) })
	second := g.TryGo(func() error { return deliver(gctx, p) })
	return first && second, g.Wait()
}

// counters has a WaitGroup, whose Wait has no result.
func counters(parcels []parcel) []error {
	errs := make([]error, len(parcels))
	var wg sync.WaitGroup
	for i, p := range parcels {
		wg.Go(func() { errs[i] = weigh(p) })
	}
	wg.Wait()
	return errs
}

// command waits for a process, which is no group.
func command() error {
	cmd := exec.Command("lpq")
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	b := &bell{rung: make(chan error, 1)}
	b.rung <- nil
	b.Wait()
	return nil
}

// handedOn passes the method on to somebody who looks at its result.
func handedOn(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	return inOrder(g.Wait, printLabels)
}

func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// nestedWait makes Wait the task of another group.
func nestedWait(ctx context.Context, streets [][]parcel) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, parcels := range streets {
		inner, ictx := errgroup.WithContext(octx)
		deliverAll(inner, ictx, parcels)
		outer.Go(inner.Wait)
	}
	return outer.Wait()
}

// mappedAll is generic, and right.
func mappedAll[T, R any](items []T, convert func(T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	var g errgroup.Group
	for i, item := range items {
		g.Go(func() (err error) {
			results[i], err = convert(item)
			return err
		})
	}
	err := g.Wait()
	return results, err
}

// underLock runs f with the lock held.
func underLock(mu *sync.Mutex, f func()) {
	mu.Lock()
	defer mu.Unlock()
	f()
}

// keptByHelper keeps each error in a literal that a helper runs.
func keptByHelper(ctx context.Context, parcels []parcel) []error {
	g, gctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	var errs []error
	for _, p := range parcels {
		g.Go(func() error {
			err := deliver(gctx, p)
			if err != nil {
				underLock(&mu, func() { errs = append(errs, err) })
			}
			return err
		})
	}
	g.Wait()
	return errs
}

// inTime has a named result: a deferred literal can still change it.
func inTime(ctx context.Context, parcels []parcel) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		if werr := g.Wait(); werr != nil && err == nil {
			err = werr
		}
	}()
	deliverAll(g, gctx, parcels)
	return printLabels()
}

// toldLater has another deferred literal that reads the variable.
func toldLater(ctx context.Context, parcels []parcel) error {
	var err error
	defer func() {
		if err != nil {
			slog.Error("not delivered", "err", err)
		}
	}()
	g, gctx := errgroup.WithContext(ctx)
	defer func() { err = g.Wait() }()
	deliverAll(g, gctx, parcels)
	return printLabels()
}

// toldThere reads it where it is set.
func toldThere(ctx context.Context, parcels []parcel) error {
	var err error
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		if err = g.Wait(); err != nil {
			slog.Error("not delivered", "err", err)
		}
	}()
	deliverAll(g, gctx, parcels)
	return printLabels()
}

// walked has a walk that fails only if its callback does, and that never does.
func walked(root string) (names []string) {
	var g errgroup.Group
	g.Go(func() error {
		return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return fs.SkipDir
			}
			names = append(names, path)
			return nil
		})
	})
	g.Wait()
	return names
}

// walkedBy has a function of its own that does so.
func walkedBy(parcels []parcel) (n int) {
	var g errgroup.Group
	g.Go(func() error {
		return eachOf(parcels, func(parcel) error {
			n++
			return nil
		})
	})
	g.Wait()
	return n
}

func eachOf(parcels []parcel, do func(parcel) error) error {
	for _, p := range parcels {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// keptUnderLock has its errors kept by a literal that a helper runs.
func keptUnderLock(ctx context.Context, parcels []parcel) error {
	var mu sync.Mutex
	var errs []error
	g, gctx := errgroup.WithContext(ctx)
	for _, p := range parcels {
		g.Go(func() error {
			err := deliver(gctx, p)
			whileLocked(&mu, func() { errs = append(errs, err) })
			return err
		})
	}
	g.Wait()
	return errors.Join(errs...)
}

func whileLocked(mu *sync.Mutex, do func()) {
	mu.Lock()
	defer mu.Unlock()
	do()
}
