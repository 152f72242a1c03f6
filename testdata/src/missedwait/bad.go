package missedwait

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// afterSpawn returns the error of the spawner's own work, after the tasks were started.
func afterSpawn(ctx context.Context, signals []string, track string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		g.Go(func() error { return move(gctx, signal) })
	}
	if _, err := free(track); err != nil {
		return fmt.Errorf("track %s: %w", track, err) // want `missedwait: .* returns without g\.Wait`
	}
	return g.Wait()
}

// severalReturns leaves early at two places.
func severalReturns(ctx context.Context, signals []string, track string) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	ok, err := free(track)
	if err != nil {
		return 0, err // want `missedwait: .* returns without g\.Wait`
	}
	if !ok {
		return 0, errBlocked // the same cause, told in the steps
	}
	return len(signals), g.Wait()
}

// oneBranch waits only where it is asked to.
func oneBranch(ctx context.Context, signals []string, strict bool) error {
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if strict {
		return g.Wait()
	}
	return nil // want `missedwait: .* returns without g\.Wait`
}

// oneCase forgets one case of a switch.
func oneCase(ctx context.Context, signals []string, mode string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return move(gctx, signals[0]) })
	switch mode {
	case "night":
		return g.Wait()
	case "test":
		return nil // want `missedwait: .* returns without g\.Wait`
	default:
		g.Go(func() error { return move(gctx, signals[1]) })
	}
	return g.Wait()
}

// timedOut does not wait for the tasks when the time is over.
func timedOut(ctx context.Context, signals []string, d time.Duration) error {
	moved := make(chan string, len(signals))
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		g.Go(func() error {
			defer func() { moved <- signal }()
			return move(gctx, signal)
		})
	}
	for range signals {
		select {
		case <-moved:
		case <-time.After(d):
			return context.DeadlineExceeded // want `missedwait: .* returns without g\.Wait`
		}
	}
	return g.Wait()
}

// neverAtAll starts tasks and forgets the group.
func neverAtAll(ctx context.Context, signals []string) {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		g.Go(func() error { return move(gctx, signal) }) // want `missedwait: nothing ever waits for g; its tasks outlive neverAtAll and their errors are lost`
	}
}

// neverPlain does so with a group made with new; the finding is at the first of two tasks.
func neverPlain(ctx context.Context) int {
	g := new(errgroup.Group)
	g.Go(func() error { return move(ctx, "north") }) // want `missedwait: nothing ever waits for g`
	g.Go(func() error { return move(ctx, "south") })
	return 2
}

// neverZero does so with a variable, and with a helper that does not wait either.
func neverZero(ctx context.Context) {
	var g errgroup.Group
	limit(&g)
	g.Go(func() error { return move(ctx, "north") }) // want `missedwait: nothing ever waits for g`
}

// neverLocalStarter starts its tasks with a local helper.
func neverLocalStarter(ctx context.Context, signals []string) {
	g, gctx := errgroup.WithContext(ctx)
	start := func(signal string) {
		g.Go(func() error { return move(gctx, signal) }) // want `missedwait: nothing ever waits for g`
	}
	for _, signal := range signals {
		start(signal)
	}
}

// neverTryGo starts its task with TryGo.
func neverTryGo(ctx context.Context) bool {
	var g errgroup.Group
	g.SetLimit(1)
	return g.TryGo(func() error { return move(ctx, "north") }) // want `missedwait: nothing ever waits for g`
}

// countedEarly returns between the go statements and Wait.
func countedEarly(tracks []string) (int, error) {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			inspect(track)
		}()
	}
	ok, err := free(tracks[0])
	if err != nil {
		return 0, err // want `missedwait: .* returns without wg\.Wait`
	}
	wg.Wait()
	if !ok {
		return 0, errBlocked
	}
	return len(tracks), nil
}

// countedInLoop returns from the loop that starts the tasks.
func countedInLoop(tracks []string) error {
	var wg sync.WaitGroup
	for i := 0; i < len(tracks); i++ {
		if ok, _ := free(tracks[i]); !ok {
			return errBlocked // want `missedwait: .* returns without wg\.Wait`
		}
		wg.Go(func() { inspect(tracks[i]) })
	}
	wg.Wait()
	return nil
}

// countedNever counts and never waits.
func countedNever(tracks []string) {
	var wg sync.WaitGroup
	for _, track := range tracks {
		wg.Add(1)
		go func() { // want `missedwait: nothing ever waits for wg; its tasks outlive countedNever`
			defer wg.Done()
			inspect(track)
		}()
	}
}

// countedNeverGo does so with the WaitGroup's own Go.
func countedNeverGo(tracks []string) int {
	wg := new(sync.WaitGroup)
	for _, track := range tracks {
		wg.Go(func() { inspect(track) }) // want `missedwait: nothing ever waits for wg; its tasks outlive countedNeverGo`
	}
	return len(tracks)
}

// countedNamed starts a named function, with its arguments bound.
func countedNamed(tracks []string, trial bool) {
	var wg sync.WaitGroup
	wg.Add(len(tracks))
	for _, track := range tracks {
		go inspectCounted(&wg, track)
	}
	if trial {
		return // want `missedwait: .* returns without wg\.Wait`
	}
	wg.Wait()
}

func inspectCounted(wg *sync.WaitGroup, track string) {
	defer wg.Done()
	inspect(track)
}

// recovered panics after the tasks were started, and recovers.
func recovered(ctx context.Context, signals []string, track string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("route: %v", r)
		}
	}()
	g, gctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	if ok, _ := free(track); !ok {
		panic(errBlocked) // want `missedwait: .*\bg\.Wait`
	}
	return g.Wait()
}

