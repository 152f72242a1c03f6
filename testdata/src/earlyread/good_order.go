package earlyread

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// overTwo reads before it lets the first task go on, which lets the second write.
func overTwo() int {
	apples := 1
	first, second, done := make(chan int), make(chan int), make(chan int)
	go func() {
		defer close(second)
		<-first
	}()
	go func() { <-second; apples = 2; close(done) }()
	n := apples
	first <- 1
	<-done
	return n
}

// throughAnother is told of the weight by a task that has waited for it.
func throughAnother(ctx context.Context, c crate) int {
	apples := 0
	weighed, told := make(chan struct{}), make(chan struct{})
	go func() {
		apples, _ = weigh(ctx, c)
		close(weighed)
	}()
	go func() {
		<-weighed
		close(told)
	}()
	<-told
	return apples
}

// inOnce waits in a function that once runs in place.
func inOnce(once *sync.Once, c crate) int {
	apples := 0
	var wg sync.WaitGroup
	wg.Go(func() { apples = c.apples })
	once.Do(func() { wg.Wait() })
	return apples
}

// onlyThen reads the weight in the case that tells of it.
func onlyThen(ctx context.Context, s scale) (int, error) {
	var grams int
	read := make(chan error, 1)
	go func() {
		var err error
		grams, err = s.Read()
		read <- err
	}()
	select {
	case err := <-read:
		return grams, err
	case <-ctx.Done():
		s.Close()
		return 0, ctx.Err()
	}
}

// causeLast asks after it has waited; causeAtEnd once the context has ended.
func causeLast(parent context.Context, crates []crate) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, c := range crates {
		if context.Cause(ctx) != nil {
			break
		}
		wg.Go(func() {
			if _, err := weigh(ctx, c); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func causeAtEnd(parent context.Context, c crate) error {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		_, err := weigh(ctx, c)
		cancel(err)
	}()
	<-ctx.Done()
	return context.Cause(ctx)
}

// readToEnd is done when the other side has closed the pipe.
func readToEnd(from any) ([]byte, error) {
	r, w := io.Pipe()
	var failed error
	go func() {
		failed = json.NewEncoder(w).Encode(from)
		w.Close()
	}()
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return all, failed
}

// decodedAll goes on to the end of the pipe.
func decodedAll(from any) (n int, err error) {
	r, w := io.Pipe()
	var failed error
	go func() {
		failed = json.NewEncoder(w).Encode(from)
		w.Close()
	}()
	for dec := json.NewDecoder(r); ; n++ {
		var c crate
		if err := dec.Decode(&c); err == io.EOF {
			return n, failed
		} else if err != nil {
			return n, err
		}
	}
}

// bubbled runs where the test waits until every goroutine has come to rest.
func bubbled(loads []crate) (total int) {
	for _, c := range loads[:1] {
		go func() { total += c.apples }()
	}
	synctest.Wait()
	return total
}

// sentEach has each parcel counted out by a goroutine that starts after the parcel was
// written down.
func sentEach(loads []crate, send func(crate)) (sent []crate) {
	var wg sync.WaitGroup
	wg.Add(len(loads))
	go func() {
		for _, c := range loads {
			sent = append(sent, c)
			go func() {
				defer wg.Done()
				send(c)
			}()
		}
	}()
	wg.Wait()
	return sent
}

// A depot lends crates; who finds none waits for one that comes back.
type depot struct {
	mu      sync.Mutex
	free    []crate
	waiting []*order
}

type order struct{ ready chan crate }

func (d *depot) take(ctx context.Context) (crate, error) {
	d.mu.Lock()
	if n := len(d.free); n > 0 {
		c := d.free[n-1]
		d.free = d.free[:n-1]
		d.mu.Unlock()
		return c, nil
	}
	o := &order{ready: make(chan crate, 1)}
	d.waiting = append(d.waiting, o)
	d.mu.Unlock()
	select {
	case c := <-o.ready:
		return c, nil
	case <-ctx.Done():
		return crate{}, ctx.Err()
	}
}

func (d *depot) bring(c crate) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) > 0 {
		d.waiting[0].ready <- c
		d.waiting = d.waiting[1:]
		return
	}
	d.free = append(d.free, c)
}

// lent takes what the task brings back.
func lent(ctx context.Context, d *depot, c crate) (time.Duration, error) {
	var back time.Time
	go func() {
		back = time.Now()
		d.bring(c)
	}()
	if _, err := d.take(ctx); err != nil {
		return 0, err
	}
	return time.Since(back), nil
}

// A yard is a depot with a long way to the gate.
type yard struct {
	depot
	log []string
}

func (y *yard) arrive(c crate)  { y.weighed(c) }
func (y *yard) weighed(c crate) { y.washed(c) }
func (y *yard) washed(c crate)  { y.stamped(c) }
func (y *yard) stamped(c crate) { y.opened(c) }
func (y *yard) opened(c crate)  { y.bring(c) }

// cameBack is told by what is called too deep to be followed.
func cameBack(ctx context.Context, c crate) (time.Duration, error) {
	y := &yard{}
	var back time.Time
	go func() {
		back = time.Now()
		y.arrive(c)
	}()
	if _, err := y.take(ctx); err != nil {
		return 0, err
	}
	return time.Since(back), nil
}

// flagged looks at one flag of many until it is set.
func flagged(weigh func() int) int {
	done := make([]atomic.Bool, 3)
	var n int
	for i := range done {
		go func() {
			n = weigh()
			done[i].Store(true)
		}()
		for !done[i].Load() {
			time.Sleep(time.Millisecond)
		}
	}
	return n
}

// lookedUntil has looked at the weight, under its lock, until it was there.
func lookedUntil(ctx context.Context, c crate) int {
	var mu sync.Mutex
	weight := 0
	go func() {
		w, _ := weigh(ctx, c)
		mu.Lock()
		weight = max(w, 1)
		mu.Unlock()
	}()
	for {
		mu.Lock()
		there := weight > 0
		mu.Unlock()
		if there {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return weight + 1
}

// lookedOnce has looked at it once.
func lookedOnce(ctx context.Context, c crate) int {
	var mu sync.Mutex
	weight := 0
	go func() {
		w, _ := weigh(ctx, c)
		mu.Lock()
		weight = max(w, 1)
		mu.Unlock()
	}()
	mu.Lock()
	there := weight > 0
	mu.Unlock()
	if !there {
		time.Sleep(time.Millisecond)
	}
	return weight + 1 // want `earlyread: lookedOnce reads weight before it has waited`
}
