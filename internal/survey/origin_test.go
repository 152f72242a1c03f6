package survey

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/model"
)

var askComment = regexp.MustCompile(`^// ask: (.*?)(?:; today (.*))?$`)

// Each call of ask in testdata/src/origins is given the context that the
// comment beside it names, as seen from the group of its function. A wrong
// "group" or "parent" makes a false finding, an "unknown" too many hides one.
// Where the model does not get there yet the comment says what it answers today.
func TestOrigins(t *testing.T) {
	b := modelOf(t, "origins")
	want, today := map[string]string{}, map[string]string{}
	for _, f := range b.pass.Files {
		for _, cg := range f.Comments {
			for _, c := range cg.List {
				if m := askComment.FindStringSubmatch(c.Text); m != nil {
					want[place(b, c.Pos())], today[place(b, c.Pos())] = m[1], m[2]
				}
			}
		}
	}
	if len(want) < 25 {
		t.Fatalf("%d questions, want 25 at least", len(want))
	}
	got := saidAt(b)
	for at, w := range want {
		switch {
		case got[at] == w && today[at] != "":
			t.Errorf("%s: ask sees %q at last: the comment need not say %q any more", at, w, "today "+today[at])
		case got[at] != w && got[at] != today[at]:
			t.Errorf("%s: ask sees %q, want %q", at, got[at], w)
		}
	}
	for at, g := range got {
		if want[at] == "" {
			t.Errorf("%s: ask without an expectation, sees %s", at, g)
		}
	}
}

func place(b *built, p token.Pos) string {
	pos := b.pass.Fset.Position(p)
	return fmt.Sprintf("%s:%d", pos.Filename[strings.LastIndexByte(pos.Filename, '/')+1:], pos.Line)
}

// saidAt is what the model says at each line with a call of ask, the names of
// the groups before it where a function has several.
func saidAt(b *built) map[string]string {
	sets := map[string][]string{}
	groups := map[string]int{}
	for _, f := range b.pkg.FanOuts {
		if f.Group.HasCtx {
			groups[f.Spawner]++
		}
	}
	for _, f := range b.pkg.FanOuts {
		if !f.Group.HasCtx {
			continue
		}
		prefix := ""
		if groups[f.Spawner] > 1 {
			prefix = f.Group.Name + " "
		}
		bodies := append([]*model.Body{f.Body}, f.Body.Loose...)
		model.EachOp(f.Body, func(op *model.Op) bool {
			if op.Kind == model.OpSpawn && op.Task != nil {
				bodies = append(bodies, op.Task.Body)
			}
			return true
		})
		for _, body := range bodies {
			model.EachOp(body, func(op *model.Op) bool {
				if op.Text == "ask" && len(op.Uses) == 1 {
					at := place(b, op.At.Pos)
					if a := prefix + seen(f.Group, op.Uses[0].Ctx); !slices.Contains(sets[at], a) {
						sets[at] = append(sets[at], a)
					}
				}
				return true
			})
		}
	}
	out := map[string]string{}
	for at, set := range sets {
		slices.Sort(set)
		out[at] = strings.Join(set, ", ")
	}
	return out
}

// seen is the answer for one context.
func seen(g *model.Group, ctx []*model.Ctx) string {
	switch {
	case g.Descends(ctx) == model.Yes:
		return "group"
	case endless(ctx):
		return "never"
	case g.Ancestral(ctx) == model.Yes:
		return "parent"
	}
	return "unknown"
}

// endless reports whether nothing ends the context.
func endless(ctx []*model.Ctx) bool {
	seen := map[*model.Ctx]bool{}
	var visit func(cs []*model.Ctx) bool
	visit = func(cs []*model.Ctx) bool {
		for _, c := range cs {
			if seen[c] {
				continue
			}
			seen[c] = true
			if c.Kind != model.CtxNever && (c.Kind != model.CtxDerived || !visit(c.Parents)) {
				return false
			}
		}
		return len(cs) > 0
	}
	return visit(ctx)
}
