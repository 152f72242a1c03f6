package droppedwait

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// The methods of a group are called in other forms than g.Go(f).

type start = func(func() error)

type ended func() error

// truck is a group by what it embeds.
type truck struct{ errgroup.Group }

func unload(p parcel) func() error { return func() error { return deliver(context.TODO(), p) } }

func converted(p parcel) {
	var g errgroup.Group
	start(g.Go)(unload(p))
	(func() error)(g.Wait)() // want `droppedwait: the error of g\.Wait is dropped`
}

func convertedGood(p parcel) error {
	var g errgroup.Group
	start(g.Go)(unload(p))
	return (func() error)(g.Wait)()
}

func toNamed(p parcel) {
	var g errgroup.Group
	g.Go(unload(p))
	ended(g.Wait)() // want `droppedwait: the error of g\.Wait is dropped`
}

func toNamedGood(p parcel) error {
	var g errgroup.Group
	g.Go(unload(p))
	return ended(g.Wait)()
}

func inExpression(p parcel) {
	var g errgroup.Group
	(*errgroup.Group).Go(&g, unload(p))
	(*errgroup.Group).Wait(&g) // want `droppedwait: the error of g\.Wait is dropped`
}

func inExpressionGood(p parcel) error {
	var g errgroup.Group
	(*errgroup.Group).Go(&g, unload(p))
	return (*errgroup.Group).Wait(&g)
}

func whenDone(p parcel) {
	var g errgroup.Group
	defer (func() error)(g.Wait)() // want `droppedwait: the error of g\.Wait is dropped`
	start(g.Go)(unload(p))
}

func embedded(p parcel) {
	var t truck
	start(t.Go)(unload(p))
	(func() error)(t.Wait)() // want `droppedwait: the error of t\.Wait is dropped`
}

// kept is not seen: the method values are variables.
func kept(p parcel) {
	var g errgroup.Group
	load, end := g.Go, g.Wait
	load(unload(p))
	end()
}

// promoted is not seen: the expressions take the struct around the group.
func promoted(p parcel) {
	var t truck
	(*truck).Go(&t, unload(p))
	(*truck).Wait(&t)
}

// rack has a group and a type parameter.
type rack[T any] struct{ g errgroup.Group }

func (r *rack[T]) put(f func() error) { r.g.Go(f) }

func (r *rack[T]) end() error { return r.g.Wait() }

func generic[T any](p parcel) error {
	var r rack[T]
	start(r.put)(unload(p))
	(*rack[T]).put(&r, unload(p))
	return (func() error)(r.end)()
}

// others are methods that the model knows, of other types.
func others(ctx context.Context, wg *sync.WaitGroup, mu *sync.RWMutex) error {
	(func(int))(wg.Add)(2)
	go (func())(wg.Done)()
	defer (func())(wg.Wait)()
	(func())(mu.Lock)()
	defer (func())(mu.Unlock)()
	go (*sync.WaitGroup).Done(wg)
	(func() (time.Time, bool))(ctx.Deadline)()
	if err := context.Context.Err(ctx); err != nil {
		return errors.Join(err, (func() error)(ctx.Err)())
	}
	<-(func() <-chan struct{})(ctx.Done)()
	return (func() error)(ctx.Err)()
}
