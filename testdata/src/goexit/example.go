package goexit

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// BAD: a pot that cracks ends its goroutine, and the group takes it for fired.
func testGlaze(t *testing.T, pots []string) {
	g, ctx := errgroup.WithContext(t.Context())
	for _, pot := range pots {
		g.Go(func() error {
			require.NoError(t, fire(ctx, pot)) // want `goexit: require\.NoError ends the task's goroutine without an error; g counts it as success`
			return nil
		})
	}
	require.NoError(t, g.Wait())
}

// GOOD: the task returns its error, and the test asserts on the group's.
func testGlazeReturned(t *testing.T, pots []string) {
	g, ctx := errgroup.WithContext(t.Context())
	for _, pot := range pots {
		g.Go(func() error {
			return fire(ctx, pot)
		})
	}
	require.NoError(t, g.Wait())
}
