package rewrite

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// What a fix needs to know of names, so that what it writes compiles and means
// what it says.

// Visible reports whether name means the variable declared at decl at each of
// the places; with an invalid decl, whether it means nothing there.
func (e *Editor) Visible(name string, decl token.Pos, at ...token.Pos) bool {
	for _, p := range at {
		scope := e.Pass.Pkg.Scope().Innermost(p)
		if scope == nil {
			return false
		}
		_, obj := scope.LookupParent(name, p)
		switch {
		case obj == nil && decl.IsValid():
			return false
		case obj != nil && obj.Pos() != decl:
			return false
		case obj == nil && types.Universe.Lookup(name) != nil:
			return false
		}
	}
	return true
}

// Spare reports whether the variables named at the places stay in use when they
// are no longer named there: they are parameters, or are named elsewhere too.
// Otherwise taking them away does not compile.
func (e *Editor) Spare(at []model.Span) bool {
	cut := map[token.Pos]bool{}
	for _, s := range at {
		cut[s.Pos] = true
	}
	info := e.Pass.TypesInfo
	needed := map[*types.Var]bool{}
	for id, obj := range info.Uses {
		if v, ok := obj.(*types.Var); ok && cut[id.Pos()] && v.Kind() == types.LocalVar {
			needed[v] = true
		}
	}
	for id, obj := range info.Uses {
		if v, ok := obj.(*types.Var); ok && !cut[id.Pos()] {
			delete(needed, v)
		}
	}
	return len(needed) == 0
}

// SeparateCtx tells how to give the group context a name of its own where
// "g, ctx := errgroup.WithContext(ctx)" assigns a variable that is used again
// after Wait: at is the name to change in the assignment, uses are those that
// come before Wait and have to follow. It is certain when there is one Wait, in
// no loop, all dead uses come after it in the source, and nothing else assigns
// the variable.
func (e *Editor) SeparateCtx(f *model.FanOut, dead []model.Span) (at model.Span, uses []model.Span, ok bool) {
	g := f.Group
	if g.CtxVar == nil || !g.Defines || g.CtxVar.Pos == g.CtxAt.Pos || len(f.Waits) != 1 {
		return model.Span{}, nil, false
	}
	w := f.Waits[0]
	if !once(f, w) || !assignedOnce(f) {
		return model.Span{}, nil, false
	}
	for _, d := range dead {
		if d.Pos < w.At.End || d.Pos > f.Extent.End {
			return model.Span{}, nil, false
		}
	}
	for id, obj := range e.Pass.TypesInfo.Uses {
		if obj.Pos() != g.CtxVar.Pos || id.Name != g.CtxName {
			continue
		}
		use := model.SpanOf(id)
		if use.Pos > g.Made.End && use.Pos < w.At.Pos {
			uses = append(uses, use)
		}
	}
	slices.SortFunc(uses, func(a, b model.Span) int { return cmp.Compare(a.Pos, b.Pos) })
	return g.CtxAt, uses, len(uses) > 0
}

// once reports whether op and the making of the group are in the spawner's own
// code and in no loop.
func once(f *model.FanOut, op *model.Op) bool {
	n := 0
	for _, blk := range f.Body.Blocks {
		for _, o := range blk.Ops {
			if o == op && !op.Deferred || o.Kind == model.OpMakeGroup && o.Group == f.Group {
				n++
				if source.OnCycle(blk, func(b *model.Block) []*model.Block { return b.Succs }) {
					return false
				}
			}
		}
	}
	return n == 2
}

// assignedOnce reports whether the variable of the group context is assigned the
// group context and, after that, nothing else.
func assignedOnce(f *model.FanOut) bool {
	g, n := f.Group, 0
	model.EachOp(f.Body, func(op *model.Op) bool {
		if op.Kind == model.OpSet && op.Var.Pos == g.CtxVar.Pos && op.At.Pos >= g.CtxAt.Pos {
			n++
		}
		return true
	})
	return n == 1
}
