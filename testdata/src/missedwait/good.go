package missedwait

import (
	"context"
	"errors"
	"log"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// beforeSpawn leaves before the first task starts.
func beforeSpawn(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	if len(signals) == 0 {
		return nil
	}
	moveAll(g, gctx, signals)
	return g.Wait()
}

// waitOnFailure waits on the early path as well.
func waitOnFailure(ctx context.Context, signals []string, track string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if _, err := free(track); err != nil {
		return errors.Join(err, g.Wait())
	}
	return g.Wait()
}

// deferredWait waits on every path.
func deferredWait(tracks []string) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, track := range tracks {
		ok, err := free(track)
		if err != nil {
			return err
		}
		if ok {
			wg.Go(func() { inspect(track) })
		}
	}
	return nil
}

// deferredJoin waits in a deferred literal and joins the errors.
func deferredJoin(ctx context.Context, signals []string, track string) (err error) {
	g, gctx := errgroup.WithContext(ctx)
	defer func() {
		err = errors.Join(err, g.Wait())
	}()
	moveAll(g, gctx, signals)
	if _, err := free(track); err != nil {
		return err
	}
	return nil
}

// deferredLate registers the defer after the first task, before any return.
func deferredLate(tracks []string) error {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		inspect(tracks[0])
	}()
	defer wg.Wait()
	_, err := free(tracks[1])
	return err
}

// closer waits in a goroutine that closes the results; the range ends when all tasks did.
func closer(tracks []string) []string {
	found := make(chan string)
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			inspect(track)
			found <- track
		}()
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	var all []string
	for track := range found {
		all = append(all, track)
	}
	return all
}

// doneChannel waits in a goroutine and gives up when the caller does.
func doneChannel(ctx context.Context, tracks []string) error {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Go(func() { inspect(track) })
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// timeLimit has a function of the package do that.
func timeLimit(tracks []string) error {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Go(func() { inspect(track) })
	}
	if !waitOrTimeout(&wg, time.Minute) {
		return context.DeadlineExceeded
	}
	return nil
}

// resultChannel gets the result of Wait through a channel.
func resultChannel(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	over := make(chan error, 1)
	go func() { over <- g.Wait() }()
	select {
	case err := <-over:
		return err
	case <-time.After(time.Minute):
		return context.DeadlineExceeded
	}
}

// inHelper has another function wait.
func inHelper(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	return finish(g)
}

// inLocalHelper waits in a literal that every path calls.
func inLocalHelper(ctx context.Context, trains <-chan train) error {
	g, gctx := errgroup.WithContext(ctx)
	end := func(err error) error {
		return errors.Join(err, g.Wait())
	}
	for t := range trains {
		if t.track == "" {
			return end(errBlocked)
		}
		g.Go(func() error { return move(gctx, t.track) })
	}
	return end(nil)
}

// returned gives the group to its caller.
func returned(ctx context.Context, signals []string) *errgroup.Group {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	return g
}

// returnedWait gives its caller the method.
func returnedWait(tracks []string) (wait func()) {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Go(func() { inspect(track) })
	}
	return wg.Wait
}

// returnedLiteral gives its caller a literal that waits.
func returnedLiteral(ctx context.Context, signals []string) func() error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	return func() error { return g.Wait() }
}

// parameter leaves the waiting to its caller.
func parameter(g *errgroup.Group, ctx context.Context, signals []string) error {
	for _, signal := range signals {
		if signal == "" {
			return errNoName
		}
		g.Go(func() error { return move(ctx, signal) })
	}
	return nil
}

// parameterCount does so with a WaitGroup.
func parameterCount(wg *sync.WaitGroup, tracks []string) {
	for _, track := range tracks {
		wg.Add(1)
		go inspectCounted(wg, track)
	}
}

// A signalBox runs tasks from start to stop.
type signalBox struct {
	group   *errgroup.Group
	running sync.WaitGroup
	quit    chan struct{}
}

