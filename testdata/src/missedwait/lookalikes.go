package missedwait

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Look-alikes met in real code, each beside the case that differs in one point.

// startSignals waits until the goroutines have started; they end by themselves.
func startSignals(tracks []string, out io.Writer) error {
	var started sync.WaitGroup
	for _, track := range tracks {
		started.Add(1)
		go func() {
			started.Done()
			inspect(track)
		}()
		if _, err := io.WriteString(out, track); err != nil {
			return err
		}
	}
	started.Wait()
	return nil
}

// endSignals waits until they have ended, but not on every path.
func endSignals(tracks []string, out io.Writer) error {
	var ended sync.WaitGroup
	for _, track := range tracks {
		ended.Add(1)
		go func() {
			inspect(track)
			ended.Done()
		}()
		if _, err := io.WriteString(out, track); err != nil {
			return err // want `missedwait: endSignals returns without ended\.Wait`
		}
	}
	ended.Wait()
	return nil
}

// byKind waits between kinds; the caller counts the last kind's results.
func byKind(tracks []string, results chan<- string) {
	var wg sync.WaitGroup
	for i, track := range tracks {
		if i%10 == 0 {
			wg.Wait()
		}
		wg.Add(1)
		go func() {
			inspect(track)
			results <- track
			wg.Done()
		}()
	}
}

// byKindAlone does so, and nobody counts.
func byKindAlone(tracks []string) {
	var wg sync.WaitGroup
	for i, track := range tracks {
		if i%10 == 0 {
			wg.Wait()
		}
		wg.Add(1)
		go func() {
			inspect(track)
			wg.Done()
		}()
	}
} // want `missedwait: byKindAlone returns without wg\.Wait`

// relay closes the connection on every path; the copies end with it.
func relay(conn net.Conn, in io.Reader, out io.Writer, start func() error) error {
	defer conn.Close()
	var g errgroup.Group
	g.Go(func() error {
		_, err := io.Copy(conn, in)
		return err
	})
	g.Go(func() error {
		_, err := io.Copy(out, conn)
		return err
	})
	if err := start(); err != nil {
		return err
	}
	return g.Wait()
}

// relayOpen leaves the connection open.
func relayOpen(conn net.Conn, in io.Reader, start func() error) error {
	var g errgroup.Group
	g.Go(func() error {
		_, err := io.Copy(conn, in)
		return err
	})
	if err := start(); err != nil {
		return err // want `missedwait: relayOpen returns without g\.Wait`
	}
	return g.Wait()
}

// closedByHand closes the channel of results while goroutines may still send.
func closedByHand(tracks []string) error {
	errs := make(chan error, len(tracks))
	for _, track := range tracks {
		go func() { // want `missedwait: closedByHand closes errs without waiting`
			inspect(track)
			errs <- nil
		}()
	}
	close(errs)
	var all []error
	for err := range errs {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// closedAfterCount takes one result a goroutine first.
func closedAfterCount(tracks []string) error {
	errs := make(chan error, len(tracks))
	for _, track := range tracks {
		go func() {
			inspect(track)
			errs <- nil
		}()
	}
	var all []error
	for range tracks {
		all = append(all, <-errs)
	}
	close(errs)
	return errors.Join(all...)
}

// counted returns when it has a result of every goroutine.
func counted(tracks []string, stop <-chan struct{}) (done int) {
	var wg sync.WaitGroup
	results := make(chan string)
	for _, track := range tracks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			inspect(track)
			results <- track
		}()
	}
	for {
		select {
		case <-results:
			if done++; done == len(tracks) {
				return done
			}
		case <-stop:
			wg.Wait()
			return done
		}
	}
}

// leftOver counts what its goroutines send; nobody needs the group.
func leftOver(tracks []string) {
	var wg sync.WaitGroup
	seen := make(chan string)
	for _, track := range tracks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			inspect(track)
			seen <- track
		}()
	}
	for range tracks {
		<-seen
	}
}

// neverLookedAt needs it and does not wait.
func neverLookedAt(tracks []string) {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Add(1)
		go func() { // want `missedwait: nothing ever waits for wg`
			defer wg.Done()
			inspect(track)
		}()
	}
}

// giveUp ends the process.
func giveUp(err error) {
	slog.Error("fatal", "err", err)
	os.Exit(1)
}

// exits does not come back from giveUp.
func exits(ctx context.Context, signals []string, err error) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		g.Go(func() error { return move(gctx, signal) })
	}
	if err != nil {
		giveUp(err)
		return nil
	}
	return g.Wait()
}

// cancelledByTest has the test end its goroutine.
func cancelledByTest(t *testing.T, ready func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	if ready() != nil {
		return
	}
	cancel()
	wg.Wait()
}

// piped closes its end of the pipe, and the copy ends.
func piped(in io.Reader) error {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(io.Discard, r) })
	if _, err := io.Copy(w, in); err != nil {
		w.CloseWithError(err)
		return err
	}
	w.Close()
	wg.Wait()
	return nil
}

