package lostsend

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// firstShelf takes one answer of many.
func firstShelf(ctx context.Context, titles []string) string {
	shelves := make(chan string)
	for _, title := range titles {
		go func() {
			shelf, _ := lookUp(ctx, title)
			shelves <- shelf // want `lostsend: .* blocks for ever sending on shelves`
		}()
	}
	return <-shelves
}

// timedOut gives up before the answer is there.
func timedOut(ctx context.Context, title string, d time.Duration) error {
	done := make(chan error)
	go func() {
		done <- renew(ctx, title) // want `lostsend: .* blocks for ever sending on done`
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(d):
		return context.DeadlineExceeded
	}
}

// deadline gives up when its context ends, and nobody tells the task.
func deadline(ctx context.Context, title string, d time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	there := make(chan bool)
	go func() {
		there <- onShelf(title) // want `lostsend: .* blocks for ever sending on there`
	}()
	select {
	case ok := <-there:
		return ok, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// breakOut stops receiving at the first book that is there.
func breakOut(titles []string) (seen int) {
	there := make(chan bool)
	for _, title := range titles {
		go func() { there <- onShelf(title) }() // want `lostsend: .* blocks for ever sending on there`
	}
	for range titles {
		seen++
		if <-there {
			break
		}
	}
	return seen
}

// ownFailure returns when its own work fails, before it receives.
func ownFailure(ctx context.Context, title, reader string) (string, error) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(ctx, title)
		shelves <- shelf // want `lostsend: .* blocks for ever sending on shelves`
	}()
	if err := validate(reader); err != nil {
		return "", err
	}
	return <-shelves, nil
}

// twoSends receives once what is sent twice.
func twoSends(ctx context.Context, title string) string {
	news := make(chan string)
	go func() {
		news <- "looking for " + title
		shelf, _ := lookUp(ctx, title)
		news <- shelf // want `lostsend: .* blocks for ever sending on news`
	}()
	return <-news
}

// statusAndError takes the status or the error, and after a failure there are both.
func statusAndError(ctx context.Context, title string) error {
	status := make(chan int)
	errs := make(chan error)
	go func() {
		err := renew(ctx, title)
		status <- len(title)
		if err != nil {
			errs <- err // want `lostsend: .* blocks for ever sending on errs`
		}
	}()
	select {
	case <-status:
		return nil
	case err := <-errs:
		return err
	}
}

// generator is left before it has sent everything.
func generator(titles []string) string {
	list := func() <-chan string {
		out := make(chan string)
		go func() {
			defer close(out)
			for _, title := range titles {
				out <- title // want `lostsend: .* blocks for ever sending on out`
			}
		}()
		return out
	}
	for title := range list() {
		if onShelf(title) {
			return title
		}
	}
	return ""
}

// ownContext watches a context that nobody cancels.
func ownContext(titles []string) string {
	ctx := context.Background()
	out := make(chan string)
	go func() {
		defer close(out)
		for _, title := range titles {
			select { // want `lostsend: .* blocks for ever sending on out`
			case out <- title:
			case <-ctx.Done():
				return
			}
		}
	}()
	for title := range out {
		if onShelf(title) {
			return title
		}
	}
	return ""
}

// roomForOne has room for one of the errors and takes one.
func roomForOne(ctx context.Context, titles []string) error {
	errs := make(chan error, 1)
	for _, title := range titles {
		go func() {
			errs <- renew(ctx, title) // want `lostsend: .* blocks for ever sending on errs`
		}()
	}
	return <-errs
}

// eachRound makes a channel in each round and leaves it when the time is over.
func eachRound(ctx context.Context, titles []string, d time.Duration) (late int) {
	for _, title := range titles {
		done := make(chan error)
		go func() {
			done <- renew(ctx, title) // want `lostsend: .* blocks for ever sending on done`
		}()
		select {
		case <-done:
		case <-time.After(d):
			late++
		}
	}
	return late
}

// neverStarted leaves tasks behind that wait for the start.
func neverStarted(titles []string, reader string) error {
	start := make(chan struct{})
	for _, title := range titles {
		go func() {
			<-start // want `lostsend: .* blocks for ever receiving from start`
			note(title)
		}()
	}
	if err := validate(reader); err != nil {
		return err
	}
	close(start)
	return nil
}

// oneOrder waits for an order that is not sent after a failure.
func oneOrder(reader string) error {
	orders := make(chan string)
	go func() {
		note(<-orders) // want `lostsend: .* blocks for ever receiving from orders`
	}()
	if err := validate(reader); err != nil {
		return err
	}
	orders <- reader
	return nil
}

// openAfterError does not close the channel when a title is refused.
func openAfterError(titles []string, n int) error {
	queue := make(chan string)
	for range n {
		go func() {
			for title := range queue { // want `lostsend: .* blocks for ever ranging over queue`
				note(title)
			}
		}()
	}
	for _, title := range titles {
		if err := validate(title); err != nil {
			return err
		}
		queue <- title
	}
	close(queue)
	return nil
}

