package deadctx

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// ownName passes the derived context on under its own name.
func ownName(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return post(gctx, "summary") // want `deadctx: gctx is already cancelled here; g\.Wait cancelled it`
}

// secondGroup makes the second group from the first one's context.
func secondGroup(ctx context.Context, invoices, credits []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	h, hctx := errgroup.WithContext(ctx) // want `deadctx: ctx is already cancelled here`
	settleAll(h, hctx, credits)
	return h.Wait()
}

// nextRound makes each round's group from the context of the round before.
func nextRound(ctx context.Context, rounds [][]invoice) error {
	var g *errgroup.Group
	for _, invoices := range rounds {
		g, ctx = errgroup.WithContext(ctx) // want `deadctx: ctx is already cancelled here`
		settleAll(g, ctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// deferredBefore registers a clean-up that runs after Wait.
func deferredBefore(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		unlock(gctx) // want `deadctx: gctx is already cancelled here`
	}()
	settleAll(g, gctx, invoices)
	return g.Wait()
}

// deferredCall does so with a plain call.
func deferredCall(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	defer unlock(ctx) // want `deadctx: ctx is already cancelled here`
	settleAll(g, ctx, invoices)
	return g.Wait()
}

// deferredWait waits in a defer that runs before the one above it.
func deferredWait(ctx context.Context, invoices []invoice) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		unlock(gctx) // want `deadctx: gctx is already cancelled here`
	}()
	defer func() {
		err = errors.Join(err, g.Wait())
	}()
	settleAll(g, gctx, invoices)
	return settle(gctx, invoice{number: "fee", cents: 100})
}

// returned gives the dead context to its caller.
func returned(ctx context.Context, invoices []invoice) (context.Context, error) {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return gctx, nil // want `deadctx: gctx is already cancelled here`
}

type session struct {
	ctx     context.Context
	group   *errgroup.Group
	settled int
}

// stored keeps the dead context for later calls.
func (s *session) stored(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	s.settled += len(invoices)
	s.ctx = gctx // want `deadctx: gctx is already cancelled here`
	return nil
}

// storedInResult puts the dead context in what it returns.
func storedInResult(ctx context.Context, invoices []invoice) (*session, error) {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return &session{ctx: ctx, settled: len(invoices)}, nil // want `deadctx: ctx is already cancelled here`
}

// errTested believes that the caller gave up: Err is never nil here.
func errTested(ctx context.Context, invoices []invoice) (bool, error) {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return false, err
	}
	if ctx.Err() != nil { // want `deadctx: ctx is already cancelled here`
		return false, nil
	}
	return true, nil
}

// doneTested asks the channel.
func doneTested(ctx context.Context, invoices []invoice) (bool, error) {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return false, err
	}
	select {
	case <-gctx.Done(): // want `deadctx: gctx is already cancelled here`
		return false, nil
	default:
		return true, nil
	}
}

