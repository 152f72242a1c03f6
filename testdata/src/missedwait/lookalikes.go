package missedwait

import (
	"errors"
	"io"
	"net"
	"sync"

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

// neverCounted needs it and does not wait.
func neverCounted(tracks []string) {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Add(1)
		go func() { // want `missedwait: nothing ever waits for wg`
			defer wg.Done()
			inspect(track)
		}()
	}
}
