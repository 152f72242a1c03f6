package defaults

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// answer has a task that only waits for the end of the program when the server fails.
func answer(ctx context.Context, s *http.Server) error {
	var g errgroup.Group // want `nofailfast: g has no context; when one task fails another goes on until ctx ends, and g\.Wait does not return`
	g.Go(s.ListenAndServe)
	g.Go(func() error {
		<-ctx.Done()
		return s.Shutdown(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

// ring knocks at the other doors for nothing.
func ring(ctx context.Context, doors []string) error {
	var g errgroup.Group
	for _, door := range doors {
		g.Go(func() error { return knock(ctx, door) })
	}
	return g.Wait()
}

// A hall ends its context when it is closed.
type hall interface {
	Context() context.Context
	Close() error
}

// hire has a context that the task beside it ends, in a way that is not seen.
func hire(h hall, s *http.Server) error {
	ctx := h.Context()
	var g errgroup.Group
	g.Go(func() error {
		defer h.Close()
		return s.ListenAndServe()
	})
	g.Go(func() error {
		<-ctx.Done()
		return nil
	})
	return g.Wait()
}
