package lostsend

import (
	"context"
	"sync"
	"time"
)

// Channels in structs within structs, and functions that are called out of fields.

// A ramp leads into a depot.
type ramp struct{ in chan error }

func (r *ramp) unload(ctx context.Context, title string) {
	r.in <- renew(ctx, title) // want `lostsend: d.ramp.unload blocks for ever sending on r.in; unloadsByMethod returns without receiving from it`
}

// A depot has a ramp of its own.
type depot struct {
	name string
	ramp ramp
}

// unloadsWithin is left by who unloads.
func unloadsWithin(ctx context.Context, title string) error {
	d := &depot{name: title, ramp: ramp{in: make(chan error)}}
	go func() { d.ramp.in <- renew(ctx, title) }() // want `lostsend: the task blocks for ever sending on d.ramp.in; unloadsWithin returns without receiving from it`
	select {
	case err := <-d.ramp.in:
		return err
	case <-time.After(time.Millisecond):
		return errLent
	}
}

// unloadsByMethod is the same by a method of the inner struct.
func unloadsByMethod(ctx context.Context, title string) error {
	d := &depot{title, ramp{make(chan error)}}
	go d.ramp.unload(ctx, title)
	select {
	case err := <-d.ramp.in:
		return err
	case <-time.After(time.Millisecond):
		return errLent
	}
}

// A porter tells when he is done.
type porter struct {
	title string
	tells func(error)
}

func (p *porter) carry(ctx context.Context) { p.tells(renew(ctx, p.title)) }

// carriesAndTells is told over a channel that it does not wait for.
func carriesAndTells(ctx context.Context, title string) error {
	told := make(chan error)
	p := &porter{title: title, tells: func(err error) {
		told <- err // want `lostsend: p.carry blocks for ever sending on told; carriesAndTells returns without receiving from it`
	}}
	go p.carry(ctx)
	select {
	case err := <-told:
		return err
	case <-time.After(time.Millisecond):
		return errLent
	}
}

// carriesLater sets the function when the porter is there.
func carriesLater(ctx context.Context, title string) error {
	told := make(chan error)
	p := &porter{title: title}
	p.tells = func(err error) { told <- err } // want `lostsend: the task blocks for ever sending on told; carriesLater returns without receiving from it`
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		p.carry(ctx)
	}()
	if !onShelf(title) {
		return errLent
	}
	err := <-told
	wg.Wait()
	return err
}

// A market is a booth with two kinds of goods.
type market struct {
	booth
	maps goods
}

// opensMarket puts the goods in as a whole.
func opensMarket(books, maps goods, titles []string) {
	m := &market{booth: booth{open: make(chan string)}}
	m.books = books
	m.maps = maps
	go func() {
		defer close(m.open)
		for _, title := range titles {
			m.open <- title
		}
	}()
	m.serveBoth()
}

// serveBoth asks for the other kind in the end.
func (m *market) serveBoth() {
	counted := make(chan bool)
	defer func() {
		if m.books.counts != nil {
			<-counted
		}
	}()
	if m.maps.counts != nil {
		go func() { counted <- m.maps.counts("all") }() // want `lostsend: the task blocks for ever sending on counted; market.serveBoth returns without receiving from it`
	}
	for title := range m.open {
		note(title)
	}
}
