package missedwait

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"
)

// What comes of a return before Wait, and what is only told to those who ask.

// gathered leaves a goroutine that ranges over what nobody closes.
func gathered(tracks []string) ([]string, error) {
	var all []string
	var wg sync.WaitGroup
	found := make(chan string)
	wg.Go(func() {
		for track := range found {
			all = append(all, track)
		}
	})
	for _, track := range tracks {
		if track == "" {
			return nil, errNoName // want `missedwait: gathered returns without wg\.Wait; a task waits for ever ranging over found`
		}
		found <- track
	}
	close(found)
	wg.Wait()
	return all, nil
}

// begun leaves goroutines that wait for a sign to begin.
func begun(tracks []string) error {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for _, track := range tracks {
		wg.Go(func() {
			<-begin
			inspect(track)
		})
		if _, err := free(track); err != nil {
			return err // want `missedwait: begun returns without wg\.Wait; a task waits for ever receiving from begin`
		}
	}
	close(begin)
	wg.Wait()
	return nil
}

// begunBy has its goroutines close what they wait for.
func begunBy(tracks []string) error {
	var wg sync.WaitGroup
	var first sync.Once
	begin := make(chan struct{})
	for _, track := range tracks {
		wg.Go(func() {
			first.Do(func() { close(begin) })
			<-begin
			inspect(track)
		})
		if _, err := free(track); err != nil {
			return err // want `missedwait: begunBy returns without wg\.Wait; its tasks outlive the call`
		}
	}
	wg.Wait()
	return nil
}

// fedOnce sends what the goroutine waits for.
func fedOnce(track string) error {
	var wg sync.WaitGroup
	next := make(chan string)
	wg.Go(func() { inspect(<-next) })
	next <- track
	if _, err := free(track); err != nil {
		return err // want `missedwait: fedOnce returns without wg\.Wait; its tasks outlive the call`
	}
	close(next)
	wg.Wait()
	return nil
}

// answered has its tasks write the answer.
func answered(w http.ResponseWriter, signals []string) error {
	var g errgroup.Group
	for _, signal := range signals {
		if signal == "" {
			return errNoName // want `missedwait: answered returns without g\.Wait; its tasks use w when the request is over`
		}
		g.Go(func() error {
			_, err := fmt.Fprintln(w, signal)
			return err
		})
	}
	return g.Wait()
}

// lockedAlone locks on the parent context, which a task that fails does not end.
func lockedAlone(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(ctx, signal); err != nil {
			return err // want `missedwait: lockedAlone returns without g\.Wait; its tasks outlive the call`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// lockedUnfailing has tasks that do not fail.
func lockedUnfailing(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := lock(gctx, signal); err != nil {
			return err // want `missedwait: lockedUnfailing returns without g\.Wait; its tasks outlive the call`
		}
		g.Go(func() error {
			inspect(signal)
			return nil
		})
	}
	return g.Wait()
}

// lockedBefore locks before any task has started.
func lockedBefore(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	if err := lock(gctx, signals[0]); err != nil {
		return err
	}
	for _, signal := range signals {
		g.Go(func() error { return move(gctx, signal) })
	}
	if len(signals) > 9 {
		return errBlocked // want `missedwait: lockedBefore returns without g\.Wait; its tasks outlive the call`
	}
	return g.Wait()
}

// lockedLater returns the error some steps later.
func lockedLater(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		err := lock(gctx, signal)
		if errors.Is(err, errBlocked) {
			continue
		}
		if err != nil {
			inspect(signal)
			return fmt.Errorf("lock %s: %w", signal, err) // want `missedwait: lockedLater returns without g\.Wait; when a task has failed, lock fails too`
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// oneSilenced leaves a goroutine in the same way; that it waits is silenced, and the
// return is not.
func oneSilenced(tracks []string) error {
	var wg sync.WaitGroup
	found := make(chan string)
	wg.Go(func() {
		for track := range found { //gatherlint:ignore lostsend the box is torn down soon
			inspect(track)
		}
	})
	for _, track := range tracks {
		if track == "" {
			return errNoName // want `missedwait: oneSilenced returns without wg\.Wait; a task waits for ever ranging over found`
		}
		found <- track
	}
	close(found)
	wg.Wait()
	return nil
}
