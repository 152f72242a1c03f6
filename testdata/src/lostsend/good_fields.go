package lostsend

import "context"

// Channels in structs within structs, and functions that are called out of fields: with room,
// with somebody who always receives, or with another function in the meantime.

// unloadsWithRoom has room.
func unloadsWithRoom(ctx context.Context, title string) error {
	d := &depot{name: title, ramp: ramp{in: make(chan error, 1)}}
	go func() { d.ramp.in <- renew(ctx, title) }()
	select {
	case err := <-d.ramp.in:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unloadsAnew puts another ramp in before anybody unloads.
func unloadsAnew(ctx context.Context, title string) error {
	d := &depot{name: title, ramp: ramp{in: make(chan error)}}
	d.ramp = ramp{in: make(chan error, 1)}
	go func() { d.ramp.in <- renew(ctx, title) }()
	select {
	case err := <-d.ramp.in:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// carriesWithRoom has room for what it is told.
func carriesWithRoom(ctx context.Context, title string) error {
	told := make(chan error, 1)
	p := &porter{title: title, tells: func(err error) { told <- err }}
	go p.carry(ctx)
	select {
	case err := <-told:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// carriesOtherwise puts another function in where it does not wait.
func carriesOtherwise(ctx context.Context, title string, waits bool) error {
	told := make(chan error)
	p := &porter{title: title, tells: func(err error) { told <- err }}
	if !waits {
		p.tells = func(err error) { note(title) }
	}
	go p.carry(ctx)
	if !waits {
		return nil
	}
	return <-told
}

// carriesForOthers gives the porter away, with the function.
func carriesForOthers(ctx context.Context, title string) (*porter, <-chan error) {
	told := make(chan error, 1)
	p := &porter{title: title, tells: func(err error) { told <- err }}
	go func() {
		<-ctx.Done()
		p.tells(ctx.Err())
	}()
	return p, told
}

// refit gives a depot another ramp, as a whole.
func (d *depot) refit() { *d = depot{d.name, ramp{make(chan error, 1)}} }

// unloadsAfterRefit has a ramp with room in the end.
func unloadsAfterRefit(ctx context.Context, title string) error {
	d := &depot{name: title, ramp: ramp{in: make(chan error)}}
	d.refit()
	go func() { d.ramp.in <- renew(ctx, title) }()
	select {
	case err := <-d.ramp.in:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
