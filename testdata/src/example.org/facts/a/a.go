// Package a has helpers over groups, contexts, channels and functions. What
// they do can only be known in package b through facts.
package a

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

type episodeKey struct{}

// Fetch gets one episode; it ends when ctx does.
func Fetch(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// FetchTwice passes its context on.
func FetchTwice(ctx context.Context, url string) error {
	if err := Fetch(ctx, url); err != nil {
		return err
	}
	return Fetch(ctx, url)
}

// Note only logs.
func Note(ctx context.Context, url string) {
	slog.InfoContext(ctx, "episode", "url", url, "number", Number(ctx))
}

// Number only reads a value.
func Number(ctx context.Context) int {
	n, _ := ctx.Value(episodeKey{}).(int)
	return n
}

// Checked looks like Fetch and ignores its context: it only computes.
func Checked(ctx context.Context, url string) (int, error) { // want Checked:`^0 values$`
	if url == "" {
		return 0, http.ErrNoLocation
	}
	return len(url), nil
}

// Start starts a task for each URL under g.
func Start(g *errgroup.Group, ctx context.Context, urls []string) { // want Start:`^0 spawns\+fails\+loops, 1 in tasks$`
	for _, url := range urls {
		g.Go(func() error { return Fetch(ctx, url) })
	}
}

// Each starts fn n times under g.
func Each(g *errgroup.Group, n int, fn func() error) { // want Each:`^0 spawns\+fails\+loops, 2 spawns$`
	for range n {
		g.Go(fn)
	}
}

// StartCounted starts a task under wg.
func StartCounted(wg *sync.WaitGroup, url string) { // want StartCounted:`^0 spawns$`
	wg.Add(1)
	go func() {
		defer wg.Done()
		slog.Info("counted", "url", url)
	}()
}

// Fetcher returns a task.
func Fetcher(ctx context.Context, url string) func() error {
	return func() error { return Fetch(ctx, url) }
}

// Finish waits for g.
func Finish(g *errgroup.Group) error { // want Finish:`^0 waits$`
	return g.Wait()
}

// WaitAll waits for wg.
func WaitAll(wg *sync.WaitGroup) { // want WaitAll:`^0 waits$`
	wg.Wait()
}

// CloseAfter closes out when all tasks of wg are done.
func CloseAfter(wg *sync.WaitGroup, out chan int) { // want CloseAfter:`^0 stores, 1 stores$`
	go func() {
		wg.Wait()
		close(out)
	}()
}

// Bound limits g and does not wait.
func Bound(g *errgroup.Group) { // want Bound:`^0 limits$`
	g.SetLimit(8)
}

// A Hall keeps groups until it is emptied.
type Hall struct {
	groups []*errgroup.Group
	last   *errgroup.Group
}

// Keep stores g.
func (h *Hall) Keep(g *errgroup.Group) {
	h.groups = append(h.groups, g)
}

// Empty waits for all groups.
func (h *Hall) Empty() (err error) {
	for _, g := range h.groups {
		if waitErr := g.Wait(); err == nil {
			err = waitErr
		}
	}
	return err
}

// NewGroup returns a group and the context that dies with it.
func NewGroup(ctx context.Context) (*errgroup.Group, context.Context) { // want NewGroup:`^0 watches, result 1 context of group 0$`
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	return g, gctx
}

// Detach takes the cancellation off.
func Detach(ctx context.Context) context.Context { // want Detach:`^0 values, result 0 never ends$`
	return context.WithoutCancel(ctx)
}

// Trace derives a context with a value.
func Trace(ctx context.Context) context.Context { // want Trace:`^0 values, result 0 from 0$`
	return context.WithValue(ctx, episodeKey{}, 1)
}

// Short derives a context with a time limit.
func Short(ctx context.Context) (context.Context, context.CancelFunc) { // want Short:`^0 values, result 0 from 0$`
	return context.WithTimeout(ctx, time.Second)
}

// Fresh returns a new channel with room for n.
func Fresh(n int) chan int {
	return make(chan int, n)
}

// Drain receives until c is closed.
func Drain(c <-chan int) { // want Drain:`^0 receives$`
	for range c {
	}
}

// Feed sends n values unless ctx ends first; it fails for no other reason.
func Feed(ctx context.Context, c chan<- int, n int) error { // want Feed:`^0 watches\+errof, 1 sends$`
	for i := range n {
		select {
		case c <- i:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Push sends one value, come what may.
func Push(c chan<- int, v int) { // want Push:`^0 sends$`
	c <- v
}

// Turn waits for a turn; it fails only when ctx ends.
func Turn(ctx context.Context, sem *semaphore.Weighted) error {
	return sem.Acquire(ctx, 1)
}

// AlwaysNil has an error result by contract only.
func AlwaysNil() error {
	slog.Info("nothing to do")
	return nil
}

// Sometimes fails at times.
func Sometimes() error {
	if time.Now().Second() == 0 {
		return http.ErrServerClosed
	}
	return nil
}

// A Job fetches on the context that it holds.
type Job struct {
	Ctx context.Context
	URL string
}

// Run does the job.
func (j *Job) Run() error {
	return Fetch(j.Ctx, j.URL)
}
