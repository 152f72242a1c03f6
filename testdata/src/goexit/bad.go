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

// fatal calls the test's own method.
func fatal(t *testing.T, pots []string) error {
	var g errgroup.Group
	for _, pot := range pots {
		g.Go(func() error {
			if err := fire(t.Context(), pot); err != nil {
				t.Fatalf("pot %s: %v", pot, err) // want `goexit: t\.Fatalf ends the task's goroutine without an error; g counts it as success`
			}
			return nil
		})
	}
	return g.Wait()
}

// skipped looks like success twice over.
func skipped(t testing.TB, pots []string) error {
	var g errgroup.Group
	g.Go(func() error {
		if len(pots) == 0 {
			t.Skip("nothing to fire") // want `goexit: t\.Skip ends the task's goroutine without an error; g counts it as success`
		}
		return fire(context.Background(), pots[0])
	})
	return g.Wait()
}

// left ends the goroutine by hand.
func left(pots []string) error {
	var g errgroup.Group
	for _, pot := range pots {
		g.Go(func() error {
			if pot == "" {
				runtime.Goexit() // want `goexit: runtime\.Goexit ends the task's goroutine without an error; g counts it as success`
			}
			return fire(context.Background(), pot)
		})
	}
	return g.Wait()
}

// helped reaches it through a function of the package.
func helped(t *testing.T, pots []string) error {
	g, ctx := errgroup.WithContext(t.Context())
	for _, pot := range pots {
		g.Go(func() error {
			mustFire(t, ctx, pot) // want `goexit: t\.Fatal in mustFire ends the task's goroutine without an error; g counts it as success`
			return nil
		})
	}
	return g.Wait()
}

// helpedFromFar reaches it through a function of another package.
func helpedFromFar(t *testing.T, pots []string) error {
	g, ctx := errgroup.WithContext(t.Context())
	g.Go(func() error {
		lab.Settle(t, fire(ctx, pots[0])) // want `goexit: lab\.Settle ends the task's goroutine without an error; g counts it as success`
		return nil
	})
	return g.Wait()
}

// notDeferred does not even come to Done.
func notDeferred(t *testing.T, pots []string) {
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Add(1)
		go func() {
			require.NoError(t, fire(t.Context(), pot)) // want `goexit: require\.NoError ends the task's goroutine before wg\.Done; wg\.Wait never returns`
			wg.Done()
		}()
	}
	wg.Wait()
}

// looped has the first in a loop.
func looped(t *testing.T, pots []string) error {
	var g errgroup.Group
	g.Go(func() error {
		for _, pot := range pots {
			if pot != "" {
				require.NoError(t, fire(t.Context(), pot)) // want `goexit: require\.NoError ends the task's goroutine without an error; g counts it as success`
			}
		}
		require.Equal(t, 2, len(pots))
		return nil
	})
	return g.Wait()
}

// throttled has both in a function that is called by another.
func throttled(t *testing.T, pots []string) {
	room := make(chan struct{}, 2)
	limit := func(f func()) {
		room <- struct{}{}
		f()
		<-room
	}
	var wg sync.WaitGroup
	for _, pot := range pots {
		wg.Add(1)
		go limit(func() {
			mustFire(t, t.Context(), pot) // want `goexit: t\.Fatal in mustFire ends the task's goroutine before wg\.Done; wg\.Wait never returns`
			wg.Done()
		})
	}
	wg.Wait()
}

// held has the assertions in an object.
func held(t *testing.T, pots []string) error {
	r := require.New(t)
	var g errgroup.Group
	g.Go(func() error {
		r.NoError(fire(t.Context(), pots[0])) // want `goexit: r\.NoError ends the task's goroutine without an error; g counts it as success`
		return nil
	})
	return g.Wait()
}

// fireAll has them in a field.
func (b *bench) fireAll(pots []string) error {
	var g errgroup.Group
	g.Go(func() error {
		b.NoError(fire(context.Background(), pots[0])) // want `goexit: b\.NoError ends the task's goroutine without an error; g counts it as success`
		return nil
	})
	return g.Wait()
}

// bareAssert has one of another package.
func bareAssert(t *testing.T, pots []string) error {
	var g errgroup.Group
	g.Go(func() error {
		assert.NilError(t, fire(t.Context(), pots[0])) // want `goexit: assert\.NilError ends the task's goroutine without an error; g counts it as success`
		return nil
	})
	return g.Wait()
}

// throughVar has the task in a variable.
func throughVar(t *testing.T, pots []string) error {
	var g errgroup.Group
	task := func() error {
		require.Equal(t, 2, len(pots)) // want `goexit: require\.Equal ends the task's goroutine without an error; g counts it as success`
		return nil
	}
	g.Go(task)
	return g.Wait()
}

// handedIn makes each task by a literal that is called at once.
func handedIn(t *testing.T, pots []string) error {
	var g errgroup.Group
	for _, pot := range pots {
		g.Go(func(pot string) func() error {
			return func() error {
				if err := fire(t.Context(), pot); err != nil {
					t.Fatal(err) // want `goexit: t\.Fatal ends the task's goroutine without an error; g counts it as success`
				}
				return nil
			}
		}(pot))
	}
	return g.Wait()
}
