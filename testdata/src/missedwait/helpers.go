// Package missedwait has good and bad fan-outs for the check of the same name.
package missedwait

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

var (
	errNoName  = errors.New("signal without a name")
	errBlocked = errors.New("track is blocked")
)

// A train is on one track.
type train struct {
	number int
	track  string
}

// move sets a signal; it ends when ctx does.
func move(ctx context.Context, signal string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, "https://signals.example/"+signal, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// lock keeps others from moving the signal.
func lock(ctx context.Context, signal string) error {
	return move(ctx, signal+"/lock")
}

// inspect looks at a track for some time.
func inspect(track string) {
	time.Sleep(time.Second)
	slog.Info("inspected", "track", track)
}

// free reports whether nothing stands on the track.
func free(track string) (bool, error) {
	if track == "" {
		return false, errBlocked
	}
	return len(track)%2 == 0, nil
}

// moveAll starts a task for each signal under its caller's group.
func moveAll(g *errgroup.Group, ctx context.Context, signals []string) {
	for _, signal := range signals {
		g.Go(func() error { return move(ctx, signal) })
	}
}

// finish waits for g.
func finish(g *errgroup.Group) error {
	return g.Wait()
}

// waitOrTimeout reports whether wg was done in time.
func waitOrTimeout(wg *sync.WaitGroup, d time.Duration) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		wg.Wait()
	}()
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}

// limit bounds the tasks of g.
func limit(g *errgroup.Group) {
	g.SetLimit(4)
}
