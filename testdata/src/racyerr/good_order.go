package racyerr

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// answered asks for the answer to each plate before it gives out the next.
func answered(plates []plate, workers int) int {
	faulty := 0
	queue, done := make(chan plate), make(chan struct{})
	for range workers {
		go func() {
			for p := range queue {
				faulty += p.id
				done <- struct{}{}
			}
		}()
	}
	for _, p := range plates {
		queue <- p
		<-done
	}
	close(queue)
	return faulty
}

// chained starts a task for each plate, which waits for that of the plate before.
func chained(plates []plate) int {
	sum := 0
	before := make(chan struct{})
	close(before)
	for _, p := range plates {
		after := make(chan struct{})
		go func(before, after chan struct{}) {
			defer close(after)
			<-before
			sum += len(p.stars)
		}(before, after)
		before = after
	}
	<-before
	return sum
}

// passedOn gives one token to whoever is next.
func passedOn(plates []plate) int {
	sum := 0
	token := make(chan struct{})
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			<-token
			sum += len(p.stars)
			token <- struct{}{}
		})
	}
	token <- struct{}{}
	<-token
	wg.Wait()
	return sum
}

// lastOut lets the last one write.
func lastOut(plates []plate) int {
	last := 0
	var left atomic.Int64
	left.Store(int64(len(plates)))
	over := make(chan struct{})
	for _, p := range plates {
		go func() {
			develop(p)
			if left.Add(-1) == 0 {
				last = p.id
				close(over)
			}
		}()
	}
	<-over
	return last
}

// waitedInOnce waits in a function that once runs.
func waitedInOnce(once *sync.Once, p plate) int {
	var n int
	var wg sync.WaitGroup
	wg.Go(func() { n, _ = develop(p) })
	once.Do(func() { wg.Wait() })
	n++
	return n
}

type site struct {
	address string
	dome    dome
	wg      sync.WaitGroup
}

func (s *site) at(name string) string {
	if s.address == "" {
		s.address = "hill"
	}
	return s.address + "/" + name
}

// askedFirst has set the address before the tasks that would set it.
func askedFirst(s *site, names []string, look func(string)) {
	look(s.at("gate"))
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { look(s.at(name)) })
	}
	wg.Wait()
}

func (s *site) raise(make func() dome) { s.dome = make() }

func (s *site) watch() {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		s.dome.Turn("north")
	}()
}

// open raises the dome at once, or its task does; a watch runs only once it is there.
func (s *site) open(later bool, make func() dome) {
	if !later {
		s.raise(make)
		s.watch()
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		if s.dome == nil {
			s.raise(make)
			s.watch()
		}
		s.dome.Turn("south")
	}()
}

type night struct{ parallel int }

// oneSide starts tasks in all rounds or in none.
func (n *night) oneSide(plates []plate) []int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var counts []int
	for _, p := range plates {
		if n.parallel > 0 {
			wg.Go(func() {
				k, _ := develop(p)
				mu.Lock()
				counts = append(counts, k)
				mu.Unlock()
			})
		} else {
			k, _ := develop(p)
			counts = append(counts, k)
		}
	}
	wg.Wait()
	return counts
}

// numbered lets the task of the first plate write, told by its number.
func numbered(plates []plate) int {
	first := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			n, _ := develop(p)
			if p.id == 1 {
				first = n
			}
		})
	}
	wg.Wait()
	return first
}

// listedApart starts each of a list of functions, which have a variable each.
func listedApart(p, q plate) (int, int) {
	var n, k int
	steps := []func(){
		func() { n, _ = develop(p) },
		func() { k, _ = develop(q) },
	}
	var wg sync.WaitGroup
	for _, step := range steps {
		wg.Go(step)
	}
	wg.Wait()
	return n, k
}

// listedInTurn waits for each before the next.
func listedInTurn(p, q plate) (int, error) {
	var n int
	var err error
	for _, step := range []func(){
		func() { n, err = develop(p) },
		func() { n, err = develop(q) },
	} {
		var wg sync.WaitGroup
		wg.Go(step)
		wg.Wait()
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// readLocked reads with the lock for reading what another writes with the whole one.
func readLocked(plates []plate) int {
	var mu sync.RWMutex
	counts := map[int]int{}
	sum := 0
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			mu.RLock()
			n := counts[p.id]
			mu.RUnlock()
			mu.Lock()
			defer mu.Unlock()
			counts[p.id] = n + 1
			sum += n
		})
	}
	wg.Wait()
	return sum
}

// notedEach writes into a buffer of its own, and into the common one under a lock.
func notedEach(plates []plate) string {
	var mu sync.Mutex
	var report strings.Builder
	var wg sync.WaitGroup
	for range plates {
		wg.Go(func() {
			var line strings.Builder
			line.WriteString("done")
			mu.Lock()
			report.WriteString(line.String())
			mu.Unlock()
		})
	}
	wg.Wait()
	return report.String()
}

type slots interface {
	AcquireContext(ctx context.Context) bool
	Release()
}

type observer struct {
	mu    sync.Mutex
	slots slots
	seen  int
	late  int
}

// observe may be run by several at a time, as far as there are slots; what its deferred
// function does is done with a slot too.
func (o *observer) observe(ctx context.Context, p plate) (err error) {
	if !o.slots.AcquireContext(ctx) {
		return ctx.Err()
	}
	defer o.slots.Release()
	defer func() {
		if r := recover(); r != nil {
			o.seen++
		}
	}()
	_, err = develop(p)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.noteLocked()
	return err
}

