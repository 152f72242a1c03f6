package racyerr

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// fed is fed from one queue: that the spawner has heard of one failure when it closes
// the queue tells nothing to those that still have a plate in hand.
func fed(plates []plate, workers int) error {
	var err error
	var wg sync.WaitGroup
	queue := make(chan plate)
	bad := make(chan error, workers)
	for range workers {
		wg.Go(func() {
			for p := range queue {
				if _, err = develop(p); err != nil { // want `racyerr: concurrent tasks write the same err`
					bad <- err
					return
				}
			}
		})
	}
	var failed error
feed:
	for _, p := range plates {
		select {
		case queue <- p:
		case failed = <-bad:
			break feed
		}
	}
	close(queue)
	wg.Wait()
	return failed
}

// fedOn goes on feeding after a failure: two plates can be out without an answer.
func fedOn(plates []plate, workers int) int {
	faulty := 0
	queue, bad := make(chan plate), make(chan error)
	for range workers {
		go func() {
			for {
				p, ok := <-queue
				if !ok {
					return
				}
				if p.id < 0 {
					continue
				}
				faulty++ // want `racyerr: concurrent tasks write the same faulty`
				bad <- errClouds
			}
		}()
	}
	for _, p := range plates {
		select {
		case queue <- p:
		case <-bad:
		}
	}
	close(queue)
	return 0
}

// askedFor counts what a function from outside finds wrong; that picks none of the plates.
func askedFor(plates []plate, check func(plate) error, fits func(plate) bool) (int, int) {
	wrong, fit := 0, 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if err := check(p); err != nil {
				wrong++ // want `racyerr: concurrent tasks write the same wrong`
			}
			if fits(p) {
				fit++ // want `racyerr: concurrent tasks write the same fit`
			}
		})
	}
	wg.Wait()
	return wrong, fit
}

// ended counts a kind of error: what a function makes of one picks none.
func ended(plates []plate) int {
	cloudy := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if _, err := develop(p); errors.Is(err, errClouds) {
				cloudy++ // want `racyerr: concurrent tasks write the same cloudy`
			}
		})
	}
	wg.Wait()
	return cloudy
}

// empty counts what a call has given.
func empty(plates []plate) int {
	blank := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if n, _ := develop(p); n == 0 {
				blank++ // want `racyerr: concurrent tasks write the same blank`
			}
		})
	}
	wg.Wait()
	return blank
}

type guests struct{ names []string }

func (g *guests) AddGuest(name string) bool {
	g.names = append(g.names, name) // want `racyerr: concurrent tasks append to g\.names`
	return true
}

// visited has a method called like an atomic operation that is none.
func visited(names []string) int {
	var g guests
	came := 0
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			if g.AddGuest(name) {
				came++ // want `racyerr: concurrent tasks write the same came`
			}
		})
	}
	wg.Wait()
	return came
}

// checkedBefore has asked about the first plate before it starts any.
func checkedBefore(ctx context.Context, plates []plate, first func() error) error {
	err := first()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			if err = expose(ctx, p); err != nil { // want `racyerr: concurrent tasks write the same err`
				println(p.id)
			}
		})
	}
	wg.Wait()
	return err
}

type dome interface {
	Turn(to string) (int, error)
	Close() error
}

// timedOut writes beside the task that it gives up waiting for.
func timedOut(ctx context.Context, d dome, to string) (int, error) {
	var at int
	var err error
	turned := make(chan struct{})
	go func() {
		defer close(turned)
		at, err = d.Turn(to) // want `racyerr: a task writes err while timedOut writes it`
	}()
	select {
	case <-turned:
	case <-ctx.Done():
		d.Close()
		err = ctx.Err()
	}
	if err != nil {
		return 0, err
	}
	return at, nil
}

