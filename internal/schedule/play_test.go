package schedule_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/survey"
)

var dump = flag.String("dump", "", "print what playing a package below testdata/src shows and stop")

var dumpDir = flag.String("dumpdir", "../../testdata", "where its src is")

// silent takes the place of a testing.T where comments have no expectations.
type silent struct{}

func (silent) Errorf(format string, args ...any) {}

func TestDump(t *testing.T) {
	if *dump == "" {
		t.Skip("no package is named")
	}
	name, only, _ := strings.Cut(*dump, ":")
	dir, err := filepath.Abs(*dumpDir)
	if err != nil {
		t.Fatal(err)
	}
	a := &analysis.Analyzer{
		Name: "play", Doc: "play the scenes", FactTypes: []analysis.Fact{new(facts.Summary)},
		Run: func(pass *analysis.Pass) (any, error) {
			model, _ := survey.Model(pass, nil)
			if pass.Pkg.Path() != name {
				return nil, nil
			}
			for _, s := range model.Scenes {
				if only != "" && s.Spawner != only {
					continue
				}
				r := schedule.Play(s, true)
				fmt.Printf("%s (%s): %d states, unknown: %q\n", s.Spawner, pass.Fset.Position(s.At.Pos), r.States, r.Unknown)
				for _, x := range r.Stuck {
					fmt.Printf("  stuck, returned %v\n", x.Returned)
					for _, b := range x.Blocked {
						fmt.Printf("    %s at %s, outside %v, cause %v\n", b.Op.Kind, pass.Fset.Position(b.Op.At.Pos), b.Outside, b.Cause)
					}
					for _, e := range x.Events {
						text := fmt.Sprintf("ends, fails %v", e.Fail)
						if e.Op != nil {
							text = fmt.Sprintf("%s %s at %s", e.Op.Kind, e.Op.Text, pass.Fset.Position(e.Op.At.Pos))
						}
						fmt.Printf("      %d %s with %d\n", e.Proc, text, e.With)
					}
				}
				for _, c := range r.Crashes {
					fmt.Printf("  crash at %s\n", pass.Fset.Position(c.Op.At.Pos))
				}
			}
			return nil, nil
		},
	}
	analysistest.Run(silent{}, dir, a, name)
}
