package analyzer_test

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/check"
)

// noFacts is a testing.T that does not mind facts nobody wrote an expectation
// for: which Summary a helper gets is tested on its own.
type noFacts struct{ *testing.T }

func (t noFacts) Errorf(format string, args ...any) {
	t.Helper()
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, "unexpected fact") {
		t.T.Error(msg)
	}
}

func testdata(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Every check reports what its folder says, where it says so, and nothing else.
func TestChecks(t *testing.T) {
	for _, c := range check.All() {
		t.Run(c.Name, func(t *testing.T) {
			pass(t, c.Name)
			for _, problem := range folders()[c.Name].problems {
				t.Error(problem)
			}
		})
	}
}

// Every finding and every step has a place in a file of its package, whatever
// checks run on whatever code of the tests.
func TestStepPlaces(t *testing.T) {
	t.Parallel()
	findings, steps := 0, 0
	see := func(p *analysis.Pass, reported []analysis.Diagnostic) {
		files := map[*token.File]bool{}
		for _, f := range p.Files {
			files[p.Fset.File(f.FileStart)] = true
		}
		for _, d := range reported {
			findings++
			if !files[p.Fset.File(d.Pos)] {
				t.Errorf("%s: no place: %s", p.Pkg.Path(), d.Message)
			}
			for _, s := range d.Related {
				steps++
				if !files[p.Fset.File(s.Pos)] {
					t.Errorf("%s: no place in a step: %s", p.Fset.Position(d.Pos), s.Message)
				}
			}
		}
	}
	for name, f := range folders() {
		p := pass(t, name)
		reported, err := f.all()
		if err != nil {
			t.Error(err)
		}
		see(p, reported)
	}
	more := []string{"example.org/answers", "example.org/groups", "example.org/wrappers/use", "example.org/facts/b"}
	for _, r := range analysistest.Run(&collector{}, testdata(t), sparing(everyCheck()), more...) {
		if r.Err != nil {
			t.Error(r.Err)
			continue
		}
		see(r.Pass, r.Diagnostics)
	}
	if findings == 0 || steps < 2*findings {
		t.Errorf("%d findings with %d steps were seen", findings, steps)
	}
}

// Groups of other libraries are judged by their own contracts, and so are their functions
// that make errors.
func TestLookAlikes(t *testing.T) {
	t.Parallel()
	analysistest.Run(noFacts{t}, testdata(t), sparing(analyzer.New(nil)), "example.org/groups", "example.org/answers")
}

// Types that wrap a group are groups, in their own package and in others.
func TestWrappers(t *testing.T) {
	t.Parallel()
	a := analyzer.New(&analyzer.Options{Groups: "example.org/wrappers/sealed.Pool=golang.org/x/sync/errgroup.Group"})
	analysistest.Run(noFacts{t}, testdata(t), sparing(a), "example.org/wrappers/use")
}

// What leaves no trace at all is reported to everybody, the rest to those who ask.
func TestDefaults(t *testing.T) {
	t.Parallel()
	analysistest.Run(noFacts{t}, testdata(t), sparing(analyzer.New(nil)), "example.org/defaults")
}

// Summaries carry across packages what the checks need to know.
func TestFacts(t *testing.T) {
	t.Parallel()
	analysistest.Run(noFacts{t}, testdata(t), sparing(analyzer.New(nil)), "example.org/facts/b")
}

// Who leaves without Wait, and the task that blocks for ever because of it, are one
// finding; of who asks for the return alone, that.
func TestOneCause(t *testing.T) {
	t.Parallel()
	p := pass(t, "missedwait")
	last := func(d analysis.Diagnostic) token.Pos { return d.Related[len(d.Related)-1].Pos }
	blocks := func(checks string) (left map[token.Pos]bool, returns int) {
		reported, err := diagnose(analyzer.New(&analyzer.Options{Checks: checks}), p)
		if err != nil {
			t.Fatal(err)
		}
		left = map[token.Pos]bool{}
		for _, d := range reported {
			left[d.Pos] = left[d.Pos] || d.Category == "lostsend"
		}
		for _, d := range reported {
			if d.Category == "missedwait" && left[last(d)] {
				returns++
			}
		}
		return left, returns
	}
	left, both := blocks("missedwait,lostsend")
	silenced, err := diagnose(analyzer.New(&analyzer.Options{Checks: "missedwait,lostsend"}), p)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(silenced, func(d analysis.Diagnostic) bool { return strings.Contains(d.Message, "oneSilenced returns without") }) {
		t.Error("a return is not reported whose task is silenced")
	}
	if both != 0 {
		t.Errorf("%d returns are reported beside the tasks that they leave blocked", both)
	}
	reported, err := diagnose(analyzer.New(&analyzer.Options{Checks: "missedwait"}), p)
	if err != nil {
		t.Fatal(err)
	}
	alone := 0
	for _, d := range reported {
		if left[last(d)] {
			alone++
		}
	}
	if alone == 0 {
		t.Error("no return leaves a task blocked that lostsend is about, so nothing is tested")
	}
}
