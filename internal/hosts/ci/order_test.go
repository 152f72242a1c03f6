package ci

import (
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/hosts/setup"
)

// harbour is a module of two packages with one mistake each. Package quay imports
// mole, and its mistake is one for what mole.Dredge does.
func harbour(t *testing.T) string {
	t.Helper()
	return setup.Module(t, map[string]string{"mole/mole.go": mole, "quay/quay.go": quay})
}

const mole = `package mole

import (
	"context"
	"errors"
)

func Dredge(ctx context.Context, berth <-chan int) error {
	select {
	case _, ok := <-berth:
		if !ok {
			return errors.New("the berth is closed")
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func First(ships []string) int {
	places := make(chan int)
	for _, ship := range ships {
		go func() { places <- len(ship) }()
	}
	return <-places
}
`

const quay = `package quay

import (
	"context"

	"golang.org/x/sync/errgroup"

	"example.com/harbour/mole"
)

func Clear(ctx context.Context, berths []chan int) error {
	g, _ := errgroup.WithContext(ctx)
	for _, berth := range berths {
		g.Go(func() error { return mole.Dredge(ctx, berth) })
	}
	return g.Wait()
}
`

// harbourWant is what is to be found in each package of the harbour.
var harbourWant = map[string]string{
	"./quay": "quay/quay.go:12:10: lostctx: the context of g is thrown away; when one task fails the others run on",
	"./mole": "mole/mole.go:23:15: lostsend: the task blocks for ever sending on places; First returns without receiving from it",
}

// testNogoOrder builds one package and then the other, each action once, as Bazel
// does. What is found is the same in both orders, and nothing is found twice: the
// action of a package that is built for another one finds what its own would.
func testNogoOrder(t *testing.T, nogo string) {
	all := []string{harbourWant["./mole"], harbourWant["./quay"]}
	for order, want := range map[string][][]string{
		"./quay ./mole": {all, nil},
		"./mole ./quay": {all[:1], all[1:]},
	} {
		b := newBazel(t, nogo, harbour(t))
		for i, pattern := range strings.Fields(order) {
			if got := b.build(t, pattern); !slices.Equal(got, want[i]) {
				t.Errorf("in the order %s, nogo on %s:\n%s\nwant:\n%s", order, pattern, strings.Join(got, "\n"), strings.Join(want[i], "\n"))
			}
		}
	}
}
