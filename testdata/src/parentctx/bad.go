package parentctx

import (
	"context"
	"database/sql"
	"net"
	"os/exec"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// literalInLoop starts a task for each station; the loop variable is per iteration.
func literalInLoop(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			return refresh(ctx, station) // want `parentctx: task uses ctx\b`
		})
	}
	g.Go(func() error { return pause(gctx, time.Second) })
	return g.Wait()
}

// taskInVariable keeps the task in a variable first.
func taskInVariable(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	satellite := func() error {
		return download(ctx, url) // want `parentctx: task uses ctx\b`
	}
	g.Go(satellite)
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// firstUseOnly has two uses in one task: one finding, at the first.
func firstUseOnly(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := pause(ctx, time.Second); err != nil { // want `parentctx: task uses ctx\b`
			return err
		}
		return download(ctx, url)
	})
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// twoSites has two wrong tasks of one group: one finding each.
func twoSites(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(ctx, url+"/wind") }) // want `parentctx: task uses ctx\b`
	g.Go(func() error { return download(ctx, url+"/rain") }) // want `parentctx: task uses ctx\b`
	g.Go(func() error { return download(gctx, url+"/snow") })
	return g.Wait()
}

// madeByFunction gets its first task from a function that binds ctx.
func madeByFunction(ctx context.Context, url string) error {
	bind := func(c context.Context) func() error {
		return func() error {
			return download(c, url) // want `parentctx: task uses c\b`
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return bind(ctx)() })
	g.Go(bind(gctx))
	return g.Wait()
}

// madeByDeclared does so with a declared function that others call rightly; the wrong context is chosen here.
func madeByDeclared(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(downloader(ctx, url)) // want `parentctx: task uses ctx\b`
	g.Go(downloader(gctx, url+"/index"))
	return g.Wait()
}

// sharedStarter starts both tasks through a local helper.
func sharedStarter(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(station string) {
		g.Go(func() error {
			return refresh(ctx, station) // want `parentctx: task uses ctx\b`
		})
	}
	for _, station := range stations {
		start(station)
	}
	g.Go(func() error { return pause(gctx, time.Minute) })
	return g.Wait()
}

// starterWithBody hands the context to whatever task it is given.
func starterWithBody(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	start := func(body func(context.Context) error) {
		g.Go(func() error { return body(ctx) }) // want `parentctx: task uses ctx\b`
	}
	start(func(ctx context.Context) error { return download(ctx, url+"/wind") })
	start(func(ctx context.Context) error { return download(ctx, url+"/rain") })
	g.Go(func() error { return pause(gctx, time.Minute) })
	return g.Wait()
}

// handsGroupOn has another function start the task; the wrong context is chosen here.
func handsGroupOn(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	startDownload(g, gctx, url+"/wind")
	startDownload(g, ctx, url+"/rain") // want `parentctx: task uses ctx\b`
	return g.Wait()
}

// groupFromHelper gets group and context from a function of the package.
func groupFromHelper(ctx context.Context, stations []string) error {
	g, gctx := newGroup(ctx, 4)
	for _, station := range stations {
		g.Go(func() error {
			logStart(gctx, station)
			return refresh(ctx, station) // want `parentctx: task uses ctx\b`
		})
	}
	g.Go(func() error { return pause(gctx, time.Second) })
	return g.Wait()
}

// innerBlock makes the first task before the inner ctx exists, so it holds the outer one.
func innerBlock(ctx context.Context, url string, wide bool) error {
	whole := func() error {
		return download(ctx, url) // want `parentctx: task uses ctx\b`
	}
	if wide {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(whole)
		g.Go(func() error { return download(ctx, url+"/index") })
		return g.Wait()
	}
	return whole()
}

// savedParent keeps the parent under another name before ctx is assigned.
func savedParent(ctx context.Context, url string) error {
	parent := ctx
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(ctx, url+"/wind") })
	g.Go(func() error { return download(parent, url+"/rain") }) // want `parentctx: task uses parent\b`
	return g.Wait()
}

// restored assigns the parent back before the second task starts.
func restored(parent context.Context, url string) error {
	ctx := parent
	g, ctx := errgroup.WithContext(ctx)
	gctx := ctx
	g.Go(func() error { return download(gctx, url+"/wind") })
	ctx = parent
	g.Go(func() error { return download(ctx, url+"/rain") }) // want `parentctx: task uses ctx\b`
	return g.Wait()
}

type transfer struct {
	ctx context.Context
	url string
}

// throughLocalStruct carries the parent in a field of a local struct.
func throughLocalStruct(ctx context.Context, url string) error {
	job := transfer{ctx: ctx, url: url}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return download(job.ctx, job.url) // want `parentctx: task uses job\.ctx\b`
	})
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

type collector struct {
	ctx     context.Context
	station string
}

func (c *collector) collect() error {
	return refresh(c.ctx, c.station) // want `parentctx: task uses c\.ctx\b`
}

// methodValue runs a method whose receiver holds the parent.
func methodValue(ctx context.Context, station string) error {
	c := &collector{ctx: ctx, station: station}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(c.collect)
	g.Go(func() error { return download(gctx, station+"/index") })
	return g.Wait()
}

