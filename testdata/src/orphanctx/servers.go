package orphanctx

import (
	"context"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/errgroup"
)

// ginRemind answers a request that comes by gin.
func (d *desk) ginRemind(c *gin.Context) {
	ctx := c.Request.Context()
	go func() {
		_ = d.remind(ctx) // want `orphanctx: goroutine calls d\.remind with ctx, which is cancelled when desk\.ginRemind returns`
	}()
}

// ginRemindLater gives the goroutine a context of its own.
func (d *desk) ginRemindLater(c *gin.Context) {
	ctx := context.WithoutCancel(c.Request.Context())
	go func() {
		_ = d.remind(ctx)
	}()
}

// inTasks starts a goroutine in each task, which the group does not wait for.
func (d *desk) inTasks(ctx context.Context, books []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			if b == "" {
				return nil
			}
			go func() {
				_ = d.books.Enter(gctx, b) // want `orphanctx: goroutine calls d\.books\.Enter with gctx, which is cancelled when g\.Wait returns`
			}()
			return nil
		})
	}
	return g.Wait()
}

// inTasksOnParent uses the caller's context, which lives on.
func (d *desk) inTasksOnParent(ctx context.Context, books []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			go d.books.Enter(ctx, b)
			return d.remind(gctx)
		})
	}
	return g.Wait()
}

// inTasksAwaited has tasks that wait for their goroutines.
func (d *desk) inTasksAwaited(ctx context.Context, books []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, b := range books {
		g.Go(func() error {
			done := make(chan error, 1)
			go func() { done <- d.books.Enter(gctx, b) }()
			return <-done
		})
	}
	return g.Wait()
}

// inTasksOfGroup starts the rest under the group too.
func (d *desk) inTasksOfGroup(ctx context.Context, books []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for _, b := range books {
			g.Go(func() error { return d.books.Enter(gctx, b) })
		}
		return nil
	})
	return g.Wait()
}
