// Package nasty holds code that is hard to model. Nothing is asked of its model
// but that it is built, and the same each time.
package nasty

import (
	"context"
	"iter"
	"sync"

	. "golang.org/x/sync/errgroup"
)

type crew = Group

type crews map[string]*crew

// A stage is generic, and has its group in a field.
type stage[T any] struct {
	group Group
	items []T
	work  func(context.Context, T) error
	next  *stage[T]
}

func (s *stage[T]) run(ctx context.Context) error {
	for _, item := range s.items {
		s.group.Go(func() error { return s.work(ctx, item) })
	}
	if s.next != nil {
		s.group.Go(func() error { return s.next.run(ctx) })
	}
	return s.group.Wait()
}

func runStages(ctx context.Context, names []string, work func(context.Context, string) error) error {
	s := &stage[string]{items: names, work: work}
	s.next = &stage[string]{items: names, work: work, next: s}
	return s.run(ctx)
}

func recursiveLiteral(ctx context.Context) error {
	g, gctx := WithContext(ctx)
	var down func(n int) error
	down = func(n int) error {
		if n == 0 {
			<-gctx.Done()
			return gctx.Err()
		}
		g.Go(func() error { return down(n - 1) })
		return down(n - 2)
	}
	g.Go(func() error { return down(9) })
	return g.Wait()
}

func ping(g *Group, n int) error {
	if n > 0 {
		g.Go(func() error { return pong(g, n-1) })
	}
	return nil
}

func pong(g *Group, n int) error {
	go ping(g, n-1)
	return ping(g, n)
}

func jumps(ctx context.Context, n int) error {
	g, ctx := WithContext(ctx)
again:
	g.Go(func() error { <-ctx.Done(); return nil })
	n--
	if n > 0 {
		goto again
	}
outer:
	for {
		for range n {
			switch {
			case n == 3:
				continue outer
			case n < 3:
				break outer
			}
		}
		n--
	}
	return g.Wait()
}

func forEver() {
	go func() { select {} }()
	go func() {
		for {
		}
	}()
	select {}
}

func nilThings() error {
	var g *Group
	var wg *sync.WaitGroup
	var task func() error
	var pipe chan int
	g.Go(task)
	g.Go(nil)
	wg.Add(1)
	go func() { pipe <- <-pipe }()
	(*sync.WaitGroup)(nil).Wait()
	return (*Group)(nil).Wait()
}

func methodExpressions(task func() error) error {
	g := new(Group)
	(*Group).Go(g, task)
	start := (*Group).Go
	start(g, func() error { return nil })
	wait := g.Wait
	defer (*Group).Wait(g)
	(*crew).SetLimit(g, 2)
	return wait()
}

func builtins(c chan int, m map[int]int, xs []int) {
	go close(c)
	go println("started", len(xs))
	go panic("at once")
	go print()
	defer close(c)
	defer delete(m, 1)
	defer recover()
	defer panic(recover())
	go copy(xs, xs)
}

func containers(names []string, queue chan *Group, tasks map[string]func() error) error {
	slice := make([]Group, len(names))
	byName := crews{}
	var array [3]sync.WaitGroup
	for i, name := range names {
		slice[i].Go(tasks[name])
		byName[name] = new(Group)
		byName[name].Go(func() error { return slice[i].Wait() })
		queue <- byName[name]
		(<-queue).Go(tasks[name])
		array[i%3].Go(func() { _ = byName[name].Wait() })
	}
	for i := range array {
		array[i].Wait()
	}
	for _, g := range byName {
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func iterated(ctx context.Context, names iter.Seq2[int, string]) (err error) {
	g, gctx := WithContext(ctx)
	defer func() { err = g.Wait() }()
	for i, name := range names {
		if i > 3 {
			break
		}
		if name == "" {
			return nil
		}
		g.Go(func() error { <-gctx.Done(); return nil })
		defer println(name)
		for range counted(i) {
			go println(i)
			continue
		}
	}
	return nil
}

func counted(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		var wg sync.WaitGroup
		defer wg.Wait()
		for i := range n {
			wg.Go(func() {})
			if !yield(i) {
				return
			}
		}
	}
}

func pulled(names iter.Seq[string]) {
	next, stop := iter.Pull(names)
	defer stop()
	go func() { next() }()
}