// neverClosed counts the titles and forgets the workers.
func neverClosed(titles []string) {
	var noted sync.WaitGroup
	queue := make(chan string)
	go func() {
		for title := range queue { // want `lostsend: .* blocks for ever ranging over queue`
			note(title)
			noted.Done()
		}
	}()
	for _, title := range titles {
		noted.Add(1)
		queue <- title
	}
	noted.Wait()
}

// glance looks once whether the answer is there already.
func glance(ctx context.Context, title string) (string, bool) {
	shelves := make(chan string)
	go func() {
		shelf, _ := lookUp(ctx, title)
		shelves <- shelf // want `lostsend: .* blocks for ever sending on shelves`
	}()
	stroll()
	select {
	case shelf := <-shelves:
		return shelf, true
	default:
		return "", false
	}
}

// errorOrDone ends at the first error, and two tasks can fail.
func errorOrDone(ctx context.Context, titles []string) error {
	var wg sync.WaitGroup
	errs := make(chan error)
	done := make(chan struct{})
	for _, title := range titles {
		wg.Go(func() {
			if err := renew(ctx, title); err != nil {
				errs <- err // want `lostsend: .* blocks for ever sending on errs`
			}
		})
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

// A query has its answer sent to itself.
type query struct {
	title  string
	answer chan string
}

// askedAndLeft does not wait for the answer to its query.
func askedAndLeft(ctx context.Context, title, reader string) string {
	q := query{title: title, answer: make(chan string)}
	go func() {
		shelf, _ := lookUp(ctx, q.title)
		q.answer <- shelf // want `lostsend: .* blocks for ever sending on .*answer`
	}()
	if validate(reader) != nil {
		return ""
	}
	return <-q.answer
}

// leavingCollector has another goroutine receive, which leaves at the first error.
func leavingCollector(ctx context.Context, titles []string) (first error) {
	errs := make(chan error)
	for _, title := range titles {
		go func() {
			errs <- renew(ctx, title) // want `lostsend: .* blocks for ever sending on errs`
		}()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range titles {
			if err := <-errs; err != nil {
				first = err
				return
			}
		}
	}()
	<-done
	return first
}

// waitedElsewhere leaves the reading loop, and with it the tasks of a group.
func waitedElsewhere(ctx context.Context, titles []string) (string, error) {
	shelves := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for _, title := range titles {
		g.Go(func() error {
			shelf, err := lookUp(gctx, title)
			shelves <- shelf // want `lostsend: .* blocks for ever sending on shelves`
			return err
		})
	}
	for range titles {
		if shelf := <-shelves; shelf != "" {
			return shelf, nil
		}
	}
	return "", g.Wait()
}

type branch struct {
	closed chan struct{}
	count  func() error
}

// same gives back what it gets.
func same[T any](x T) T { return x }

// admit starts a method value that it got back from a call.
func admit(b *branch) {
	go same(b.stockTake)()
}

// stockTake leaves the last count behind when the branch closes.
//
// not run: the branch has to close while it counts.
func (b *branch) stockTake() {
	for {
		counted := make(chan error)
		go func() {
			counted <- b.count() // want `lostsend: .* blocks for ever sending on counted`
		}()
		select {
		case err := <-counted:
			if err == nil {
				return
			}
		case <-b.closed:
			return
		}
	}
}

// untilStopped leaves when somebody outside says so, and one of two sends is enough
// to keep the task: they are mended together.
func untilStopped(ctx context.Context, stop <-chan struct{}, titles []string) {
	shelves := make(chan string)
	go func() {
		for _, title := range titles {
			shelf, err := lookUp(ctx, title)
			if err != nil {
				shelves <- err.Error()
				continue
			}
			shelves <- shelf // want `lostsend: .* blocks for ever sending on shelves`
		}
	}()
	<-stop
}

type gates struct {
	names []string
	open  func(string) (int, error)
	guard func(int) error
	keys  []int
}

// man opens the gates one by one and has each guarded.
//
// not run: watch does it.
func (g *gates) man(left chan error) error {
	for _, name := range g.names {
		key, err := g.open(name)
		if err != nil {
			return err
		}
		g.keys = append(g.keys, key)
		go func() { left <- g.guard(key) }() // want `lostsend: the task blocks for ever sending on left; gates.watch returns without receiving from it`
	}
	return nil
}

// watch cannot find that there are no keys once a gate is guarded: the story is that a
// later gate does not open.
func (g *gates) watch() error {
	left := make(chan error)
	if err := g.man(left); err != nil {
		return err
	}
	if len(g.keys) == 0 {
		return errors.New("no gates")
	}
	for range len(g.keys) {
		if err := <-left; err != nil {
			return err
		}
	}
	return nil
}

// askWhy leaves when the group's context has ended, and asks for the reason at once.
func askWhy(ctx context.Context, titles []string) error {
	shelves := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	for _, title := range titles {
		g.Go(func() error {
			shelf, err := lookUp(gctx, title)
			if err != nil {
				return err
			}
			shelves <- shelf // want `lostsend: the task blocks for ever sending on shelves; askWhy returns without receiving from it`
			return nil
		})
	}
	for range titles {
		select {
		case <-shelves:
		case <-gctx.Done():
		}
		if err := context.Cause(gctx); err != nil {
			return err
		}
	}
	return g.Wait()
}
