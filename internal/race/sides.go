package race

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Two accesses that no activation of the spawner makes both: what has to hold for one of them
// excludes what has to hold for the other.

// A side is what a condition around an access says of a value that stays the same: that it
// is a constant, or is not.
type side struct {
	about, is string
	not       bool
}

// excludes reports whether both cannot hold.
func (s side) excludes(t side) bool {
	if s.about != t.about {
		return false
	}
	return s.is == t.is && s.not != t.not || s.is != t.is && !s.not && !t.not
}

// otherSides reports whether the conditions around two accesses, and around the calls that
// lead there, exclude each other: "if fine" in one goroutine and the else of it in another,
// two cases of one switch.
func (x *racer) otherSides(a, b *access) bool {
	one := x.sides(a)
	return slices.ContainsFunc(x.sides(b), func(t side) bool {
		return slices.ContainsFunc(one, func(s side) bool { return s.excludes(t) })
	})
}

// sides are what the conditions around an access say, from the access out to the spawner.
func (x *racer) sides(a *access) []side {
	if out, ok := x.sidesOf[a]; ok {
		return out
	}
	var out []side
	in := a.in
	for fr := a.where; fr != nil && in != nil; fr = fr.Caller {
		for d, n := in.Block().Idom(), 0; d != nil && n < model.MaxGuards; d, n = d.Idom(), n+1 {
			branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			for i, s := range d.Succs {
				if len(s.Preds) == 1 && s.Dominates(in.Block()) {
					out = append(out, x.said(branch.Cond, i == 0, fr)...)
				}
			}
		}
		if fr == x.e.FrameOf[x.root] || fr.Site == nil {
			break
		}
		in = fr.Site
	}
	x.sidesOf[a] = out
	return out
}

// said is what a condition with this outcome says: of itself, and of what it compares with a
// constant.
func (x *racer) said(cond ssa.Value, yes bool, fr *flow.Frame) []side {
	var out []side
	note := func(v ssa.Value, is string, not bool) {
		key, ok := x.e.StableKey(v, fr)
		if !ok {
			return
		}
		about, negated := strings.CutPrefix(key, "!")
		if is == "false" {
			is, not = "true", !not
		}
		out = append(out, side{about, is, not != negated})
	}
	note(cond, "true", !yes)
	for not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT; not, ok = cond.(*ssa.UnOp) {
		cond, yes = not.X, !yes
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return out
	}
	if c, ok := cmp.Y.(*ssa.Const); ok {
		note(cmp.X, value.ConstText(c), (cmp.Op == token.EQL) != yes)
	} else if c, ok := cmp.X.(*ssa.Const); ok {
		note(cmp.Y, value.ConstText(c), (cmp.Op == token.EQL) != yes)
	}
	return out
}
