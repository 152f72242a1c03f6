package build

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// goexitCall reports whether the call can end its goroutine.
func (b *bodyBuilder) goexitCall(c *ssa.CallCommon, fn *types.Func) bool {
	args := source.Args(c)
	switch known.GoexitOf(fn) {
	case known.GoexitAlways:
		return true
	case known.GoexitByArg:
		return len(args) > 0 && b.isTest(args[0])
	case known.GoexitByReceiver:
		return len(args) > 0 && b.holdsTest(args[0])
	}
	for i, a := range args {
		if b.e.imported(fn).Param(i).Quits && b.isTest(a) {
			return true
		}
	}
	return false
}

// isTest reports whether v is one of the types of package testing.
func (b *bodyBuilder) isTest(v ssa.Value) bool {
	sources := b.e.Resolve(v, b.fr)
	for _, s := range sources {
		if s.Val == nil || s.Path != "" || !known.TestingType(s.Val.Type()) {
			return known.TestingType(v.Type())
		}
	}
	return len(sources) > 0
}

// holdsTest reports whether an object with assertions as methods was made from a
// test. Where it was made is often not seen: then it is one unless a call made it
// from something else.
func (b *bodyBuilder) holdsTest(v ssa.Value) bool {
	for _, s := range b.e.Resolve(v, b.fr) {
		mk, ok := s.Val.(*ssa.Call)
		if !ok || s.Path != "" {
			continue
		}
		fn := source.Callee(&mk.Call)
		if fn == nil || fn.Name() != "New" || len(source.Args(&mk.Call)) == 0 {
			continue
		}
		made := &bodyBuilder{e: b.e, fr: s.Frame}
		if !made.isTest(source.Args(&mk.Call)[0]) {
			return false
		}
	}
	return true
}
