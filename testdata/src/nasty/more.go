package nasty

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// bodyless is implemented elsewhere.
func bodyless(g *errgroup.Group, c chan int) error

func callsBodyless(c chan int) error {
	var g errgroup.Group
	g.Go(func() error { return bodyless(&g, c) })
	go bodyless(&g, c)
	return g.Wait()
}

func _() { go func() {}() }

func _(wg *sync.WaitGroup) { wg.Wait() }

func init() { go func() { started <- true }() }

func init() {
	var wg sync.WaitGroup
	wg.Go(func() { <-started })
	wg.Wait()
}

var started = make(chan bool)

var (
	handler = func(ctx context.Context) error {
		g, gctx := errgroup.WithContext(ctx)
		g.Go(func() error { return handlers["again"](gctx) })
		return g.Wait()
	}
	_, _ = func() (int, int) { go func() {}(); return 1, 2 }()
)

var handlers map[string]func(context.Context) error

func init() { handlers = map[string]func(context.Context) error{"again": handler} }

type doer interface{ Do(context.Context) error }

type doers struct {
	doer
	*errgroup.Group
	also  *doers
	spawn func(func() error)
}

func (d doers) all(ctx context.Context) error {
	d.Go(func() error { return d.Do(ctx) })
	d.also.Go(d.also.Wait)
	d.also.also.spawn(func() error { return d.doer.Do(ctx) })
	d.spawn = d.also.Group.Go
	d.spawn(nil)
	go d.doer.Do(ctx)
	go d.also.all(ctx)
	return d.Wait()
}

type spawner[G interface{ Go(func() error) }] struct{ g G }

func (s spawner[G]) start(n int) {
	for range n {
		s.g.Go(func() error { return nil })
	}
}

func generic(ctx context.Context) error {
	g, _ := errgroup.WithContext(ctx)
	spawner[*errgroup.Group]{g}.start(3)
	apply(g, func(g *errgroup.Group) { g.Go(func() error { return nil }) })
	return g.Wait()
}

func apply[T any](v T, fs ...func(T)) {
	for _, f := range fs {
		go f(v)
	}
}

func hugeSwitch(n int, in, out chan int) int {
	var wg sync.WaitGroup
	defer wg.Wait()
	switch n {
	case 0:
		wg.Go(func() { in <- 0 })
		fallthrough
	case 1:
		wg.Go(func() { in <- 1 })
		fallthrough
	case 2:
		go func() { defer wg.Done(); out <- 2 }()
	case 3, 4, 5, 6, 7:
		wg.Add(n)
	case 8:
		return <-out
	case 9:
		panic("nine")
	case 10:
		for {
			select {
			case in <- n:
			case v, ok := <-out:
				if !ok {
					return v
				}
			case <-time.After(time.Second):
				break
			default:
				return 0
			}
		}
	default:
		switch x := any(n).(type) {
		case interface{ Wait() }:
			x.Wait()
		case chan int:
			x <- <-x
		}
	}
	return n
}

func deferred(ctx context.Context) (err error) {
	g, ctx := errgroup.WithContext(ctx)
	defer func() {
		defer func() { err = g.Wait() }()
		for range 2 {
			defer g.Go(func() error { <-ctx.Done(); return err })
		}
	}()
	defer g.Go(func() error { panic(recover()) })
	return
}

func pointers(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	pg, pctx := &g, &gctx
	ppg := &pg
	(*ppg) = &g
	(**ppg).Go(func() error { <-(*pctx).Done(); return nil })
	*pctx, *pg = errgroupOf(*pctx)
	return (*pg).Wait()
}

func errgroupOf(ctx context.Context) (context.Context, *errgroup.Group) {
	g, ctx := errgroup.WithContext(ctx)
	return ctx, g
}

func (doers) String() string { return "doers" }

func selfReferring() {
	var f func() func()
	f = func() func() { go f()(); return f() }
	go f()()
	type loop struct{ next *loop }
	var l loop
	l.next = &l
	c := make(chan chan chan int)
	go func() { close(<-c) }()
}

// contextOfValue has a context from a function value that is given one argument.
func contextOfValue(c chan int, from func(chan int) (context.Context, context.CancelFunc)) {
	ctx, cancel := from(c)
	go func() {
		defer cancel()
		<-ctx.Done()
	}()
	<-ctx.Done()
}

// A keepsake has the context that a function of its own makes.
type keepsake struct{ ctx context.Context }

func (k *keepsake) keep(c chan int, from func(chan int) context.Context) {
	k.ctx = from(c)
	go func() { <-k.ctx.Done() }()
}
