package check

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

// steps collects the events of a scenario in order.
type steps []Step

func (s *steps) add(at token.Pos, format string, args ...any) {
	*s = append(*s, Step{At: at, Text: fmt.Sprintf(format, args...)})
}

// starts tells where the spawner starts a task.
func (s *steps) starts(f *fanout.FanOut, t *fanout.Task) {
	what := "a task"
	if t.What != "function literal" {
		what = t.What
	}
	often := ""
	if t.InLoop {
		often = ", in a loop"
	}
	s.add(t.At.Pos, "%s starts %s%s%s", f.Spawner, what, under(f.Group), often)
}

func under(g *fanout.Group) string {
	if g.Kind == fanout.Bare {
		return " in a goroutine"
	}
	return " under " + g.Name
}

// derived is the group context in the author's words.
func derived(g *fanout.Group) string {
	if g.CtxName != "" {
		return g.CtxName
	}
	return "the context of " + g.Name
}

// shortName is a function's name without the import path.
func shortName(how string) string { return how[strings.LastIndexByte(how, '/')+1:] }
