package droppedwait

import (
	"context"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
)

// blank assigns the error to the blank variable and does not say why.
func blank(ctx context.Context, parcels []parcel) int {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels) // want +3 `droppedwait: the error of g\.Wait is dropped`
	delivered := len(parcels)

	_ = g.Wait()

	return delivered
}

// blankVar does so in a declaration.
func blankVar(ctx context.Context, parcels []parcel) int {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels) // want +3 `droppedwait: the error of g\.Wait is dropped`
	delivered := len(parcels)

	var _ = g.Wait()

	return delivered
}

// neverRead assigns the error to a variable that was read before, and not again.
func neverRead(ctx context.Context, parcels []parcel) error {
	err := printLabels()
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	err = g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return nil
}

// overwritten assigns the next error over it.
func overwritten(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	err := g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	err = printLabels()
	return err
}

// deferred defers the plain call.
func deferred(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	defer g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	deliverAll(g, gctx, parcels)
	return nil
}

// deferredLiteral waits in a deferred literal.
func deferredLiteral(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
		slog.Info("round over")
	}()
	deliverAll(g, gctx, parcels)
	return nil
}

// localError assigns it to a local variable of a defer, where nobody reads it.
func localError(ctx context.Context, parcels []parcel) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		err := g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
		_ = err
	}()
	deliverAll(g, gctx, parcels)
	return nil
}

// closer waits in a goroutine, and nobody asks for the error.
func closer(ctx context.Context, parcels []parcel) []int {
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
		g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
		close(delivered)
	}()
	var ids []int
	for id := range delivered {
		ids = append(ids, id)
	}
	return ids
}

// oneBranch drops it in one of two branches.
func oneBranch(ctx context.Context, parcels []parcel, strict bool) error {
	g, gctx := errgroup.WithContext(ctx)
	deliverAll(g, gctx, parcels)
	if strict {
		return g.Wait()
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return nil
}

// eachStreet drops it once for each street.
func eachStreet(ctx context.Context, streets [][]parcel) error {
	for _, parcels := range streets {
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(3)
		deliverAll(g, gctx, parcels)
		g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	}
	return nil
}

// plain has a group without a context.
func plain(parcels []parcel) int {
	var g errgroup.Group
	for range parcels {
		g.Go(printLabels)
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return len(parcels)
}

// pointer has a group made with new.
func pointer(parcels []parcel) int {
	g := new(errgroup.Group)
	for range parcels {
		g.Go(printLabels)
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return len(parcels)
}

// embedded waits through the promoted method.
func (d *depot) embedded() string {
	d.Go(printLabels)
	d.Go(func() error { return errNobodyHome })
	d.Wait() // want `droppedwait: the error of d\.Wait is dropped`
	return d.name
}

// inField has its group in a field.
func (v *van) inField(ctx context.Context, parcels []parcel) {
	var gctx context.Context
	v.loaders, gctx = errgroup.WithContext(ctx)
	deliverAll(v.loaders, gctx, parcels)
	v.loaders.Wait() // want `droppedwait: the error of v\.loaders\.Wait is dropped`
}

// elsewhere gets the group from its caller.
func elsewhere(g *errgroup.Group, ctx context.Context, parcels []parcel) {
	deliverAll(g, ctx, parcels)
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// methodValue waits through a method value.
func methodValue(ctx context.Context, parcels []parcel) int {
	g, gctx := errgroup.WithContext(ctx)
	wait := g.Wait
	deliverAll(g, gctx, parcels)
	wait() // not seen: the result of a method value is not followed
	return len(parcels)
}

// tryAgain drops what TryGo says.
func tryAgain(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, p := range parcels {
		g.TryGo(func() error { return deliver(gctx, p) }) // want `droppedwait: the result of g\.TryGo is dropped`
	}
	return g.Wait()
}

// tryBlank assigns it to the blank variable.
func tryBlank(ctx context.Context, parcels []parcel) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, p := range parcels {
		run := func() error { return deliver(gctx, p) } // want +2 `droppedwait: the result of g\.TryGo is dropped`

		_ = g.TryGo(run)

	}
	return g.Wait()
}

// mapped is generic.
func mapped[T, R any](items []T, convert func(T) (R, error)) []R {
	results := make([]R, len(items))
	var g errgroup.Group
	for i, item := range items {
		g.Go(func() (err error) {
			results[i], err = convert(item)
			return err
		})
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return results
}

// someFail has one task that never fails and one that may.
func someFail(p parcel) {
	var g errgroup.Group
	g.Go(func() error { return weigh(p) })
	g.Go(printLabels)
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
}

// countedByHelper keeps only how many there were.
func countedByHelper(ctx context.Context, parcels []parcel) int {
	g, gctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	delivered := 0
	for _, p := range parcels {
		g.Go(func() error {
			err := deliver(gctx, p)
			if err == nil {
				underLock(&mu, func() { delivered++ })
			}
			return err
		})
	}
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return delivered
}

// tooLate stores the error when what is returned has been computed already.
func tooLate(ctx context.Context, parcels []parcel) error {
	var err error
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		err = g.Wait() // want `droppedwait: the error of g\.Wait is dropped; a failed task looks like success`
	}()
	deliverAll(g, gctx, parcels)
	err = printLabels()
	return err
}

// tooLateAsked asks first, and is too late all the same.
func tooLateAsked(ctx context.Context, parcels []parcel) error {
	var err error
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		if werr := g.Wait(); werr != nil && err == nil { // want `droppedwait: the error of g\.Wait is dropped`
			err = werr
		}
	}()
	deliverAll(g, gctx, parcels)
	if err = printLabels(); err != nil {
		return err
	}
	return err
}

// walkedBadly has a walk whose callback can fail.
func walkedBadly(ctx context.Context, root string) (names []string) {
	var g errgroup.Group
	g.Go(func() error {
		return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			names = append(names, path)
			return err
		})
	})
	g.Wait() // want `droppedwait: the error of g\.Wait is dropped`
	return names
}
