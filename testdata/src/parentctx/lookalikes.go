package parentctx

import (
	"context"
	"log/slog"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, each beside the case that differs in one point.

// A pool is somebody else's code.
type pool interface {
	Once(ctx context.Context, key string, f func(context.Context) error) error
	Boot(ctx, lasting context.Context, key string) error
	Keys(ctx context.Context) <-chan string
	Feed(ctx context.Context, g *errgroup.Group)
	Wrap(ctx context.Context, task func(context.Context) error) func() error
}

// bothGiven passes the parent beside the group's context: the callee knows which is for what.
func bothGiven(ctx context.Context, p pool, urls []string) error {
	lasting := ctx
	g, ctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error { return p.Boot(ctx, lasting, url) })
	}
	return g.Wait()
}

// calledBack gets its context from the call, which has the group's.
func calledBack(ctx context.Context, p pool, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			return p.Once(gctx, url, func(ctx context.Context) error { return download(ctx, url) })
		})
	}
	return g.Wait()
}

// calledBackParent reaches past the callback's context to the parent.
func calledBackParent(ctx context.Context, p pool, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			return p.Once(gctx, url, func(context.Context) error {
				return download(ctx, url) // want `parentctx: task uses ctx\b`
			})
		})
	}
	return g.Wait()
}

// lister ranges over what somebody sends for as long as the context lives.
func lister(ctx context.Context, p pool) error {
	g, gctx := errgroup.WithContext(ctx)
	keys := make(chan string)
	g.Go(func() error {
		defer close(keys)
		for key := range p.Keys(ctx) { // want `parentctx: task uses ctx\b`
			select {
			case keys <- key:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for key := range keys {
			if err := download(gctx, key); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// fedElsewhere has its other tasks started by code that is not seen.
func fedElsewhere(ctx context.Context, p pool, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	p.Feed(gctx, g)
	g.Go(func() error { return download(ctx, url) }) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// wrapped binds the parent to a task of somebody else's making.
func wrapped(ctx context.Context, p pool, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(p.Wrap(ctx, func(ctx context.Context) error { return download(ctx, url) })) // want `parentctx: task uses ctx\b`
	}
	g.Go(p.Wrap(gctx, func(ctx context.Context) error { return download(ctx, "index") }))
	return g.Wait()
}

// A fetcher holds the context of its options.
type fetcher struct{ ctx context.Context }

func (f *fetcher) one(url string) error { return download(f.ctx, url) }

// A setting changes options.
type setting func(*settings)

type settings struct{ ctx context.Context }

// withContext sets the context.
func withContext(ctx context.Context) setting {
	return func(s *settings) { s.ctx = ctx }
}

func newSettings(change []setting) *settings {
	s := &settings{ctx: context.Background()}
	for _, c := range change {
		c(s)
	}
	return s
}

// fromSettings derives the group from the settings' context and fetches with it.
func fromSettings(urls []string, change ...setting) error {
	s := newSettings(change)
	f := fetcher{ctx: s.ctx}
	g, gctx := errgroup.WithContext(s.ctx)
	for _, url := range urls {
		g.Go(func() error { return f.one(url) }) // want `parentctx: task uses .*ctx\b`
	}
	g.Go(func() error { return download(gctx, "index") })
	return g.Wait()
}

// reacting serves on a lasting context, which it ends itself when the group fails.
func reacting(p pool, urls []string) error {
	lasting, end := context.WithCancel(context.Background())
	defer end()
	g, gctx := errgroup.WithContext(lasting)
	g.Go(func() error { return download(lasting, "serve") })
	for _, url := range urls {
		g.Go(func() error { return download(gctx, url) })
	}
	<-gctx.Done()
	end()
	return g.Wait()
}

// notReacting serves on it and waits.
func notReacting(p pool, urls []string) error {
	lasting, end := context.WithCancel(context.Background())
	defer end()
	g, gctx := errgroup.WithContext(lasting)
	g.Go(func() error { return download(lasting, "serve") }) // want `parentctx: task uses lasting\b`
	for _, url := range urls {
		g.Go(func() error { return download(gctx, url) })
	}
	return g.Wait()
}

// A sender keeps the context of its making beside the one that each call is given.
type sender struct{ lasting context.Context }

// once and given send a request each, on either context.
func (s *sender) once(url string) error { return send(s.lasting, url) }

func (s *sender) given(ctx context.Context, url string) error {
	if err := send(ctx, url); err != nil {
		return err
	}
	return send(s.lasting, url+"/receipt")
}

// send carries its context in the request.
func send(ctx context.Context, url string) error {
	req, err := http.NewRequest(http.MethodPost, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// keptContext sends on the context that the sender keeps.
func keptContext(ctx context.Context, urls []string) error {
	s := sender{lasting: ctx}
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error { return s.once(url) }) // want `parentctx: task uses ctx\b`
		g.Go(func() error { return send(gctx, url) })
	}
	return g.Wait()
}

// givenContext gives the group's; the receipt is sent on the sender's own, knowing both.
func givenContext(ctx context.Context, urls []string) error {
	s := sender{lasting: ctx}
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error { return s.given(gctx, url) })
	}
	return g.Wait()
}

// An order is passed by value; its context can be replaced in the copy.
type order struct {
	ctx context.Context
	url string
}

func place(o order, n int) error { return download(o.ctx, o.url) }

func (o order) on(ctx context.Context) order { o.ctx = ctx; return o }

// replaced puts the group's context in the order before the tasks take it.
func replaced(o order, n int) error {
	g, gctx := errgroup.WithContext(o.ctx)
	o.ctx = gctx
	for i := range n {
		g.Go(func() error { return place(o, i) })
		g.Go(func() error { return place(o.on(gctx), i) })
	}
	return g.Wait()
}

// notReplaced leaves it.
func notReplaced(o order, n int) error {
	g, gctx := errgroup.WithContext(o.ctx)
	for i := range n {
		g.Go(func() error { return place(o, i) }) // want `parentctx: task uses o\.ctx\b`
		g.Go(func() error { return download(gctx, "index") })
	}
	return g.Wait()
}

// toldBySibling ends when the sibling is done, whatever came of it.
func toldBySibling(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	done := make(chan struct{})
	g.Go(func() error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-done:
			return nil
		}
	})
	g.Go(func() error {
		defer close(done)
		return download(gctx, url)
	})
	return g.Wait()
}

// watched has a goroutine that ends the tasks' context when the group fails.
func watched(parent context.Context, urls []string) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	go func() {
		<-gctx.Done()
		cancel()
	}()
	for _, url := range urls {
		g.Go(func() error { return download(ctx, url) })
	}
	return g.Wait()
}

// stoppedBySibling has one task stop the other's context when it ends.
func stoppedBySibling(ctx context.Context, url string) error {
	own, stop := context.WithCancel(ctx)
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(own, url) })
	g.Go(func() error {
		defer stop()
		return download(gctx, url)
	})
	return g.Wait()
}

