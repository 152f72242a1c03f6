// Package k8swait has a group of k8s.io/apimachinery/pkg/util/wait in use.
package k8swait

import (
	"context"
	"errors"

	"k8s.io/apimachinery/pkg/util/wait"
)

func rehearse(ctx context.Context) { <-ctx.Done() }

// BAD: without a hall the singers go on by themselves.
func choir(ctx context.Context, halls int) error {
	var g wait.Group
	g.StartWithContext(ctx, rehearse)
	if halls == 0 {
		return nil // want "missedwait: "
	}
	g.Wait()
	return nil
}

// GOOD: they are sent home, and waited for.
func choirSentHome(ctx context.Context, halls int) error {
	ctx, cancel := context.WithCancel(ctx)
	var g wait.Group
	defer g.Wait()
	defer cancel()
	g.StartWithContext(ctx, rehearse)
	if halls == 0 {
		return errors.New("no hall")
	}
	return nil
}
