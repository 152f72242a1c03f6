package analyzer_test

import (
	"flag"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/check"
)

var update = flag.Bool("update", false, "rewrite what the tests compare with: docs/checks.md, README.md, testdata/golden")

// repair is the command that rewrites what a test compares with.
func repair(t *testing.T) string {
	name, _, _ := strings.Cut(t.Name(), "/")
	return fmt.Sprintf("to repair it run\n\tgo test ./analyzer -run '^%s$' -update", name)
}

// repoFile is a file of the repository.
func repoFile(path string) string { return filepath.Join("..", filepath.FromSlash(path)) }

func readRepo(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(repoFile(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A folder is a package below testdata/src that an analyzer has analysed.
type folder struct {
	pass     *analysis.Pass
	reported []analysis.Diagnostic
	problems []string // where that is not what its comments want
	// all is what all checks find there; it is looked for once.
	all func() ([]analysis.Diagnostic, error)
}

// folders holds testdata/src/CHECK of all checks, each analysed with its check
// alone, testdata/src/directive, and the folders of the model's tests. They are loaded once for all tests: most of
// the time goes into the standard library below them.
var folders = sync.OnceValue(func() map[string]*folder {
	each := map[string]*analysis.Analyzer{"directive": analyzer.New(&analyzer.Options{Checks: "deadctx,droppedwait"})}
	for _, name := range checkNames() {
		each[name] = analyzer.New(&analyzer.Options{Checks: name})
	}
	out := map[string]*folder{}
	var names []string
	for _, name := range []string{"explained", "model", "nasty", "origins", "quiet", "walks"} {
		each[name] = analyzer.New(nil)
	}
	for name := range each {
		out[name] = &folder{}
		if _, err := os.Stat(repoFile("testdata/src/" + name)); err == nil {
			names = append(names, name)
		}
	}
	a := sparing(analyzer.New(nil))
	others := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		if own := each[pass.Pkg.Path()]; own != nil {
			return own.Run(pass)
		}
		return others(pass)
	}
	var problems collector
	dir, err := filepath.Abs(repoFile("testdata"))
	if err != nil {
		problems.Errorf("%v", err)
	}
	for _, r := range analysistest.Run(&problems, dir, a, names...) {
		if r.Err == nil {
			f := out[r.Pass.Pkg.Path()]
			f.pass, f.reported = r.Pass, r.Diagnostics
			f.all = sync.OnceValues(func() ([]analysis.Diagnostic, error) { return diagnose(everyCheck(), f.pass) })
		}
	}
	for name, f := range out {
		for _, p := range problems.texts {
			about, _, _ := strings.Cut(strings.TrimPrefix(p, "error analyzing gatherlint@"), ":")
			about, _, _ = strings.Cut(about, "/")
			if about == name || out[about] == nil {
				f.problems = append(f.problems, p)
			}
		}
	}
	return out
})

// sparing has an analyzer compute only the facts of the standard library, which are
// the same (TestFactsBothWays says so): nobody looks at the findings there, and
// they would take longer than those of all testdata.
func sparing(a *analysis.Analyzer) *analysis.Analyzer {
	full, only := a.Run, analyzer.New(&analyzer.Options{FactsOnly: true}).Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		if standard(pass) {
			return only(pass)
		}
		return full(pass)
	}
	return a
}

// standard reports whether a package is one of the standard library.
func standard(pass *analysis.Pass) bool {
	library := filepath.Join(build.Default.GOROOT, "src") + string(filepath.Separator)
	return len(pass.Files) > 0 && strings.HasPrefix(pass.Fset.Position(pass.Files[0].FileStart).Filename, library)
}

// collector is a testing.T that keeps what package analysistest has against a
// folder. Which Summary a function gets is tested on its own: facts that nobody
// wrote an expectation for are no problem.
type collector struct {
	mu    sync.Mutex
	texts []string
}

func (c *collector) Errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if text := fmt.Sprintf(format, args...); !strings.Contains(text, "unexpected fact") {
		c.texts = append(c.texts, text)
	}
}

// pass is the package of a check's folder, loaded and analysed.
func pass(t *testing.T, name string) *analysis.Pass {
	t.Helper()
	f := folders()[name]
	if f.pass == nil {
		t.Fatalf("testdata/src/%s was not analysed: %s", name, strings.Join(f.problems, "\n"))
	}
	return f.pass
}

// diagnose runs an analyzer on a package that has been loaded.
func diagnose(a *analysis.Analyzer, p *analysis.Pass) ([]analysis.Diagnostic, error) {
	again := *p
	again.Analyzer = a
	var out []analysis.Diagnostic
	again.Report = func(d analysis.Diagnostic) { out = append(out, d) }
	_, err := a.Run(&again)
	return out, err
}

// everyCheck is an analyzer with all checks on, and with who does each step.
func everyCheck() *analysis.Analyzer {
	return analyzer.New(&analyzer.Options{Checks: "all", Actors: true})
}

// checkNames lists the registry.
func checkNames() []string {
	var names []string
	for _, c := range check.All() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}
