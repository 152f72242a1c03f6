package droppedwait

import (
	"context"
	"errors"
	"sync"
)

// Groups of the package's own, which count with a WaitGroup and keep the errors
// themselves.

// A convoy keeps all errors in a list.
type convoy struct {
	wg   sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

func (c *convoy) Go(f func() error) {
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		if err := f(); err != nil {
			c.mu.Lock()
			c.errs = append(c.errs, err)
			c.mu.Unlock()
		}
	}()
}

func (c *convoy) Wait() []error {
	c.wg.Wait()
	return c.errs
}

// A relay joins the errors, under a lock, and runs the function in a method of its own.
type relay struct {
	wg  sync.WaitGroup
	mu  sync.Mutex
	err error
}

func newRelay() *relay { return &relay{} }

func (r *relay) Start(f func() error) {
	r.wg.Add(1)
	go r.run(f)
}

func (r *relay) run(f func() error) {
	defer r.wg.Done()
	if err := f(); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.err = errors.Join(r.err, err)
	}
}

func (r *relay) Join() error {
	r.wg.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// A pair keeps the first error, once, and tells it by another method too.
type pair struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

func (p *pair) Go(f func() error) {
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		if err := f(); err != nil {
			p.once.Do(func() { p.err = err })
		}
	}()
}

func (p *pair) Wait() error {
	p.wg.Wait()
	return p.err
}

func (p *pair) Err() error { return p.err }

// A porch gives back an error that is not its tasks'.
type porch struct {
	wg   sync.WaitGroup
	last error
	full error
}

func (p *porch) Go(f func() error) {
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		p.last = f()
	}()
}

func (p *porch) Wait() error {
	p.wg.Wait()
	return p.full
}

func convoyDropped(ctx context.Context, parcels []parcel) {
	var c convoy
	for _, p := range parcels {
		c.Go(func() error { return deliver(ctx, p) })
	}
	c.Wait() // want `droppedwait: the error of c\.Wait is dropped`
}

func convoyRead(ctx context.Context, parcels []parcel) error {
	var c convoy
	for _, p := range parcels {
		c.Go(func() error { return deliver(ctx, p) })
	}
	return errors.Join(c.Wait()...)
}

// convoyLooked looks at the list itself.
func convoyLooked(ctx context.Context, parcels []parcel) int {
	var c convoy
	for _, p := range parcels {
		c.Go(func() error { return deliver(ctx, p) })
	}
	c.Wait()
	return len(c.errs)
}

// convoySure has tasks that do not fail.
func convoySure(parcels []parcel) {
	var c convoy
	for _, p := range parcels {
		c.Go(func() error { return weigh(p) })
	}
	c.Wait()
}

// convoySlots keeps the errors in slots too.
func convoySlots(ctx context.Context, parcels []parcel) []error {
	errs := make([]error, len(parcels))
	var c convoy
	for i, p := range parcels {
		c.Go(func() error {
			errs[i] = deliver(ctx, p)
			return errs[i]
		})
	}
	c.Wait()
	return errs
}

// convoyGiven belongs to the caller, who can wait again.
func convoyGiven(ctx context.Context, c *convoy, parcels []parcel) {
	for _, p := range parcels {
		c.Go(func() error { return deliver(ctx, p) })
	}
	c.Wait()
}

func relayDropped(ctx context.Context, parcels []parcel) error {
	r := newRelay()
	for _, p := range parcels {
		r.Start(func() error { return deliver(ctx, p) })
	}
	r.Join() // want `droppedwait: the error of r\.Join is dropped`
	return nil
}

func relayDeferred(ctx context.Context, parcels []parcel) error {
	r := &relay{}
	defer r.Join() // want `droppedwait: the error of r\.Join is dropped`
	for _, p := range parcels {
		r.Start(func() error { return deliver(ctx, p) })
	}
	return nil
}

// relayNetted waits on every path and looks on the one that succeeds.
func relayNetted(ctx context.Context, parcels []parcel) error {
	r := newRelay()
	defer r.Join()
	for _, p := range parcels {
		if p.address == "" {
			return errNobodyHome
		}
		r.Start(func() error { return deliver(ctx, p) })
	}
	return r.Join()
}

func relayNoted(ctx context.Context, parcels []parcel) {
	r := newRelay()
	for _, p := range parcels {
		r.Start(func() error { return deliver(ctx, p) })
	}
	_ = r.Join() // late parcels come back tomorrow
}

func pairDropped(ctx context.Context, a, b parcel) {
	p := &pair{}
	p.Go(func() error { return deliver(ctx, a) })
	p.Go(func() error { return deliver(ctx, b) })
	p.Wait() // want `droppedwait: the error of p\.Wait is dropped`
}

// pairAsked asks another method for the error.
func pairAsked(ctx context.Context, a, b parcel) error {
	p := &pair{}
	p.Go(func() error { return deliver(ctx, a) })
	p.Go(func() error { return deliver(ctx, b) })
	p.Wait()
	return p.Err()
}

func porchDropped(ctx context.Context, a parcel) {
	p := &porch{}
	p.Go(func() error { return deliver(ctx, a) })
	p.Wait()
}
