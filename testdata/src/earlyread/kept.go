package earlyread

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A barn remembers what was weighed last.
type barn struct {
	mu      sync.Mutex
	weights []int
	byDay   map[string][]int
	heavy   int
	err     error
}

var lastWeights []int

// keptInField stores the weights whatever Wait says.
func (b *barn) keptInField(ctx context.Context, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	b.mu.Lock()
	b.weights = weights // want `earlyread: barn\.keptInField keeps weights in b\.weights before it looks at the error of g\.Wait; after a failure a part is missing`
	b.mu.Unlock()
	return err
}

// keptInMap remembers a day that was not weighed to its end.
func (b *barn) keptInMap(ctx context.Context, day string, crates []crate) ([]int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() error {
			w, err := weigh(gctx, c)
			if err != nil {
				return err
			}
			weights[i] = w
			return nil
		})
	}
	err := g.Wait()
	b.byDay[day] = weights // want `earlyread: barn\.keptInMap keeps weights in b\.byDay before it looks at the error`
	if err != nil {
		return nil, fmt.Errorf("weigh: %w", err)
	}
	return weights, nil
}

// keptForAll stores it where everybody looks.
func keptForAll(ctx context.Context, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	lastWeights = weights // want `earlyread: keptForAll keeps weights in lastWeights before it looks at the error`
	return err
}

// keptWhenGood asks first.
func (b *barn) keptWhenGood(ctx context.Context, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b.weights = weights
	return nil
}

// keptWithError stores the error beside them.
func (b *barn) keptWithError(ctx context.Context, crates []crate) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	b.err = g.Wait()
	b.weights = weights
}

// returnedWithError gives both to the caller.
func returnedWithError(ctx context.Context, crates []crate) ([]int, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	return weights, err
}

// inNewBarn puts them into an object that goes with the error.
func inNewBarn(ctx context.Context, crates []crate) (*barn, error) {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	b := &barn{}
	b.weights = weights
	return b, err
}

// neverFails has tasks whose parts are always there.
func (b *barn) neverFails(crates []crate) error {
	var g errgroup.Group
	weights := make([]int, len(crates))
	for i := range crates {
		g.Go(func() error {
			weights[i] = i
			return nil
		})
	}
	err := g.Wait()
	b.weights = weights
	return err
}

// takenBack clears the field after a failure.
func (b *barn) takenBack(ctx context.Context, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	b.weights = weights
	if err != nil {
		b.weights = nil
	}
	return err
}

// forgetsDay deletes what is not complete.
func (b *barn) forgetsDay(ctx context.Context, day string, crates []crate) error {
	g, gctx := errgroup.WithContext(ctx)
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(gctx, c)
			return err
		})
	}
	err := g.Wait()
	b.byDay[day] = weights
	if err != nil {
		delete(b.byDay, day)
	}
	return err
}

// shelve keeps the weights of a day.
func (b *barn) shelve(day string, weights []int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.byDay[day] = weights
}

// unshelve forgets a day.
func (b *barn) unshelve(day string) { delete(b.byDay, day) }

// keptByMethod has a method remember a day that was not weighed to its end.
func (b *barn) keptByMethod(ctx context.Context, day string, crates []crate) error {
	var g errgroup.Group
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(ctx, c)
			return err
		})
	}
	err := g.Wait()
	b.shelve(day, weights) // want `earlyread: barn\.keptByMethod keeps weights in b\.byDay before it looks at the error of g\.Wait`
	return err
}

// keptByMethodWhenGood asks first.
func (b *barn) keptByMethodWhenGood(ctx context.Context, day string, crates []crate) error {
	var g errgroup.Group
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(ctx, c)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b.shelve(day, weights)
	return nil
}

// keptAndForgotten forgets the day when it looks.
func (b *barn) keptAndForgotten(ctx context.Context, day string, crates []crate) error {
	var g errgroup.Group
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(ctx, c)
			return err
		})
	}
	err := g.Wait()
	b.shelve(day, weights)
	if err != nil {
		b.unshelve(day)
	}
	return err
}

func heaviest(weights []int) (most int) {
	for _, w := range weights {
		most = max(most, w)
	}
	return most
}

// keptByNobody gives it to a function that only looks.
func (b *barn) keptByNobody(ctx context.Context, crates []crate) (int, error) {
	var g errgroup.Group
	weights := make([]int, len(crates))
	for i, c := range crates {
		g.Go(func() (err error) {
			weights[i], err = weigh(ctx, c)
			return err
		})
	}
	err := g.Wait()
	return heaviest(weights), err
}