// endSeenOnOneWay has seen the end on one of the two ways to Wait only.
func endSeenOnOneWay(ctx context.Context, batches [][]invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, batch := range batches {
		if gctx.Err() != nil {
			break
		}
		settleAll(g, gctx, batch)
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return gctx.Err() // want `deadctx: gctx is already cancelled here`
}

// endSeenThenWork has seen the end, and works with the context all the same.
func endSeenThenWork(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	<-gctx.Done()
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(gctx) // want `deadctx: gctx is already cancelled here`
}

// derivedBefore derives a context before Wait and uses it after.
func derivedBefore(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	tctx := context.WithValue(gctx, tenantKey{}, "north")
	settleAll(g, tctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(tctx) // want `deadctx: tctx is already cancelled here`
}

// derivedAfter derives from the dead context; the timeout does not bring it back.
func derivedAfter(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	tctx, cancel := context.WithTimeout(gctx, time.Second) // want `deadctx: gctx is already cancelled here`
	defer cancel()
	return closeBooks(tctx)
}

// waitInHelper has another function wait.
func waitInHelper(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := finish(g); err != nil {
		return err
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here`
}

// watcherAfter starts a goroutine on the dead context.
func watcherAfter(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	go watch(ctx) // want `deadctx: ctx is already cancelled here`
	return nil
}

// requestAfter puts the dead context in a request.
func requestAfter(ctx context.Context, invoices []invoice) (*http.Request, error) {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, http.MethodGet, "https://ledger.example/", nil) // want `deadctx: ctx is already cancelled here`
}

// onlyIfWide makes a group on one path only; after it ctx is the dead one there.
func onlyIfWide(ctx context.Context, invoices []invoice) error {
	if len(invoices) > 10 {
		var g *errgroup.Group
		g, ctx = errgroup.WithContext(ctx)
		settleAll(g, ctx, invoices)
		if err := g.Wait(); err != nil {
			return err
		}
	} else {
		for _, inv := range invoices {
			if err := settle(ctx, inv); err != nil {
				return err
			}
		}
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here`
}

// failurePath uses the dead context to undo what was done.
func failurePath(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	err := g.Wait()
	if err != nil {
		return errors.Join(err, post(ctx, "undo")) // want `deadctx: ctx is already cancelled here`
	}
	return nil
}

// inField has group and context in fields.
func (s *session) inField(ctx context.Context, invoices []invoice) error {
	s.group, s.ctx = errgroup.WithContext(ctx)
	settleAll(s.group, s.ctx, invoices)
	if err := s.group.Wait(); err != nil {
		return err
	}
	return closeBooks(s.ctx) // want `deadctx: s\.ctx is already cancelled here; s\.group\.Wait cancelled it`
}

// localHelper calls a literal after Wait; the ctx that it holds was assigned.
func localHelper(ctx context.Context, invoices []invoice) error {
	tidy := func() error {
		return post(ctx, "tidy") // want `deadctx: ctx is already cancelled here`
	}
	g, ctx := errgroup.WithContext(ctx)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return tidy()
}

// retry starts again after a failure, on the context that died with it.
func retry(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err == nil {
		return nil
	}
	for _, inv := range invoices {
		if err := settle(gctx, inv); err != nil { // want `deadctx: gctx is already cancelled here`
			return err
		}
	}
	return nil
}

// fold is generic.
func fold[T, R any](ctx context.Context, items []T, one func(context.Context, T) (R, error), all func(context.Context, []R) error) error {
	results := make([]R, len(items))
	g, ctx := errgroup.WithContext(ctx)
	for i, item := range items {
		g.Go(func() (err error) {
			results[i], err = one(ctx, item)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return all(ctx, results) // want `deadctx: ctx is already cancelled here`
}

// inTask has the same within a task of another group.
func inTask(ctx context.Context, regions [][]invoice) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, invoices := range regions {
		outer.Go(func() error {
			g, ctx := errgroup.WithContext(octx)
			settleAll(g, ctx, invoices)
			if err := g.Wait(); err != nil {
				return err
			}
			return post(ctx, "region") // want `deadctx: ctx is already cancelled here`
		})
	}
	return outer.Wait()
}

// waiterBeside has a goroutine wait, and posts what it receives with the group's
// context, which ends with the last task.
func waiterBeside(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	done := make(chan string)
	for _, inv := range invoices {
		g.Go(func() error {
			if err := settle(gctx, inv); err != nil {
				return err
			}
			select {
			case done <- "settled":
			case <-gctx.Done():
			}
			return nil
		})
	}
	var failed error
	go func() {
		failed = g.Wait()
		close(done)
	}()
	for entry := range done {
		if err := post(gctx, entry); err != nil { // want `deadctx: gctx is cancelled while waiterBeside still works with it; another goroutine calls g\.Wait`
			return err
		}
	}
	return failed
}

// methodValue keeps the method that asks for the end.
func methodValue(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	closing := gctx.Done
	<-closing() // want `deadctx: gctx is already cancelled here; g\.Wait cancelled it`
	return nil
}

// methodExpression asks by a function that takes the context.
func methodExpression(ctx context.Context, invoices []invoice) error {
	g, gctx := errgroup.WithContext(ctx)
	settleAll(g, gctx, invoices)
	closing := context.Context.Done
	if err := g.Wait(); err != nil {
		return err
	}
	<-closing(gctx) // want `deadctx: gctx is already cancelled here; g\.Wait cancelled it`
	return nil
}

// refundsLate pays back with the group's context, by a function that is not seen.
func refundsLate(ctx context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, inv := range invoices {
		g.Go(func() error { return settle(ctx, inv) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return refund(ctx, invoices[0]) // want `deadctx: ctx is already cancelled here`
}

// otherName uses the group's context, which has a name of its own, for what comes after:
// the fix names the caller's.
func otherName(parent context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(parent)
	settleAll(g, ctx, invoices)
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here; g\.Wait cancelled it`
}

// otherNow has another context in the caller's variable by then: there is no fix.
func otherNow(parent context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(parent)
	settleAll(g, ctx, invoices)
	parent = context.WithValue(parent, tenantKey{}, "north")
	if err := g.Wait(); err != nil {
		return err
	}
	if err := closeBooks(parent); err != nil {
		return err
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here; g\.Wait cancelled it`
}

// onlyUse has no other use of the group's context: without it, the variable is in the way.
func onlyUse(parent context.Context, invoices []invoice) error {
	g, ctx := errgroup.WithContext(parent)
	for _, inv := range invoices {
		g.Go(func() error { return post(context.WithoutCancel(parent), inv.number) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return closeBooks(ctx) // want `deadctx: ctx is already cancelled here; g\.Wait cancelled it`
}
