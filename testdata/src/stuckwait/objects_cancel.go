package stuckwait

import (
	"context"
	"sync"
)

// The lives of objects that keep a cancel function.

// A Quay has two hands, of whom one leaves when the quay is closed.
type Quay struct {
	stop  context.CancelFunc
	hands sync.WaitGroup
}

// Open lets ships come.
func (q *Quay) Open(ship string) {
	ctx, stop := context.WithCancel(context.Background())
	q.stop = stop
	crates := make(chan string)
	q.hands.Add(2)
	go func() {
		defer q.hands.Done()
		for {
			select {
			case <-ctx.Done():
				return
			case c := <-crates:
				_ = c
			}
		}
	}()
	go func() {
		defer q.hands.Done()
		for call(ship) == nil {
			crates <- ship
		}
	}()
}

// Close sends them home.
//
// not run: a client has to open the quay first.
func (q *Quay) Close() {
	q.stop()
	q.hands.Wait() // want `stuckwait: q.hands.Wait never returns; the task blocks for ever sending on crates`
}

// A Jetty is a Quay of which both hands watch the end.
type Jetty struct {
	stop  context.CancelFunc
	hands sync.WaitGroup
}

// Open lets ships come.
func (j *Jetty) Open(ship string) {
	ctx, stop := context.WithCancel(context.Background())
	j.stop = stop
	crates := make(chan string)
	j.hands.Add(2)
	go func() {
		defer j.hands.Done()
		for {
			select {
			case <-ctx.Done():
				return
			case c := <-crates:
				_ = c
			}
		}
	}()
	go func() {
		defer j.hands.Done()
		for call(ship) == nil {
			select {
			case crates <- ship:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// Close sends them home.
//
// not run: a client has to open the jetty first.
func (j *Jetty) Close() {
	j.stop()
	j.hands.Wait()
}

// A Buoy waits for its light before it tells it to go out.
type Buoy struct {
	stop context.CancelFunc
	out  chan struct{}
}

// Light lights it.
func (b *Buoy) Light() {
	ctx, stop := context.WithCancel(context.Background())
	b.stop, b.out = stop, make(chan struct{})
	go func() {
		defer close(b.out)
		<-ctx.Done()
	}()
}

// Close puts it out.
//
// not run: a client has to light the buoy first.
func (b *Buoy) Close() {
	<-b.out // want `stuckwait: Buoy.Close blocks for ever receiving from b.out; the task blocks for ever receiving from ctx.Done`
	b.stop()
}

// A Flare is told to go out first.
type Flare struct {
	stop context.CancelFunc
	out  chan struct{}
}

// Light lights it.
func (f *Flare) Light() {
	ctx, stop := context.WithCancel(context.Background())
	f.stop, f.out = stop, make(chan struct{})
	go func() {
		defer close(f.out)
		<-ctx.Done()
	}()
}

// Close puts it out.
//
// not run: a client has to light the flare first.
func (f *Flare) Close() {
	f.stop()
	<-f.out
}

// A Raft may be told to stop by its clients too, before Close waits.
type Raft struct {
	stop context.CancelFunc
	out  chan struct{}
}

// Float sets it afloat.
func (r *Raft) Float() {
	ctx, stop := context.WithCancel(context.Background())
	r.stop, r.out = stop, make(chan struct{})
	go func() {
		defer close(r.out)
		<-ctx.Done()
	}()
}

// Stop tells it to stop.
//
// not run: a client has to set the raft afloat first.
func (r *Raft) Stop() { r.stop() }

// Close waits for its end.
//
// not run: a client has to set the raft afloat first.
func (r *Raft) Close() { <-r.out }