// askedBetween asks a function from outside for the next plate; that is no news of the
// worker, which has just been given one.
func askedBetween(next func() (plate, error), note func(error)) (err error) {
	queue := make(chan plate)
	var wg sync.WaitGroup
	wg.Go(func() {
		for p := range queue {
			_, err = develop(p) // want `racyerr: a task writes err while askedBetween writes it`
			note(err)
		}
	})
	for range 4 {
		var p plate
		if p, err = next(); err != nil {
			break
		}
		queue <- p
	}
	close(queue)
	wg.Wait()
	return err
}

// emptyAgain empties the name before the tasks that set it if it is empty.
func emptyAgain(names []string) string {
	star := names[0]
	println(star)
	star = ""
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			if star == "" {
				star = name // want `racyerr: concurrent tasks write the same star`
			}
		})
	}
	wg.Wait()
	return star
}

// eitherRound may take one side in one round and the other in the next.
func eitherRound(plates []plate) int {
	sum := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		if len(p.stars) > 3 {
			wg.Go(func() {
				sum += len(p.stars) // want `racyerr: concurrent tasks write the same sum`
			})
		} else {
			sum++
		}
	}
	wg.Wait()
	return sum
}

// listed starts each of a list of functions.
func listed(p, q plate) (int, error) {
	var n int
	var err error
	steps := []func(){
		func() { n, err = develop(p) }, // want `racyerr: concurrent tasks write the same n` `racyerr: concurrent tasks write the same err`
		func() { _, err = develop(q) },
		func() { n++ },
	}
	var wg sync.WaitGroup
	for _, step := range steps {
		wg.Go(step)
	}
	wg.Wait()
	return n, err
}

// forReading updates the map while others may hold the same lock.
func forReading(plates []plate) map[int]int {
	var mu sync.RWMutex
	counts := map[int]int{}
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			mu.RLock()
			counts[p.id] = n // want `racyerr: concurrent tasks update the map counts`
			mu.RUnlock()
		})
	}
	wg.Wait()
	return counts
}

// lockEach has a lock for each task.
func lockEach(plates []plate) int {
	sum := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		var mu sync.Mutex
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			sum += p.id // want `racyerr: concurrent tasks write the same sum`
		})
	}
	wg.Wait()
	return sum
}

// noted writes into one buffer.
func noted(plates []plate) string {
	var report strings.Builder
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			fmt.Println(n)
			report.WriteString("done") // want `racyerr: concurrent tasks write the same report`
		})
	}
	wg.Wait()
	return report.String()
}

// printed prints into it.
func printed(plates []plate) string {
	var report strings.Builder
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			fmt.Fprintf(&report, "plate %d\n", n) // want `racyerr: concurrent tasks write the same report`
		})
	}
	wg.Wait()
	return report.String()
}

// roundsUnwaited starts another watch while the one before may still be there.
func roundsUnwaited(parent context.Context, turns <-chan bool, watch func(context.Context)) {
	var ctx context.Context
	for on := range turns {
		if on {
			ctx = context.WithoutCancel(parent) // want `racyerr: roundsUnwaited writes ctx while a task reads it`
			go func() { watch(ctx) }()
		}
	}
}

// askedOnce has asked for an error before the loop, and stores to the same variable in
// it: that is no flag.
func askedOnce(ctx context.Context, plates []plate) error {
	err := expose(ctx, plates[0])
	if err != nil {
		return err
	}
	n, err := develop(plates[0])
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			err = expose(ctx, p) // want `racyerr: concurrent tasks write the same err`
		})
	}
	wg.Wait()
	println(n)
	return err
}

// A rumour is asked for before it is told: two may find that it is not.
type rumour struct {
	told  atomic.Bool
	first string
}

func (r *rumour) tell(name string) {
	if r.told.Load() {
		return
	}
	r.told.Store(true)
	r.first = name // want `racyerr: a task writes r.first while rumour.tell writes it, without a lock`
}

func (r *rumour) watch(own string, peer <-chan string) {
	go func() { r.tell(<-peer) }()
	r.tell(own)
}