// afterGroup registers the stop.
func afterGroup(ctx context.Context, url string) error {
	own, stop := context.WithCancel(ctx)
	g, gctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(gctx, stop)()
	g.Go(func() error { return download(own, url) })
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// ofRequest takes the request's context twice; it is the same one.
func ofRequest(r *http.Request, urls []string) error {
	g, gctx := errgroup.WithContext(r.Context())
	for _, url := range urls {
		g.Go(func() error { return download(r.Context(), url) }) // want `parentctx: task uses r\.Context\(\)`
	}
	g.Go(func() error { return download(gctx, "index") })
	return g.Wait()
}

// ofOwnRequest has the request carry the group's.
func ofOwnRequest(r *http.Request, urls []string) error {
	g, gctx := errgroup.WithContext(r.Context())
	r = r.WithContext(gctx)
	for _, url := range urls {
		g.Go(func() error { return download(r.Context(), url) })
	}
	return g.Wait()
}

// A registry knows who asks.
type registry interface {
	Owner(ctx context.Context) (string, error)
}

type ownerKey struct{}

// labelled gives a context with a label in it; all that it asks for is the label.
func labelled(ctx context.Context, r registry) context.Context {
	if owner, err := r.Owner(ctx); err == nil {
		ctx = context.WithValue(ctx, ownerKey{}, owner)
	}
	return ctx
}

// owned asks for the same and can fail.
func owned(ctx context.Context, r registry) (string, error) {
	return r.Owner(ctx)
}

// labelledTasks label the parent's context on purpose: it is what lasts.
func labelledTasks(ctx context.Context, r registry, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			lasting := labelled(ctx, r)
			if err := download(gctx, url); err != nil {
				return err
			}
			_ = lasting.Value(ownerKey{})
			return nil
		})
	}
	return g.Wait()
}

// ownedTasks wait for the answer on the parent's context.
func ownedTasks(ctx context.Context, r registry, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			owner, err := owned(ctx, r) // want `parentctx: task uses ctx, which does not die when g fails; owned goes on after a sibling failed`
			if err != nil {
				return err
			}
			return download(gctx, url+owner)
		})
	}
	return g.Wait()
}

// tellsAgain says after each failed attempt that there will be another one; whether there
// is, the number decides.
func tellsAgain(ctx context.Context, stations []string, tell func(context.Context, string) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			var err error
			for range 3 {
				if err = refresh(gctx, station); err == nil {
					return nil
				}
				if terr := tell(ctx, station); terr != nil {
					slog.Warn("not told", "station", station, "err", terr)
				}
			}
			return err
		})
	}
	return g.Wait()
}