// start spawns; stop waits.
func (s *signalBox) start(ctx context.Context, signals []string) {
	s.group, ctx = errgroup.WithContext(ctx)
	for _, signal := range signals {
		s.group.Go(func() error { return move(ctx, signal) })
	}
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		<-s.quit
	}()
}

// stop waits for what start began.
func (s *signalBox) stop() error {
	close(s.quit)
	s.running.Wait()
	return s.group.Wait()
}

// stored puts a local group in a struct that its caller gets.
func stored(ctx context.Context, signals []string) *signalBox {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	return &signalBox{group: g, quit: make(chan struct{})}
}

// An interlocking embeds its group.
type interlocking struct {
	errgroup.Group
}

func (l *interlocking) lock(ctx context.Context, signal string) {
	l.Go(func() error { return move(ctx, signal) })
}

func (l *interlocking) settle() error {
	return l.Wait()
}

var (
	shunting sync.WaitGroup
	reserve  = make(chan *errgroup.Group, 1)
)

// shunt counts in a variable of the package.
func shunt(track string) {
	shunting.Go(func() { inspect(track) })
}

// closeYard waits for all that was shunted.
func closeYard() {
	shunting.Wait()
}

// handedOn sends the group to somebody else.
func handedOn(ctx context.Context, signals []string) {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	reserve <- g
}

// registered hands Wait to somebody who calls it at the end.
func registered(tracks []string, atEnd func(func())) error {
	var wg sync.WaitGroup
	atEnd(wg.Wait)
	for _, track := range tracks {
		ok, err := free(track)
		if err != nil {
			return err
		}
		if ok {
			wg.Go(func() { inspect(track) })
		}
	}
	return nil
}

// inTest has the test wait at its end.
func inTest(t *testing.T, tracks []string) {
	var wg sync.WaitGroup
	t.Cleanup(func() { wg.Wait() })
	for _, track := range tracks {
		wg.Go(func() { inspect(track) })
	}
}

// deferredCancel returns early, but the tasks end with the context that it cancels.
func deferredCancel(ctx context.Context, signals []string, track string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if _, err := free(track); err != nil {
		return err
	}
	return g.Wait()
}

// deferredClose returns early, but the tasks end with the channel that it closes.
func deferredClose(trains []train, track string) error {
	quit := make(chan struct{})
	defer close(quit)
	var wg sync.WaitGroup
	for _, t := range trains {
		wg.Go(func() {
			select {
			case <-quit:
			case <-time.After(time.Duration(t.number) * time.Second):
			}
		})
	}
	if _, err := free(track); err != nil {
		return err
	}
	wg.Wait()
	return nil
}

// correlated starts and waits under the same condition.
func correlated(ctx context.Context, signals []string, parallel bool) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if parallel {
			g.Go(func() error { return move(gctx, signal) })
			continue
		}
		if err := move(ctx, signal); err != nil {
			return err
		}
	}
	if parallel {
		return g.Wait()
	}
	return nil
}

// correlatedOnce does so without a loop.
func correlatedOnce(tracks []string, both bool) {
	var wg sync.WaitGroup
	if both {
		wg.Add(1)
		go inspectCounted(&wg, tracks[0])
	}
	inspect(tracks[1])
	if !both {
		return
	}
	wg.Wait()
}

// correlatedLength waits only where there was something to start.
func correlatedLength(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	if len(signals) > 0 {
		g.Go(func() error { return move(gctx, signals[0]) })
	}
	if len(signals) == 0 {
		return nil
	}
	return g.Wait()
}

