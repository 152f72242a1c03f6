package wgcount

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// In these functions Wait can return before the tasks are started; nobody blocks.

// startedByGoroutine has a goroutine start the tasks, for which nobody waits.
//
// not run: Wait returns too early, nobody blocks
func startedByGoroutine(hives <-chan string) error {
	var g errgroup.Group
	go func() {
		for hive := range hives {
			g.Go(func() error { return open(hive) }) // want `wgcount: g.Go in a goroutine that is not counted races with g.Wait; Wait returns before the tasks are started`
		}
	}()
	return g.Wait()
}

// startAll starts a task for each hive.
//
// not run: it is a part of startedByCall
func startAll(wg *sync.WaitGroup, hives []string) {
	for _, hive := range hives {
		wg.Go(func() { tend(hive) }) // want `wgcount: wg.Go in a goroutine that is not counted races with wg.Wait`
	}
}

// startedByCall leaves the start to a function that runs by itself.
//
// not run: Wait returns too early, nobody blocks
func startedByCall(hives []string) {
	var wg sync.WaitGroup
	go startAll(&wg, hives)
	wg.Wait()
}

// startedInTask starts tasks from a goroutine of a task, which may go on when the task has ended.
//
// not run: Wait returns too early, nobody blocks
func startedInTask(ctx context.Context, hives []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, hive := range hives {
		g.Go(func() error {
			go func() {
				for _, comb := range combs(hive) {
					g.Go(func() error { return open(comb) }) // want `wgcount: g.Go in a goroutine that is not counted races with g.Wait`
				}
			}()
			return ctx.Err()
		})
	}
	return g.Wait()
}

// startedByGo starts the starting itself.
//
// not run: Wait returns too early, nobody blocks
func startedByGo(hives []string) {
	var wg sync.WaitGroup
	for _, hive := range hives {
		go wg.Go(func() { tend(hive) }) // want `wgcount: wg.Go in a goroutine that is not counted races with wg.Wait`
	}
	wg.Wait()
}

// startedBesides has one task that is counted in time.
//
// not run: Wait returns too early, nobody blocks
func startedBesides(queen, drone func() error) error {
	var g errgroup.Group
	g.Go(queen)
	go g.Go(drone) // want `wgcount: g.Go in a goroutine that is not counted races with g.Wait`
	return g.Wait()
}

// A round goes through an apiary, and can be waited for.
type round struct {
	wg   sync.WaitGroup
	seen chan string
}

// Wait is what who goes round calls, and who has begun it.
func (r *round) Wait() { r.wg.Wait() }

func (r *round) visit(hive string, near func(string) []string) {
	r.seen <- hive
	for _, other := range near(hive) {
		r.beside(func() { r.visit(other, near) })
	}
}

// not run: Wait returns too early, nobody blocks
func (r *round) beside(f func()) {
	r.wg.Add(1) // want `wgcount: r.wg.Add in a goroutine that is not counted races with r.wg.Wait`
	go func() {
		f()
		r.wg.Done()
	}()
}

func newRound(hive string, near func(string) []string) *round {
	r := &round{seen: make(chan string, len(hive))}
	go func() {
		defer r.Wait()
		r.visit(hive, near)
	}()
	return r
}

// goRound may find nothing counted yet.
//
// not run: Wait returns too early, nobody blocks
func goRound(hive string, near func(string) []string) int {
	r := newRound(hive, near)
	r.Wait()
	return len(r.seen)
}
