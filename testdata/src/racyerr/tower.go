package racyerr

import (
	"context"
	"fmt"
	"sync"
)

// What comes to nothing once the goroutine has been started.

// A tower takes plates that others bring.
type tower struct {
	plates chan plate
	name   string
	keeper *sync.WaitGroup
	watch  *sync.WaitGroup
}

// open names the tower before anybody has brought a plate, most likely.
func (d *tower) open(ctx context.Context, name string) {
	go func() {
		for {
			select {
			case p := <-d.plates:
				if err := expose(ctx, p); err != nil {
					fmt.Println(d.name, err)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	d.name = name
}

// openWith brings the first plate itself, and then names the tower.
func (d *tower) openWith(ctx context.Context, name string, first plate) {
	go func() {
		for p := range d.plates {
			if err := expose(ctx, p); err != nil {
				fmt.Println(d.name, err)
			}
		}
	}()
	d.plates <- first
	d.name = name // want `racyerr: .* d\.name while a task reads it`
}

// openAtOnce has a goroutine that waits for nobody.
func (d *tower) openAtOnce(ctx context.Context, name string) {
	go func() {
		fmt.Println(d.name)
		for p := range d.plates {
			_ = expose(ctx, p)
		}
	}()
	d.name = name // want `racyerr: .* d\.name while a task reads it`
}

// keep has a keeper by the time it starts the first goroutine.
func (d *tower) keep(ctx context.Context, p plate) {
	if d.keeper == nil {
		d.keeper = new(sync.WaitGroup)
	}
	d.keeper.Add(1)
	go func() {
		defer d.keeper.Done()
		_ = expose(ctx, p)
	}()
	d.keepOn(ctx, p)
}

// keepOn is called by itself too.
func (d *tower) keepOn(ctx context.Context, p plate) {
	if d.keeper == nil {
		d.keeper = new(sync.WaitGroup)
	}
	d.keeper.Add(1)
	go func() {
		defer d.keeper.Done()
		_ = expose(ctx, p)
	}()
}

// look has no watch when it starts the first goroutine.
func (d *tower) look(ctx context.Context, p plate) {
	go func() {
		if d.watch != nil {
			_ = expose(ctx, p)
		}
	}()
	d.lookOn(ctx, p)
}

// lookOn begins to watch.
func (d *tower) lookOn(ctx context.Context, p plate) {
	if d.watch == nil {
		d.watch = new(sync.WaitGroup) // want `racyerr: .* d\.watch while a task reads it`
	}
	d.watch.Go(func() { _ = expose(ctx, p) })
}
