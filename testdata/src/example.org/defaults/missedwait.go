package defaults

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Functions that leave tasks behind: by default that is reported where it is seen what comes
// of it.

// knockFirst hides why a task failed.
func knockFirst(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		if err := wait(gctx, door); err != nil {
			return err // want `missedwait: knockFirst returns without g\.Wait; when a task has failed, wait fails too`
		}
		g.Go(func() error { return knock(gctx, door) })
	}
	return g.Wait()
}

func wait(ctx context.Context, door string) error {
	select {
	case <-ctx.Done():
		return errClosed
	case bell <- door:
		return nil
	}
}

var bell = make(chan string)

// knockAll leaves with an error of its own, and the tasks end by themselves.
func knockAll(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		if door == "" {
			return errClosed
		}
		g.Go(func() error { return knock(gctx, door) })
	}
	return g.Wait()
}

// knockSome says that all is well.
func knockSome(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		if door == "" {
			return nil // want `missedwait: knockSome returns without g\.Wait; its tasks outlive the call`
		}
		g.Go(func() error { return knock(gctx, door) })
	}
	return g.Wait()
}

// sees says that it has not come to its end.
func sees(ctx context.Context, doors []string) bool {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		if door == "" {
			return false
		}
		g.Go(func() error { return knock(gctx, door) })
	}
	return g.Wait() == nil
}

// paint says nothing, and its goroutines work for others.
func paint(doors []string, colour func(string)) {
	var wg sync.WaitGroup
	for _, door := range doors {
		if door == "" {
			return // want `missedwait: paint returns without wg\.Wait; its tasks outlive the call`
		}
		wg.Go(func() { colour(door) })
	}
	wg.Wait()
}

// look says nothing, and its goroutines work for it alone.
func look(doors []string, colour func(string) string) {
	var wg sync.WaitGroup
	seen := make(chan string, len(doors))
	for _, door := range doors {
		if door == "" {
			return
		}
		wg.Go(func() { seen <- colour(door) })
	}
	for range doors {
		colour(<-seen)
	}
	wg.Wait()
}

// knockChosen hides why a task failed, in one case of several.
func knockChosen(ctx context.Context, doors []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, door := range doors {
		err := wait(gctx, door)
		switch {
		case err != nil:
			return err // want `missedwait: knockChosen returns without g\.Wait; when a task has failed, wait fails too`
		case len(door) > 99:
			return errClosed
		}
		g.Go(func() error { return knock(gctx, door) })
	}
	return g.Wait()
}

// knockUntil says that it has not come to its end, in the first of its results.
func knockUntil(ctx context.Context, doors []string) (all bool, last string) {
	var wg sync.WaitGroup
	for _, door := range doors {
		if door == "" {
			return false, ""
		}
		last = door
		wg.Go(func() { knock(ctx, door) })
	}
	wg.Wait()
	return true, last
}

// knockBriefly says that it has.
func knockBriefly(ctx context.Context, doors []string) (all bool, last string) {
	var wg sync.WaitGroup
	for _, door := range doors {
		if door == "" {
			return true, "" // want `missedwait: knockBriefly returns without wg\.Wait; its tasks outlive the call`
		}
		last = door
		wg.Go(func() { knock(ctx, door) })
	}
	wg.Wait()
	return true, last
}

// knockNamed has not set its result where it leaves, or has found it false.
func knockNamed(ctx context.Context, doors []string) (all bool) {
	var wg sync.WaitGroup
	for _, door := range doors {
		if door == "" {
			return
		}
		wg.Go(func() { _ = knock(ctx, door) })
	}
	wg.Wait()
	all = true
	return
}

// knockAsked returns the flag that it has just found false.
func knockAsked(ctx context.Context, doors []string, has func(string) bool) bool {
	var wg sync.WaitGroup
	for _, door := range doors {
		there := has(door)
		if !there {
			return there
		}
		wg.Go(func() { _ = knock(ctx, door) })
	}
	wg.Wait()
	return true
}

// knockClaimed has set its result before: it says that all is well.
func knockClaimed(ctx context.Context, doors []string) (all bool) {
	all = true
	var wg sync.WaitGroup
	for _, door := range doors {
		if door == "" {
			return // want `missedwait: knockClaimed returns without wg.Wait; its tasks outlive the call`
		}
		wg.Go(func() { _ = knock(ctx, door) })
	}
	wg.Wait()
	return
}

// knockFound returns the flag that it has just found true.
func knockFound(ctx context.Context, doors []string, has func(string) bool) bool {
	var wg sync.WaitGroup
	for _, door := range doors {
		there := has(door)
		if there {
			return there // want `missedwait: knockFound returns without wg.Wait; its tasks outlive the call`
		}
		wg.Go(func() { _ = knock(ctx, door) })
	}
	wg.Wait()
	return true
}
