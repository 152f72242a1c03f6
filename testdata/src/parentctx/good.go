package parentctx

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// shadowed uses one name for both; in the tasks it is the group's.
func shadowed(ctx context.Context, stations []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error { return refresh(ctx, station) })
	}
	return g.Wait()
}

// capturedBefore makes the task before ctx is assigned; when it runs, ctx is the group's.
func capturedBefore(ctx context.Context, url string) error {
	whole := func() error { return download(ctx, url) }
	g, ctx := errgroup.WithContext(ctx)
	g.Go(whole)
	g.Go(func() error { return download(ctx, url+"/index") })
	return g.Wait()
}

// rebound assigns the derived context to ctx before the tasks start.
func rebound(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	ctx = gctx
	g.Go(func() error { return download(ctx, url+"/wind") })
	g.Go(func() error { return download(ctx, url+"/rain") })
	return g.Wait()
}

// derivedInTask derives from the group's context in the task.
func derivedInTask(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			ctx, cancel := context.WithTimeout(gctx, time.Minute)
			defer cancel()
			ctx = context.WithValue(ctx, traceKey{}, station)
			return refresh(ctx, station)
		})
	}
	return g.Wait()
}

// derivedByHelper derives from the group's context with a function of the package.
func derivedByHelper(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	traced := withTrace(gctx, url)
	g.Go(func() error { return download(traced, url) })
	g.Go(func() error { return download(withTrace(gctx, "index"), url+"/index") })
	return g.Wait()
}

// requestObject carries the group's context in a request.
func requestObject(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		req, err := http.NewRequestWithContext(gctx, http.MethodGet, url, nil)
		if err != nil {
			g.Go(func() error { return err })
			break
		}
		g.Go(func() error {
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return g.Wait()
}

// ownParameter has a task body whose parameter has the parent's name.
func ownParameter(ctx context.Context, url string) error {
	body := func(ctx context.Context, part string) error {
		return download(ctx, url+part)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return body(gctx, "/wind") })
	g.Go(func() error { return body(gctx, "/rain") })
	return g.Wait()
}

// deferredCleanup undoes with the parent, whatever became of the group.
func deferredCleanup(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			defer func() { _ = deregister(ctx, station) }()
			return refresh(gctx, station)
		})
	}
	return g.Wait()
}

// directDefer is the same without a literal.
func directDefer(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			defer deregister(ctx, station)
			return refresh(gctx, station)
		})
	}
	return g.Wait()
}

// undoAfterFailure rolls back with the parent once the work failed.
func undoAfterFailure(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			if err := refresh(gctx, station); err != nil {
				if undo := deregister(ctx, station); undo != nil {
					return fmt.Errorf("%w (and %v)", err, undo)
				}
				return err
			}
			return nil
		})
	}
	return g.Wait()
}

// rollback ends a transaction after a failed statement, with time of its own.
func rollback(ctx context.Context, db *sql.DB, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			_, err := db.ExecContext(gctx, "INSERT INTO readings VALUES (?)", station)
			if err != nil {
				undo, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				_, _ = db.ExecContext(undo, "DELETE FROM readings WHERE station = ?", station)
			}
			return err
		})
	}
	return g.Wait()
}

// serve shuts its server down with the parent after the group's context ended.
func serve(ctx context.Context, srv *http.Server, feed string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		<-gctx.Done()
		return srv.Shutdown(ctx)
	})
	g.Go(srv.ListenAndServe)
	g.Go(func() error { return download(gctx, feed) })
	return g.Wait()
}

// serveWithGrace does so with a time limit that is not the parent's.
func serveWithGrace(ctx context.Context, srv *http.Server) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(srv.ListenAndServe)
	g.Go(func() error {
		<-gctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return srv.Shutdown(grace)
	})
	return g.Wait()
}

// undoInSelect cleans up in the branch that the group's end opens.
func undoInSelect(ctx context.Context, station string, ticks <-chan time.Time) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			select {
			case <-gctx.Done():
				return deregister(ctx, station)
			case <-ticks:
			}
		}
	})
	g.Go(func() error { return refresh(gctx, station) })
	return g.Wait()
}

// show draws one reading; it is slow, and it ends early with ctx.
func show(ctx context.Context, r reading) error {
	slog.InfoContext(ctx, "reading", "station", r.station, "celsius", r.celsius)
	return pause(ctx, 10*time.Millisecond)
}

// display has a task that must show what is left after a failure, so it keeps the parent.
func display(ctx context.Context, lines []string) error {
	readings := make(chan reading)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(readings)
		for _, line := range lines {
			r, err := parse(line)
			if err != nil {
				return err
			}
			select {
			case readings <- r:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for r := range readings {
			if err := show(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// spawnerAcquires waits in the spawner with the parent: the derived context would hide the cause.
func spawnerAcquires(ctx context.Context, sem *semaphore.Weighted, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		if err := sem.Acquire(ctx, 1); err != nil {
			g.Go(func() error { return err })
			break
		}
		g.Go(func() error {
			defer sem.Release(1)
			return refresh(gctx, station)
		})
	}
	return g.Wait()
}

// shielded writes the audit line whatever happens, and says so.
func shielded(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := download(gctx, url); err != nil {
			return err
		}
		return download(context.WithoutCancel(ctx), url+"/audit")
	})
	g.Go(func() error { return pause(gctx, time.Second) })
	return g.Wait()
}

// shieldedBefore makes the shielded context in the spawner.
func shieldedBefore(ctx context.Context, url string) error {
	audit := context.WithoutCancel(ctx)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(audit, url+"/audit") })
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// readsOnly takes values from the parent, and logs with it.
func readsOnly(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			slog.InfoContext(ctx, "refresh", "trace", traceID(ctx))
			logStart(ctx, station)
			if id := ctx.Value(traceKey{}); id != nil {
				slog.DebugContext(ctx, "traced", "id", id)
			}
			return refresh(gctx, station)
		})
	}
	return g.Wait()
}

