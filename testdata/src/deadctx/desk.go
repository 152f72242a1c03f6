package deadctx

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A desk lends as long as it is open.
type desk struct {
	g    *errgroup.Group
	ctx  context.Context
	stop context.CancelFunc
}

func openDesk(ctx context.Context) *desk {
	ctx, stop := context.WithCancel(ctx)
	g, gctx := errgroup.WithContext(ctx)
	return &desk{g: g, ctx: gctx, stop: stop}
}

func (d *desk) close() error {
	d.stop()
	return d.g.Wait()
}

func (d *desk) lend(title string) error {
	g, gctx := errgroup.WithContext(d.ctx)
	g.Go(func() error { return post(gctx, title) })
	return g.Wait()
}

// lendLate wants a book of a desk that it has closed.
func lendLate(ctx context.Context, title string) error {
	d := openDesk(ctx)
	d.g.Go(func() error { return post(d.ctx, title) })
	if err := d.close(); err != nil {
		return err
	}
	return d.lend(title) // want `deadctx: d.ctx is already cancelled here; g.Wait cancelled it, on success too`
}