// eachLine makes a group for each line and leaves one behind.
func eachLine(ctx context.Context, lines [][]string) error {
	for _, signals := range lines {
		g, gctx := errgroup.WithContext(ctx)
		moveAll(g, gctx, signals)
		if len(signals) > 100 {
			return errBlocked // want `missedwait: .* returns without g\.Wait`
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// twoGroups waits for the first group and returns before it has waited for the second.
func twoGroups(ctx context.Context, signals, switches []string) error {
	g, gctx := errgroup.WithContext(ctx)
	h, hctx := errgroup.WithContext(ctx)
	moveAll(g, gctx, signals)
	moveAll(h, hctx, switches)
	if err := g.Wait(); err != nil {
		return err // want `missedwait: .* returns without h\.Wait`
	}
	return h.Wait()
}

// handler is a function literal that spawns and leaves early.
func handler(signals []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, gctx := errgroup.WithContext(context.WithoutCancel(r.Context()))
		for _, signal := range signals {
			g.Go(func() error { return move(gctx, signal) })
		}
		if r.URL.Query().Has("hurry") {
			w.WriteHeader(http.StatusAccepted)
			return // want `missedwait: .* returns without g\.Wait`
		}
		if err := g.Wait(); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}
}

// cutOff answers before its tasks are done, and with that ends their context.
func cutOff(signals []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, gctx := errgroup.WithContext(r.Context())
		for _, signal := range signals {
			g.Go(func() error { return move(gctx, signal) })
		}
		if r.URL.Query().Has("hurry") {
			w.WriteHeader(http.StatusAccepted)
			return // want `missedwait: .* returns without g\.Wait`
		}
		if err := g.Wait(); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}
}

// inTask leaves the inner group behind, in a task of the outer one.
func inTask(ctx context.Context, lines [][]string) error {
	outer, octx := errgroup.WithContext(ctx)
	for _, signals := range lines {
		outer.Go(func() error {
			inner, ictx := errgroup.WithContext(octx)
			for _, signal := range signals {
				if signal == "" {
					return errNoName // want `missedwait: .* returns without inner\.Wait`
				}
				inner.Go(func() error { return move(ictx, signal) })
			}
			return inner.Wait()
		})
	}
	return outer.Wait()
}

type yard struct {
	tracks []string
}

// sweep is a method with a pointer to a local group.
func (y *yard) sweep(ctx context.Context) error {
	g := &errgroup.Group{}
	for _, track := range y.tracks {
		ok, err := free(track)
		if err != nil {
			return err // want `missedwait: .* returns without g\.Wait`
		}
		if !ok {
			continue
		}
		g.Go(func() error { return move(ctx, track) })
	}
	return g.Wait()
}

// eachItem is generic.
func eachItem[T any](items []T, check func(T) error, visit func(T)) error {
	var wg sync.WaitGroup
	for _, item := range items {
		if err := check(item); err != nil {
			return err // want `missedwait: .* returns without wg\.Wait`
		}
		wg.Go(func() { visit(item) })
	}
	wg.Wait()
	return nil
}

// breakOut leaves the loop by a break and then returns where the flag is set.
func breakOut(ctx context.Context, trains []train) error {
	g, gctx := errgroup.WithContext(ctx)
	stopped := false
	for _, t := range trains {
		if t.track == "" {
			stopped = true
			break
		}
		g.Go(func() error { return move(gctx, t.track) })
	}
	if stopped {
		return errBlocked // want `missedwait: .* returns without g\.Wait`
	}
	return g.Wait()
}

// refused can be refused by a context that is not that of the tasks.
func refused(ctx context.Context, signals []string, crew *semaphore.Weighted, patience time.Duration) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, signal := range signals {
		short, cancel := context.WithTimeout(ctx, patience)
		err := crew.Acquire(short, 1)
		cancel()
		if err != nil {
			return err // want `missedwait: refused returns without g\.Wait`
		}
		g.Go(func() error {
			defer crew.Release(1)
			return move(gctx, signal)
		})
	}
	return g.Wait()
}

// A shed counts its movers in a field.
type shed struct {
	movers sync.WaitGroup
	trains chan string
}

func (s *shed) open(n int) {
	for range n {
		s.movers.Add(1)
		go s.shunt() // want `missedwait: nothing ever waits for s\.movers; its tasks outlive throughShed`
	}
}

func (s *shed) shunt() {
	defer s.movers.Done()
	for t := range s.trains {
		inspect(t)
	}
}

// throughShed closes the channel, and waits for nobody.
func throughShed(tracks []string) {
	s := shed{trains: make(chan string)}
	s.open(3)
	for _, t := range tracks {
		s.trains <- t
	}
	close(s.trains)
}

// A closedShed is like a shed, with a method that waits.
type closedShed struct {
	movers sync.WaitGroup
	trains chan string
}

func (s *closedShed) close() {
	close(s.trains)
	s.movers.Wait()
}

// throughClosedShed leaves by close.
func throughClosedShed(tracks []string) {
	s := &closedShed{trains: make(chan string)}
	for range 3 {
		s.movers.Add(1)
		go func() {
			defer s.movers.Done()
			for t := range s.trains {
				inspect(t)
			}
		}()
	}
	defer s.close()
	for _, t := range tracks {
		s.trains <- t
	}
}

// openShed gives away who can wait.
func openShed() *closedShed {
	s := &closedShed{trains: make(chan string)}
	s.movers.Add(1)
	go func() {
		defer s.movers.Done()
		for t := range s.trains {
			inspect(t)
		}
	}()
	return s
}
