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

// A yard is a depot that can be refitted.
type yard struct {
	name string
	ramp ramp
}

// refit gives a yard another ramp, as a whole.
func (y *yard) refit() { *y = yard{y.name, ramp{make(chan error, 1)}} }

// unloadsAfterRefit has a ramp with room in the end.
func unloadsAfterRefit(ctx context.Context, title string) error {
	d := &yard{name: title, ramp: ramp{in: make(chan error)}}
	d.refit()
	go func() { d.ramp.in <- renew(ctx, title) }()
	select {
	case err := <-d.ramp.in:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A booth has goods by their kind, each with who counts them.
type booth struct {
	books goods
	open  chan string
}

type goods struct{ counts func(string) bool }

// opensBooth puts the goods in as a whole.
func opensBooth(books goods, titles []string) {
	s := &booth{open: make(chan string)}
	s.books = books
	go func() {
		defer close(s.open)
		for _, title := range titles {
			s.open <- title
		}
	}()
	s.serve()
}

// serve waits for the counting in the end, where it has begun: it asks the same twice.
func (s *booth) serve() {
	counted := make(chan bool)
	defer func() {
		if s.books.counts != nil {
			<-counted
		}
	}()
	if s.books.counts != nil {
		go func() { counted <- s.books.counts("all") }()
	}
	for title := range s.open {
		note(title)
	}
}
