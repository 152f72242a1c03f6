package analyzer_test

import (
	"bytes"
	"encoding/gob"
	"flag"
	"fmt"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/gatherlint/gatherlint/analyzer"
)

var (
	factsModule  = flag.String("module", "", "a directory: TestFactsOfModule analyses the packages of the module there")
	factsLibrary = flag.Bool("library", false, "TestFactsBothWays: also the packages of the standard library that testdata imports")
)

// What importers are told of a package is the same, byte for byte, whether it was
// analysed in full or for its facts only: build caches hand on the one for the
// other. With -library this holds for the standard library too; the analysis of it
// in full takes longer than all that testdata has.
func TestFactsBothWays(t *testing.T) {
	t.Parallel()
	dir, err := filepath.Abs(repoFile("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bothWays{of: func(pass *analysis.Pass) bool { return *factsLibrary || !standard(pass) }}
	names := append(checkNames(), "example.org/facts/a", "example.org/facts/b")
	analysistest.Run(&collector{}, dir, b.analyzer(), names...)
	b.report(t, 30)
	t.Logf("%d facts in %d packages", b.facts, b.packages)
}

// TestFactsOfModule does the same with the packages of a module and their tests:
//
//	go test ./analyzer -run TestFactsOfModule -v -module DIR
func TestFactsOfModule(t *testing.T) {
	if *factsModule == "" {
		t.Skip("no -module")
	}
	t.Parallel()
	roots, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: *factsModule, Tests: true}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	b := &bothWays{of: func(pass *analysis.Pass) bool {
		return pass.Module != nil && pass.Module.Path != "" && pass.Module.Version == ""
	}}
	if _, err := checker.Analyze([]*analysis.Analyzer{b.analyzer()}, roots, nil); err != nil {
		t.Fatal(err)
	}
	b.report(t, 1)
	t.Logf("%d facts in %d packages", b.facts, b.packages)
}

// bothWays analyses packages in full and for their facts only, and keeps what
// differs.
type bothWays struct {
	of func(*analysis.Pass) bool // the packages that it is about

	mu              sync.Mutex
	packages, facts int
	differences     []string
}

func (b *bothWays) analyzer() *analysis.Analyzer {
	full, only := analyzer.New(&analyzer.Options{Checks: "all"}), analyzer.New(&analyzer.Options{FactsOnly: true})
	a := *only
	a.Run = func(pass *analysis.Pass) (any, error) {
		if b.of(pass) {
			if err := b.compare(pass, full, only); err != nil {
				return nil, err
			}
		}
		return only.Run(pass)
	}
	return &a
}

func (b *bothWays) compare(pass *analysis.Pass, full, only *analysis.Analyzer) error {
	one, err := factsOf(pass, full)
	if err != nil {
		return err
	}
	other, err := factsOf(pass, only)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.packages++
	b.facts += len(other)
	for object := range other {
		if _, both := one[object]; !both {
			one[object] = nil
		}
	}
	for object, fact := range one {
		if x, y := encoded(fact), encoded(other[object]); !bytes.Equal(x, y) {
			b.differences = append(b.differences, fmt.Sprintf("%s: in full %v, for facts only %v", object, fact, other[object]))
		}
	}
	return nil
}

// report fails the test for each difference, and for too few facts to tell.
func (b *bothWays) report(t *testing.T, atLeast int) {
	t.Helper()
	if b.facts < atLeast {
		t.Errorf("%d facts, want %d at least", b.facts, atLeast)
	}
	for _, d := range slices.Sorted(slices.Values(b.differences)) {
		t.Error(d)
	}
}

// factsOf are the facts that an analyzer exports about the objects of a package.
func factsOf(pass *analysis.Pass, a *analysis.Analyzer) (map[types.Object]analysis.Fact, error) {
	facts := map[types.Object]analysis.Fact{}
	own := *pass
	own.Analyzer = a
	own.Report = func(analysis.Diagnostic) {}
	own.ExportObjectFact = func(obj types.Object, fact analysis.Fact) { facts[obj] = fact }
	own.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool {
		if known, ok := facts[obj]; ok {
			reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(known).Elem())
			return true
		}
		return pass.ImportObjectFact(obj, fact)
	}
	_, err := a.Run(&own)
	return facts, err
}

func encoded(fact analysis.Fact) []byte {
	var buf bytes.Buffer
	if fact == nil {
		return nil
	}
	if err := gob.NewEncoder(&buf).Encode(fact); err != nil {
		return []byte(err.Error())
	}
	return buf.Bytes()
}
