package stuckwait

import (
	"context"
	"sync"
)

// Who waits for one group is not held up by what another goroutine does.

// announceAndAnchor leaves what it announces behind, but it is the end of night that it waits for.
func announceAndAnchor(day, night context.Context, ship string) error {
	if err := announce(day, ship); err != nil {
		remark(err)
	}
	return anchorUntilEnd(night, ship)
}

func remark(err error) { println(err.Error()) }

func announce(ctx context.Context, ship string) error {
	told := make(chan error)
	go func() {
		_, err := weigh(ctx, ship)
		told <- err
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-told:
		return err
	}
}

func anchorUntilEnd(ctx context.Context, ship string) error {
	ctx, cast := context.WithCancel(ctx)
	defer cast()
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() })
	if _, err := weigh(ctx, ship); err != nil {
		wg.Wait()
		return err
	}
	cast()
	wg.Wait()
	return nil
}