// perBatch makes a group for each batch and waits for each.
func perBatch(ctx context.Context, lines [][]string) error {
	var g *errgroup.Group
	for _, signals := range lines {
		if len(signals) == 0 {
			return errNoName
		}
		var gctx context.Context
		g, gctx = errgroup.WithContext(ctx)
		moveAll(g, gctx, signals)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// inPortions waits whenever enough tasks were started, and at the end.
func inPortions(tracks []string) error {
	var wg sync.WaitGroup
	for i, track := range tracks {
		wg.Go(func() { inspect(track) })
		if i%10 == 9 {
			wg.Wait()
			if _, err := free(track); err != nil {
				return err
			}
		}
	}
	wg.Wait()
	return nil
}

// fatal ends the program.
func fatal(ctx context.Context, signals []string, track string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if ok, err := free(track); err != nil {
		log.Fatal(err)
	} else if !ok {
		os.Exit(2)
	}
	return g.Wait()
}

// panics ends the program too.
func panics(ctx context.Context, signals []string, track string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if ok, _ := free(track); !ok {
		panic(errBlocked)
	}
	return g.Wait()
}

// switched waits in every case.
func switched(ctx context.Context, signals []string, mode string) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	switch mode {
	case "night":
		return g.Wait()
	case "day":
		if err := g.Wait(); err != nil {
			return err
		}
		return nil
	default:
		err := g.Wait()
		return errors.Join(errBlocked, err)
	}
}

// endless waits at the one place where the loop is left.
func endless(ctx context.Context, trains <-chan train) error {
	g, gctx := errgroup.WithContext(ctx)
	for {
		select {
		case t, ok := <-trains:
			if !ok {
				return g.Wait()
			}
			g.Go(func() error { return move(gctx, t.track) })
		case <-gctx.Done():
			return g.Wait()
		}
	}
}

// labelled leaves two loops at once and waits behind them.
func labelled(ctx context.Context, lines [][]string) error {
	g, gctx := errgroup.WithContext(ctx)
lines:
	for _, signals := range lines {
		for _, signal := range signals {
			if signal == "" {
				break lines
			}
			g.Go(func() error { return move(gctx, signal) })
		}
	}
	return g.Wait()
}

// insideLiteral has a return in a literal, which is no return of the spawner.
func insideLiteral(ctx context.Context, signals []string) error {
	g, gctx := errgroup.WithContext(ctx)
	usable := func(signal string) error {
		if signal == "" {
			return errNoName
		}
		return nil
	}
	for _, signal := range signals {
		if usable(signal) != nil {
			continue
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

// itsTask waits in a task of another group.
func itsTask(ctx context.Context, signals []string) error {
	outer, octx := errgroup.WithContext(ctx)
	inner, ictx := errgroup.WithContext(octx)
	moveAll(inner, ictx, signals)
	outer.Go(inner.Wait)
	return outer.Wait()
}

// byHand waits with a channel for as many values as there are tasks.
func byHand(tracks []string) {
	inspected := make(chan string, len(tracks))
	for _, track := range tracks {
		go func() {
			inspect(track)
			inspected <- track
		}()
	}
	for range tracks {
		<-inspected
	}
}

// allItems is generic, and right.
func allItems[T any](items []T, check func(T) error, visit func(T)) (err error) {
	var wg sync.WaitGroup
	for _, item := range items {
		if err = check(item); err != nil {
			break
		}
		wg.Go(func() { visit(item) })
	}
	wg.Wait()
	return err
}

// admitted is refused only as the context ends, and the tasks with it.
func admitted(ctx context.Context, signals []string, crew *semaphore.Weighted) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := crew.Acquire(ctx, 1); err != nil {
			return err
		}
		g.Go(func() error {
			defer crew.Release(1)
			return move(gctx, signal)
		})
	}
	return g.Wait()
}

// paced asks a limiter, through a function of its own.
func paced(ctx context.Context, signals []string, pace *rate.Limiter) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		if err := pause(ctx, pace); err != nil {
			return err
		}
		g.Go(func() error { return move(gctx, signal) })
	}
	return g.Wait()
}

func pause(ctx context.Context, pace *rate.Limiter) error {
	if pace == nil {
		return nil
	}
	return pace.Wait(ctx)
}
