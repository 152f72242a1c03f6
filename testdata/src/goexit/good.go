package goexit

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"example.org/lab"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"gotest.tools/v3/assert"
)

// asserted asserts where the test runs.
func asserted(t *testing.T, pots []string) {
	var wg sync.WaitGroup
	errs := make([]error, len(pots))
	for i, pot := range pots {
		wg.Go(func() { errs[i] = fire(t.Context(), pot) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// noted only writes the failure down, and goes on.
func noted(t *testing.T, pots []string) error {
	var g errgroup.Group
	for _, pot := range pots {
		g.Go(func() error {
			err := fire(t.Context(), pot)
			if err != nil {
				t.Errorf("pot %s: %v", pot, err)
			}
			lab.Note(t, err)
			assert.Check(t, err == nil)
			return err
		})
	}
	return g.Wait()
}

// subtests have goroutines and a test of their own.
func subtests(t *testing.T, pots []string) {
	var g errgroup.Group
	g.Go(func() error {
		t.Run("first", func(t *testing.T) {
			require.NoError(t, fire(t.Context(), pots[0]))
		})
		return nil
	})
	assert.NilError(t, g.Wait())
}

// later ends the test when it is over anyway.
func later(t *testing.T, pots []string) {
	var g errgroup.Group
	g.Go(func() error {
		lab.Later(t, func() error { return fire(context.Background(), pots[0]) })
		t.Cleanup(func() { require.Equal(t, 1, len(pots)) })
		return nil
	})
	assert.NilError(t, g.Wait())
}

// vetted is what go vet reports.
func vetted(t *testing.T, pots []string) {
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Add(1)
		go func() {
			if err := fire(t.Context(), pot); err != nil {
				t.Fatal(err)
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

// leftEarly is as good as a return: a WaitGroup asks for no result.
func leftEarly(pots []string) {
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Go(func() {
			if pot == "" {
				runtime.Goexit()
			}
			_ = fire(context.Background(), pot)
		})
	}
	wg.Wait()
}

// faked asserts on something whose FailNow returns.
func faked(pots []string) int {
	f := &fake{}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		require.NoError(f, fire(context.Background(), pots[0]))
		require.New(f).NoError(fire(context.Background(), pots[0]))
		wg.Done()
	}()
	wg.Wait()
	return f.failed
}

// askedAfter looks at the test before it goes on.
func askedAfter(t *testing.T, pots []string) int {
	var g errgroup.Group
	g.Go(func() error {
		require.NoError(t, fire(t.Context(), pots[0]))
		return nil
	})
	assert.NilError(t, g.Wait())
	if t.Failed() {
		t.FailNow()
	}
	return len(pots)
}

// counted has a WaitGroup that counts it as done; the test has failed and goes on.
func counted(t *testing.T, pots []string) int {
	var wg sync.WaitGroup
	fired := make([]int, len(pots))
	for i, pot := range pots {
		wg.Go(func() {
			assert.NilError(t, fire(t.Context(), pot))
			fired[i]++
		})
	}
	wg.Wait()
	return len(fired)
}

// deferred does so with a go statement.
func deferred(t *testing.T, pots []string) {
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Add(1)
		go func() {
			defer wg.Done()
			require.NoError(t, fire(t.Context(), pot))
		}()
	}
	wg.Wait()
}

// leftThrough leaves in a literal that another function calls, which comes to no end then.
func leftThrough(pots []string) {
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Go(func() {
			if pot == "" {
				inPlace(func() { runtime.Goexit() })
			}
			_ = fire(context.Background(), pot)
		})
	}
	wg.Wait()
}

func inPlace(f func()) { f() }
