package survey

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// Two runs over the same package give the same model, for plain code and for
// code that is hard to model; that they end at all is the other half of it.
func TestSameTwice(t *testing.T) {
	for _, name := range testPackages {
		b := modelOf(t, name)
		if name != "quiet" && len(b.pkg.FanOuts) < 10 {
			t.Errorf("%s: %d fan-outs, want 10 at least", name, len(b.pkg.FanOuts))
		}
		if b.dump() != b.again {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// Leaving out the bodies that do not matter changes nothing in those that do:
// the SSA of every function that the gate keeps is, instruction by instruction,
// register by register and position by position, that of a plain build of the
// whole package.
func TestGateKeepsSSA(t *testing.T) {
	left := 0
	for _, name := range testPackages {
		b := modelOf(t, name)
		for _, fn := range slices.Sorted(maps.Keys(b.kept)) {
			if whole, ok := b.whole[fn]; !ok {
				t.Errorf("%s: %s is not in the whole build", name, fn)
			} else if whole != b.kept[fn] {
				t.Errorf("%s: %s differs from the whole build:\n%s", name, fn, firstDifference(b.kept[fn], whole))
			}
		}
		left += len(b.whole) - len(b.kept)
	}
	if left < 10 {
		t.Errorf("the gate left out %d functions, want 10 at least: nothing is compared", left)
	}
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range as {
		if i >= len(bs) || as[i] != bs[i] {
			return "gated: " + as[i] + "\nwhole: " + lineAt(bs, i)
		}
	}
	return "whole goes on: " + lineAt(bs, len(as))
}

// A package that starts nothing and uses no channel has nothing to build, though
// it has functions, a context, a lock and an error.
func TestGateEmpty(t *testing.T) {
	b := modelOf(t, "quiet")
	if g := relevant.Find(b.pass, facts.NewGroups(b.pass, nil), relevant.ForFanOuts); !g.Empty() {
		t.Errorf("the gate keeps %d functions and %d initial values of package quiet", len(g.Keep), len(g.Inits))
	}
	if b.kept != nil || len(b.pkg.FanOuts) != 0 {
		t.Errorf("package quiet has a model: %d functions, %d fan-outs", len(b.kept), len(b.pkg.FanOuts))
	}
	if len(b.whole) < 2 {
		t.Errorf("package quiet has %d functions, want 2 at least", len(b.whole))
	}
}