// unheard goes on without a word of the dome.
func unheard(ctx context.Context, dome func() (func(context.Context) error, <-chan struct{}), p plate) error {
	call, heard := dome()
	go func() { _ = call(ctx) }()
	ctx, cancel := context.WithCancel(ctx) // want `racyerr: unheard writes ctx while a task reads it, without a lock`
	defer cancel()
	<-heard
	return call(ctx)
}

// A hasty one says that it is over before it says how.
type hasty struct {
	done chan struct{}
	err  error
}

func (d *hasty) Wait() error {
	<-d.done
	return d.err
}

// over may wait or not.
func (d *hasty) over(sure bool) {
	if sure {
		<-d.done
	}
}

func hastily(failed error) error {
	d := &hasty{done: make(chan struct{})}
	told := make(chan error, 1)
	go func() { told <- d.Wait() }()
	close(d.done)
	d.err = failed // want `racyerr: hastily writes d.err while a task reads it, without a lock`
	return <-told
}

func hastilyMaybe(failed error, sure bool) error {
	d := &hasty{done: make(chan struct{})}
	told := make(chan error, 1)
	go func() {
		d.over(sure)
		told <- d.err
	}()
	d.err = failed // want `racyerr: hastilyMaybe writes d.err while a task reads it, without a lock`
	close(d.done)
	return <-told
}

// A shed has stars, and a lock that only one of its tasks is handed.
type shed struct {
	mu    sync.Mutex
	stars map[string]int
}

func (d *shed) handOver(name string, gone <-chan struct{}) {
	d.mu.Lock()
	go func() {
		<-gone
		delete(d.stars, name) // want `racyerr: a task updates the map d.stars while another task`
	}()
	go func() {
		defer d.mu.Unlock()
		d.stars[name]++
	}()
}

// firstNews hears of the camera in a literal, and writes what the camera may be writing.
func firstNews(p plate, news <-chan error) (err error) {
	failed := make(chan error, 1)
	go func() {
		_, err = develop(p) // want `racyerr: a task writes err while firstNews writes it`
		failed <- err
	}()
	err = func() error {
		select {
		case err = <-failed:
			return err
		case err = <-news:
			return err
		}
	}()
	return err
}

// openedLate sets, once the bench is made, what the literal looks at.
func openedLate() *loft {
	room := &loft{}
	room.bench = newBench(func(p plate) {
		go func() {
			if room.seen > 0 {
				_, _ = develop(p)
			}
		}()
	})
	room.seen = 1 // want `racyerr: openedLate writes room.seen while a task reads it`
	return room
}

// A foyer is entered under its lock.
type foyer struct {
	mu     sync.RWMutex
	guests map[string]int
	motto  *string
}

// opens gives the lock back before it writes.
func (l *foyer) opens(name, motto string) int {
	l.mu.Lock()
	l.guests[name]++
	go l.greets(name)
	l.mu.Unlock()
	if l.motto == nil {
		l.motto = &motto // want `racyerr: foyer.opens writes l.motto while a task reads it, without a lock; what is read is chance`
	}
	return len(motto)
}

func (l *foyer) greets(name string) {
	l.mu.RLock()
	_, known := l.guests[name]
	l.mu.RUnlock()
	if known {
		println(*l.motto)
	}
}

// opensTwice does hold it when it writes, but gives it back between two rounds.
func (l *foyer) opensTwice(names []string) {
	for _, name := range names {
		l.mu.Lock()
		l.motto = &name // want `racyerr: foyer.opensTwice writes l.motto while a task reads it, without a lock that keeps the two apart`
		go l.greets(name)
		l.mu.Unlock()
	}
}

// opensOrNot holds it in one of two cases.
func (l *foyer) opensOrNot(name, motto string, alone bool) {
	if !alone {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	go l.greets(name)
	l.motto = &motto // want `racyerr: foyer.opensOrNot writes l.motto while a task reads it, without a lock that keeps the two apart`
}
