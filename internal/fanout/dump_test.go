package fanout_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/internal/fanout"
)

var update = flag.Bool("update", false, "rewrite the golden dump")
var dumpPkg = flag.String("dump", "", "print the model of a package below testdata/src and stop")

// dump models a package below testdata/src and returns its text.
func dump(t *testing.T, pkg string) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &analysis.Analyzer{
		Name: "dump", Doc: "dump the model", FactTypes: []analysis.Fact{new(fanout.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			p := fanout.Build(pass)
			if pass.Pkg.Name() == filepath.Base(pkg) {
				p.Dump(&out, pass.Fset)
			}
			return nil, nil
		},
	}
	for _, r := range analysistest.Run(ignoreFacts{t}, dir, a, pkg) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	return out.String()
}

// ignoreFacts is a testing.T without expectations: the dump is compared instead.
type ignoreFacts struct{ *testing.T }

func (ignoreFacts) Errorf(string, ...any) {}

func TestPrint(t *testing.T) {
	if *dumpPkg == "" {
		t.Skip("no -dump")
	}
	os.Stdout.WriteString(dump(t, *dumpPkg))
}