func (o *observer) noteLocked() {
	o.seen++
	o.late++
}

// observeAll observes all plates at once, as far as there are slots.
func (o *observer) observeAll(ctx context.Context, plates []plate) {
	for _, p := range plates {
		go o.observe(ctx, p)
	}
}

// printedApart prints into a buffer each, or under the lock.
func printedApart(plates []plate) string {
	var mu sync.Mutex
	var all strings.Builder
	var wg sync.WaitGroup
	for _, p := range plates {
		wg.Go(func() {
			var own strings.Builder
			n, _ := develop(p)
			fmt.Fprintf(&own, "plate %d\n", n)
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprint(&all, own.String())
		})
	}
	wg.Wait()
	return all.String()
}

type guard struct {
	on  bool
	ctx context.Context
}

// rounds starts a watch when there is none, and waits for it before there is another.
func (g *guard) rounds(parent context.Context, turns <-chan bool, watch func(context.Context)) {
	var ctx context.Context
	var cancel context.CancelFunc
	var wg sync.WaitGroup
	for {
		on, more := <-turns
		if !more {
			return
		}
		if on {
			if !g.on {
				ctx, cancel = context.WithCancel(parent)
				wg.Add(1)
				go func() {
					defer wg.Done()
					watch(ctx)
				}()
				turn := -1
				println(turn)
				g.on = true
			}
		} else if g.on {
			cancel()
			wg.Wait()
			g.on = false
		}
	}
}

// A sighting is told once, by whoever comes first.
type sighting struct {
	told  atomic.Bool
	first string
}

func (s *sighting) tell(name string) {
	if s.told.Load() || !s.told.CompareAndSwap(false, true) {
		return
	}
	s.first = name
}

func (s *sighting) watch(own string, peer <-chan string) {
	go func() { s.tell(<-peer) }()
	s.tell(own)
}

// heardOf goes on when the dome has heard of it, which it tells on a channel of its own.
func heardOf(ctx context.Context, dome func() (func(context.Context) error, <-chan struct{}), p plate) error {
	call, heard := dome()
	go func() { _ = call(ctx) }()
	<-heard
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return call(ctx)
}

// A drain publishes its error by closing a channel.
type drain struct {
	done chan struct{}
	err  error
}

// Wait waits and tells in one.
func (d *drain) Wait() error {
	<-d.done
	return d.err
}

func (d *drain) over() { <-d.done }

// published waits in what the task calls.
func published(failed error) error {
	d := &drain{done: make(chan struct{})}
	told := make(chan error, 1)
	go func() { told <- d.Wait() }()
	d.err = failed
	close(d.done)
	return <-told
}

// publishedFirst waits in one call, and reads itself.
func publishedFirst(failed error) error {
	d := &drain{done: make(chan struct{})}
	told := make(chan error, 1)
	go func() {
		d.over()
		told <- d.err
	}()
	d.err = failed
	close(d.done)
	return <-told
}

// An attic has stars, by name.
type attic struct {
	mu    sync.Mutex
	stars map[string]int
}

// handOver gives the lock that it has taken to the task that unlocks it.
func (d *attic) handOver(name string, gone <-chan struct{}) {
	d.mu.Lock()
	go func() {
		<-gone
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.stars, name)
	}()
	go func() {
		defer d.mu.Unlock()
		d.stars[name]++
	}()
}

// onlyNews hears of the camera in a literal, before it writes.
func onlyNews(p plate) (err error) {
	failed := make(chan error, 1)
	go func() {
		_, err = develop(p)
		failed <- err
	}()
	err = func() error {
		err = <-failed
		return err
	}()
	return err
}

// allNews hears of all cameras in a literal, before it reads.
func allNews(plates []plate) (n int) {
	var mu sync.Mutex
	done := make(chan struct{})
	for _, p := range plates {
		go func() {
			mu.Lock()
			n += p.id
			mu.Unlock()
			done <- struct{}{}
		}()
	}
	func() {
		for range plates {
			<-done
		}
		n++
	}()
	return n
}

// A lobby is entered under its lock.
type lobby struct {
	mu     sync.RWMutex
	guests map[string]int
	motto  *string
}

// opens holds the lock until it returns, and the goroutine asks for it first.
func (l *lobby) opens(name, motto string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.welcomes(name)
	if l.motto == nil {
		l.motto = &motto
	}
	return len(motto)
}

func (l *lobby) welcomes(name string) { go l.greets(name) }

func (l *lobby) greets(name string) {
	l.mu.RLock()
	_, known := l.guests[name]
	l.mu.RUnlock()
	if known {
		println(*l.motto)
	}
}

// single starts as many goroutines as a constant says, which is one.
func single(plates []plate) int {
	const cooks = 1
	faulty, done := 0, make(chan struct{})
	for range cooks {
		go func() {
			for _, p := range plates {
				faulty += p.id
			}
			close(done)
		}()
	}
	<-done
	return faulty
}

// couple starts two.
func couple(plates []plate) int {
	const cooks = 2
	faulty, done := 0, make(chan struct{}, cooks)
	for range cooks {
		go func() {
			for _, p := range plates {
				faulty += p.id // want `racyerr: .*faulty`
			}
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	return faulty
}