// shortTimeout derives the task's context from the parent.
func shortTimeout(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		tctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		return download(tctx, url) // want `parentctx: task uses tctx\b`
	})
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// tracedParent derives from the parent in the spawner, through a helper.
func tracedParent(ctx context.Context, url string) error {
	traced := withTrace(ctx, url)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return download(traced, url) }) // want `parentctx: task uses traced\b`
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// selectOnParent waits for the parent's end only.
func selectOnParent(ctx context.Context, url string, readings chan<- reading) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		select {
		case readings <- reading{station: url}:
			return nil
		case <-ctx.Done(): // want `parentctx: task uses ctx\b`
			return ctx.Err()
		}
	})
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// pollLoop looks at the parent once a tick.
func pollLoop(ctx context.Context, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			if err := pause(ctx, time.Second); err != nil { // want `parentctx: task uses ctx\b`
				return err
			}
			if err := refresh(gctx, stations[0]); err != nil {
				return err
			}
		}
	})
	g.Go(func() error { return refresh(gctx, stations[1]) })
	return g.Wait()
}

// command starts a process that only the parent can stop.
func command(ctx context.Context, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return exec.CommandContext(ctx, "gribtool", "-v", url).Run() // want `parentctx: task uses ctx\b`
	})
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// query runs a query that only the parent can stop.
func query(ctx context.Context, db *sql.DB, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		rows, err := db.QueryContext(ctx, "SELECT station FROM readings") // want `parentctx: task uses ctx\b`
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
		}
		return rows.Err()
	})
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// dial connects on the parent although the rest of the task is right.
func dial(ctx context.Context, addr, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", addr) // want `parentctx: task uses ctx\b`
		if err != nil {
			return err
		}
		return conn.Close()
	})
	g.Go(func() error { return download(gctx, url) })
	return g.Wait()
}

// acquireInTask waits for its turn with the parent, inside the task.
func acquireInTask(ctx context.Context, sem *semaphore.Weighted, stations []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			if err := sem.Acquire(ctx, 1); err != nil { // want `parentctx: task uses ctx\b`
				return err
			}
			defer sem.Release(1)
			return refresh(gctx, station)
		})
	}
	return g.Wait()
}

// innerGroup has a group within a task of a group; the inner task runs on the outer context.
func innerGroup(ctx context.Context, url string) error {
	outer, octx := errgroup.WithContext(ctx)
	outer.Go(func() error {
		inner, ictx := errgroup.WithContext(octx)
		inner.Go(func() error { return download(ictx, url+"/wind") })
		inner.Go(func() error { return download(octx, url+"/rain") }) // want `parentctx: task uses octx\b`
		return inner.Wait()
	})
	outer.Go(func() error { return download(octx, url) })
	return outer.Wait()
}

// tryGo starts the wrong task with TryGo.
func tryGo(ctx context.Context, url string) (bool, error) {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	g.Go(func() error { return download(gctx, url) })
	started := g.TryGo(func() error {
		return download(ctx, url+"/forecast") // want `parentctx: task uses ctx\b`
	})
	return started, g.Wait()
}

// each is generic in what it walks over.
func each[T any](ctx context.Context, items []T, visit func(context.Context, T) error) error {
	g, gctx := errgroup.WithContext(ctx)
	for i := range items {
		g.Go(func() error {
			if err := pause(gctx, time.Millisecond); err != nil {
				return err
			}
			return visit(ctx, items[i]) // want `parentctx: task uses ctx\b`
		})
	}
	return g.Wait()
}

type network struct {
	group *errgroup.Group
	urls  []string
}

// sweep keeps its group in a field.
func (n *network) sweep(ctx context.Context) error {
	var gctx context.Context
	n.group, gctx = errgroup.WithContext(ctx)
	for _, url := range n.urls {
		n.group.Go(func() error {
			return download(ctx, url) // want `parentctx: task uses ctx\b.*n\.group`
		})
	}
	n.group.Go(func() error { return pause(gctx, time.Second) })
	return n.group.Wait()
}

// cleanupAndWork has a clean-up that is right and work that is wrong.
func cleanupAndWork(ctx context.Context, station string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer func() { _ = deregister(ctx, station) }()
		return refresh(ctx, station) // want `parentctx: task uses ctx\b`
	})
	g.Go(func() error { return download(gctx, station+"/index") })
	return g.Wait()
}

// spawnedByLiteral is a spawner that is itself a function literal.
var spawnedByLiteral = func(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for i := 0; i < len(urls); i++ {
		g.Go(func() error {
			if i%2 == 0 {
				return download(gctx, urls[i])
			}
			return download(ctx, urls[i]) // want `parentctx: task uses ctx\b`
		})
	}
	return g.Wait()
}

// tracedQuery adds to the parent what the group's context does not have: no fix.
func tracedQuery(ctx context.Context, db *sql.DB, url string) error {
	g, gctx := errgroup.WithContext(ctx)
	ctx = withTrace(ctx, url)
	g.Go(func() error {
		_, err := db.ExecContext(ctx, "DELETE FROM readings WHERE url = ?", url) // want `parentctx: task uses ctx\b`
		return err
	})
	g.Go(func() error { return download(gctx, url+"/index") })
	return g.Wait()
}

// asksAgain has to know whether it is worth another attempt: that is work too.
func asksAgain(ctx context.Context, stations []string, busy func(context.Context, string) (bool, error)) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, station := range stations {
		g.Go(func() error {
			for {
				err := refresh(gctx, station)
				if err == nil {
					return nil
				}
				again, aerr := busy(ctx, station) // want `parentctx: task uses ctx, which does not die when g fails; busy goes on after a sibling failed`
				if aerr != nil || !again {
					return err
				}
			}
		})
	}
	return g.Wait()
}
