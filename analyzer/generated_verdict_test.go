package analyzer_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/survey"
)

// A verdict is what the analyzer says about one program.
type verdict struct {
	Stuck   [][]int  // each: the lines of all operations that are blocked together
	Unknown []string // the reasons; empty if the program is decided
}

// verdicts plays the generated package in a directory and returns its verdicts
// by the name of the function.
func verdicts(t *testing.T, dir string) map[string]verdict {
	t.Helper()
	var mu sync.Mutex
	out := map[string]verdict{}
	a := &analysis.Analyzer{
		Name: "play", Doc: "play the generated programs", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Name() != "generated" {
				return nil, nil
			}
			mu.Lock()
			defer mu.Unlock()
			for _, name := range pass.Pkg.Scope().Names() {
				out[name] = verdict{}
			}
			model, _ := survey.Model(pass, nil)
			for _, s := range model.Scenes {
				out[s.Spawner] = verdictOf(pass, schedule.Play(s, true))
			}
			return nil, nil
		},
	}
	analysistest.Run(factless{t}, filepath.Dir(dir), a, "./"+filepath.Base(dir))
	return out
}

// factless is a testing.T that does not mind facts without an expectation.
type factless struct{ *testing.T }

func (f factless) Errorf(format string, args ...any) {
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, "unexpected fact") {
		f.T.Error(msg)
	}
}

func verdictOf(pass *analysis.Pass, r *schedule.Result) verdict {
	v := verdict{Unknown: r.Unknown}
	for _, x := range append(slices.Clone(r.Stuck), r.Sized...) {
		var lines []int
		for _, b := range x.Blocked {
			lines = append(lines, pass.Fset.Position(b.Op.At.Pos).Line)
		}
		slices.Sort(lines)
		v.Stuck = append(v.Stuck, slices.Compact(lines))
	}
	return v
}
