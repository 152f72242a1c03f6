// Package use has fan-outs under wrappers of other packages.
package use

import (
	"context"
	"errors"

	"example.org/wrappers/jobs"
	"example.org/wrappers/sealed"
)

var errEmpty = errors.New("empty")

func work(ctx context.Context, name string) error {
	<-ctx.Done()
	return ctx.Err()
}

func check(name string) error {
	if name == "" {
		return errEmpty
	}
	return nil
}

func dropped(ctx context.Context, names []string) {
	c := jobs.NewCrew(ctx)
	for _, name := range names {
		c.Run(func(ctx context.Context) error { return work(ctx, name) })
	}
	c.Join() // want `droppedwait: the error of c.Join is dropped`
}

func joined(ctx context.Context, names []string) error {
	c := jobs.NewCrew(ctx)
	for _, name := range names {
		c.Run(func(ctx context.Context) error { return work(ctx, name) })
	}
	return c.Join()
}

func left(ctx context.Context, names []string) error {
	var g jobs.Gang
	for _, name := range names {
		if name == "" {
			return nil // want `missedwait: left returns without g.Wait`
		}
		g.Go(func() { _ = work(ctx, name) })
	}
	g.Wait()
	return nil
}

func waited(ctx context.Context, names []string) {
	var g jobs.Gang
	for _, name := range names {
		g.Go(func() { _ = work(ctx, name) })
	}
	g.Wait()
}

func ended(names []string) {
	var s jobs.Shift
	for _, name := range names {
		s.Go(func() error { return check(name) })
	}
	s.End() // want `droppedwait: the error of s.End is dropped`
}

func endedAndRead(names []string) error {
	var s jobs.Shift
	for _, name := range names {
		s.Go(func() error { return check(name) })
	}
	return errors.Join(s.End()...)
}

// The crew belongs to the yard, which waits for it some day.
func lent(y *jobs.Yard, ctx context.Context, name string) {
	c := y.Crew()
	c.Run(func(ctx context.Context) error { return work(ctx, name) })
}

func named(names []string) {
	p := sealed.NewPool()
	for _, name := range names {
		p.Go(func() error { return check(name) })
	}
	p.Wait() // want `droppedwait: the error of p.Wait is dropped`
}

func unnamed(names []string) {
	p := &sealed.Tank{}
	for _, name := range names {
		p.Go(func() error { return check(name) })
	}
	p.Wait()
}

// underItsLock writes under the lock that the group itself lends.
func underItsLock(names []string) []error {
	var b jobs.Bench
	var failed []error
	for _, name := range names {
		b.Go(func() {
			if err := check(name); err != nil {
				b.Lock()
				failed = append(failed, err)
				b.Unlock()
			}
		})
	}
	b.Wait()
	return failed
}

func underNoLock(names []string) []error {
	var b jobs.Bench
	var failed []error
	for _, name := range names {
		b.Go(func() {
			if err := check(name); err != nil {
				failed = append(failed, err) // want `racyerr: concurrent tasks append to failed`
			}
		})
	}
	b.Wait()
	return failed
}