// pipedOpen leaves it open.
func pipedOpen(in io.Reader) error {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(io.Discard, r) })
	if _, err := io.Copy(w, in); err != nil {
		return err // want `missedwait: pipedOpen returns without wg\.Wait`
	}
	w.Close()
	wg.Wait()
	return nil
}

// countedUp returns early only where nothing was started.
func countedUp(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	n := 0
	for _, signal := range signals {
		if signal == "" {
			continue
		}
		n++
		g.Go(func() error { return move(gctx, signal) })
	}
	if n == 0 {
		return errNoName
	}
	return g.Wait()
}

// eitherWay tests the same thing twice in other words.
func eitherWay(ctx context.Context, n int, mode string) error {
	g, gctx := errgroup.WithContext(ctx)
	if n > 0 && mode == "night" {
		g.Go(func() error { return move(gctx, "north") })
	}
	if n <= 0 {
		return errNoName
	}
	if mode == "day" {
		return nil
	}
	return g.Wait()
}

// neitherWay tests something else.
func neitherWay(ctx context.Context, n, m int) error {
	g, gctx := errgroup.WithContext(ctx)
	if n > 0 {
		g.Go(func() error { return move(gctx, "north") })
	}
	if m <= 0 {
		return errNoName // want `missedwait: neitherWay returns without g\.Wait`
	}
	return g.Wait()
}

// A siding takes so many trains.
type siding struct{ free int }

// send starts a shunter, unless the siding is full: then nothing was started.
func (y *siding) send(track string, wg *sync.WaitGroup) error {
	if y.free == 0 {
		return errBlocked
	}
	y.free--
	wg.Go(func() { inspect(track) })
	return nil
}

// sendAndLook starts a shunter and then finds that it should not have.
func (y *siding) sendAndLook(track string, wg *sync.WaitGroup) error {
	wg.Go(func() { inspect(track) })
	if y.free == 0 {
		return errBlocked
	}
	y.free--
	return nil
}

// sent returns without Wait where nothing was started.
func sent(y *siding, track string) error {
	var wg sync.WaitGroup
	if err := y.send(track, &wg); err != nil {
		return err
	}
	wg.Wait()
	return nil
}

// sentAndLooked returns with a shunter on its way.
func sentAndLooked(y *siding, track string) error {
	var wg sync.WaitGroup
	if err := y.sendAndLook(track, &wg); err != nil {
		return err // want `missedwait: sentAndLooked returns without wg\.Wait; its tasks outlive the call`
	}
	wg.Wait()
	return nil
}

// sentTwice has the first shunter on its way when the second is refused.
func sentTwice(y *siding, east, west string) error {
	var wg sync.WaitGroup
	if err := y.send(east, &wg); err != nil {
		return err
	}
	if err := y.send(west, &wg); err != nil {
		return err // want `missedwait: sentTwice returns without wg\.Wait; its tasks outlive the call`
	}
	wg.Wait()
	return nil
}

// toldAndLeft counts its shunters, tells them to end, and never looks at the count.
func toldAndLeft(tracks []string) {
	var wg sync.WaitGroup
	quit := make(chan struct{})
	for _, track := range tracks {
		wg.Add(1)
		go func() { // want `missedwait: nothing ever waits for wg; its tasks outlive toldAndLeft`
			defer wg.Done()
			for {
				select {
				case <-quit:
					return
				default:
					inspect(track)
				}
			}
		}()
	}
	close(quit)
}

// A tally counts behind an interface.
type tally interface {
	Add(int)
	Done()
	Wait()
}

// talliedElsewhere waits for a count that another package keeps.
func talliedElsewhere(count tally, tracks []string) error {
	faults := make(chan error, len(tracks))
	count.Add(len(tracks))
	for _, track := range tracks {
		go func() {
			defer count.Done()
			faults <- move(context.Background(), track)
		}()
	}
	count.Wait()
	close(faults)
	return <-faults
}

// untallied has nobody to ask.
func untallied(log tally, tracks []string) error {
	faults := make(chan error, len(tracks))
	for _, track := range tracks {
		go func() { // want `missedwait: untallied closes faults without waiting for the goroutines that send on it`
			faults <- move(context.Background(), track)
		}()
	}
	log.Wait()
	close(faults)
	return <-faults
}

// talliedByAnotherName waits for a count that the goroutines know under another name.
func talliedByAnotherName(count tally, tracks []string) error {
	faults := make(chan error, len(tracks))
	count.Add(len(tracks))
	for _, track := range tracks {
		go func(shunter tally) {
			defer shunter.Done()
			faults <- move(context.Background(), track)
		}(count)
	}
	count.Wait()
	close(faults)
	return <-faults
}

// notedApart has a buffer of its own, with the name of those of the goroutines.
func notedApart(tracks []string) string {
	faults := make(chan string, len(tracks))
	for _, track := range tracks {
		go func() { // want `missedwait: notedApart closes faults without waiting for the goroutines that send on it`
			var notes strings.Builder
			notes.WriteString(track)
			faults <- notes.String()
		}()
	}
	var notes strings.Builder
	notes.WriteString("closed")
	close(faults)
	for fault := range faults {
		notes.WriteString(fault)
	}
	return notes.String()
}
