package build

import (
	"go/types"

	"github.com/gatherlint/gatherlint/internal/facts"
)

// Tells reports whether a function of another package is a method that lets others go
// on which wait for what its receiver holds.
func (e *Builder) Tells(fn *types.Func) bool {
	s := e.imported(fn)
	return s != nil && s.Wraps.Tells
}

// summary is what is known of a function of another package, as far as it is about
// more than how a goroutine ends.
func (e *Builder) summary(fn *types.Func) *facts.Summary {
	if s := e.imported(fn); !s.OnlyGoexit() {
		return s
	}
	return nil
}

func (e *Builder) imported(fn *types.Func) *facts.Summary {
	if fn == nil {
		return nil
	}
	s, ok := e.summaries[fn]
	if !ok {
		s = facts.Import(e.Pass, fn)
		e.summaries[fn] = s
	}
	return s
}