// plainGroup has no derived context, so the parent is the only one there is.
func plainGroup(ctx context.Context, stations []string) error {
	var g errgroup.Group
	for _, station := range stations {
		g.Go(func() error { return refresh(ctx, station) })
	}
	return g.Wait()
}

// newPlainGroup is the same with new.
func newPlainGroup(ctx context.Context, stations []string) error {
	g := new(errgroup.Group)
	g.SetLimit(3)
	for _, station := range stations {
		g.Go(func() error { return refresh(ctx, station) })
	}
	return g.Wait()
}

// waitGroup has no group context either.
func waitGroup(ctx context.Context, stations []string) []error {
	errs := make([]error, len(stations))
	var wg sync.WaitGroup
	for i, station := range stations {
		wg.Go(func() { errs[i] = refresh(ctx, station) })
	}
	wg.Wait()
	return errs
}

// background starts a goroutine that is no task of the group.
func background(ctx context.Context, url string) error {
	warm := make(chan error, 1)
	go func() { warm <- download(ctx, url+"/cache") }()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(gctx, url+"/wind") })
	g.Go(func() error { return download(gctx, url+"/rain") })
	if err := g.Wait(); err != nil {
		return err
	}
	return <-warm
}

// afterWait uses the parent after the group is done.
func afterWait(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(gctx, url+"/wind") })
	g.Go(func() error { return download(gctx, url+"/rain") })
	if err := g.Wait(); err != nil {
		return err
	}
	return download(ctx, url+"/done")
}

// queueDownloads does not know whether ctx is the group's: its callers do.
func queueDownloads(g *errgroup.Group, ctx context.Context, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return download(ctx, url) })
	}
}

// handsBothOn calls helpers with the group and its context.
func handsBothOn(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	queueDownloads(g, gctx, urls)
	startDownload(g, gctx, "https://stations.example/index")
	g.Go(downloader(gctx, "https://stations.example/map"))
	return g.Wait()
}

// fieldOfDerived keeps the group's context in the receivers of its tasks.
func fieldOfDerived(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		p := &prober{ctx: gctx, station: station}
		g.Go(p.probe)
	}
	return g.Wait()
}

type prober struct {
	ctx     context.Context
	station string
}

func (p *prober) probe() error {
	return refresh(p.ctx, p.station)
}

// fieldReplaced sets the field to the parent first, and to the derived one before the start.
func fieldReplaced(ctx context.Context, url string) error {
	job := transfer{ctx: ctx, url: url}
	g, gctx := errgroup.WithContext(ctx)
	job.ctx = gctx
	g.Go(func() error { return download(job.ctx, job.url) })
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// eitherOne chooses the context by a flag: nothing can be said.
func eitherOne(ctx context.Context, url string, independent bool) error {
	g, gctx := errgroup.WithContext(ctx)
	use := gctx
	if independent {
		use = ctx
	}
	g.Go(func() error { return download(use, url+"/wind") })
	g.Go(func() error { return download(gctx, url+"/rain") })
	return g.Wait()
}

// stationContext is a context of the package's own; it dies with the one it holds.
type stationContext struct {
	context.Context
	station string
}

// ownContextType wraps the group's context.
func ownContextType(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		sctx := stationContext{Context: gctx, station: station}
		g.Go(func() error { return refresh(sctx, sctx.station) })
	}
	return g.Wait()
}

// nested has an inner group that derives from the outer one.
func nested(ctx context.Context, regions map[string][]string) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, stations := range regions {
		outer.Go(func() error {
			inner, ictx := errgroup.WithContext(octx)
			for _, station := range stations {
				inner.Go(func() error { return refresh(ictx, station) })
			}
			return inner.Wait()
		})
	}
	return outer.Wait()
}

// twoGroups runs one group after the other, each on a context of its own.
func twoGroups(ctx context.Context, stations []string) error {
	read, rctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		read.Go(func() error { return refresh(rctx, station) })
	}
	if err := read.Wait(); err != nil {
		return err
	}
	publish, pctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		publish.Go(func() error { return download(pctx, station) })
	}
	return publish.Wait()
}

// cancelsParent stops the parent itself when a task fails, before the group hears of it.
func cancelsParent(ctx context.Context, url string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		err := download(gctx, url+"/wind")
		if err != nil {
			cancel()
		}
		return err
	})
	g.Go(func() error {
		err := download(ctx, url+"/rain")
		if err != nil {
			cancel()
		}
		return err
	})
	return g.Wait()
}

// noSibling has one task only: nobody else can fail.
func noSibling(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		logStart(gctx, url)
		return download(ctx, url)
	})
	return g.Wait()
}

// visitAll is generic, and right.
func visitAll[K comparable, V any](ctx context.Context, m map[K]V, visit func(context.Context, K, V) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for k, v := range m {
		g.Go(func() error { return visit(gctx, k, v) })
	}
	return g.Wait()
}

// failingStation returns errors of its own, with no context in sight.
func failingStation(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(gctx, url) })
	g.Go(func() error { return errStorm })
	return g.Wait()
}
