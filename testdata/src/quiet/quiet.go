// Package quiet starts nothing, waits for nothing and uses no channel: there is
// nothing to model, and no SSA is built for it.
package quiet

import (
	"context"
	"errors"
	"strings"
	"sync"
)

var errNobody = errors.New("nobody")

type guests struct {
	mu    sync.Mutex
	names []string
}

func (g *guests) add(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.names = append(g.names, strings.ToLower(name))
}

func (g *guests) find(ctx context.Context, ok func(string) bool) (string, error) {
	for _, name := range g.names {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if ok(name) {
			return name, nil
		}
	}
	return "", errNobody
}
