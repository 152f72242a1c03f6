package earlyread

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"sync/atomic"
)

type scale interface {
	Read() (int, error)
	Close() error
}

// gaveUp reads the weight although it has stopped waiting for the scale.
func gaveUp(ctx context.Context, s scale) (int, error) {
	var grams int
	read := make(chan error, 1)
	go func() {
		var err error
		grams, err = s.Read()
		read <- err
	}()
	select {
	case err := <-read:
		if err != nil {
			return 0, err
		}
	case <-ctx.Done():
		s.Close()
	}
	return grams, nil // want `earlyread: gaveUp reads grams before it has waited`
}

// asked calls a function from outside before it reads; it waits for the task later.
func asked(ctx context.Context, c crate, note func()) int {
	apples := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		apples, _ = weigh(ctx, c)
		note()
	}()
	note()
	n := apples // want `earlyread: asked reads apples before it has waited`
	<-done
	return n
}

// causeFirst asks why the weighing was cancelled before it has waited.
func causeFirst(parent context.Context, crates []crate) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, c := range crates {
		wg.Go(func() {
			if _, err := weigh(ctx, c); err != nil {
				cancel(err)
			}
		})
	}
	cause := context.Cause(ctx) // want `earlyread: causeFirst reads the cause of ctx before it has waited`
	wg.Wait()
	return cause
}

// decoded has what it wants before the other side is done: the decoder stops at the end
// of the value.
func decoded(from, into any) error {
	r, w := io.Pipe()
	var failed error
	go func() {
		failed = json.NewEncoder(w).Encode(from)
		w.Close()
	}()
	if err := json.NewDecoder(r).Decode(into); err != nil {
		return err
	}
	return failed // want `earlyread: decoded reads failed before it has waited`
}

// startedFirst writes the parcel down when the goroutine that counts it out may be over.
func startedFirst(loads []crate, send func(crate)) (sent []crate) {
	var wg sync.WaitGroup
	wg.Add(len(loads))
	go func() {
		for _, c := range loads {
			go func() {
				defer wg.Done()
				send(c)
			}()
			sent = append(sent, c)
		}
	}()
	wg.Wait()
	return sent // want `earlyread: startedFirst reads sent without having waited for the task that writes it`
}

// A ledger only writes down what arrives.
type ledger struct{ lines []string }

func (l *ledger) arrive(s string)  { l.weighed(s) }
func (l *ledger) weighed(s string) { l.opened(s) }
func (l *ledger) opened(s string)  { l.lines = append(l.lines, s) }

// writtenDown is told by nobody.
func writtenDown(s string) int {
	l := &ledger{}
	n := 0
	go func() {
		n = len(s)
		l.arrive(s)
	}()
	return n // want `earlyread: writtenDown reads n before it has waited for the task that writes it`
}

// unflagged looks at no flag.
func unflagged(weigh func() int) int {
	done := make([]atomic.Bool, 3)
	var n int
	go func() {
		n = weigh()
		done[0].Store(true)
	}()
	return n // want `earlyread: unflagged reads n before it has waited for the task that writes it`
}

// byIndex starts the functions of an array, and looks before it waits.
func byIndex(crates []crate) (int, error) {
	var failed error
	out := make(chan crate, len(crates))
	jobs := [...]func(){
		func() { failed = load(crates, out) },
		func() { out <- crate{} },
	}
	var wg sync.WaitGroup
	for i := range jobs {
		wg.Go(jobs[i])
	}
	if failed != nil { // want `earlyread: byIndex reads failed before it has waited for the task that writes it`
		return 0, failed
	}
	wg.Wait()
	return len(out), failed
}
