package analyzer_test

import (
	"cmp"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestTranscript compares what a person reads about the bad code of each check,
// steps and fixes included: package analysistest looks at the messages only.
func TestTranscript(t *testing.T) {
	for _, name := range checkNames() {
		t.Run(name, func(t *testing.T) {
			p := pass(t, name)
			text := transcript(p.Fset, slices.DeleteFunc(slices.Clone(folders()[name].reported), func(d analysis.Diagnostic) bool {
				file := filepath.Base(p.Fset.Position(d.Pos).Filename)
				return file != "example.go" && file != "bad.go" && file != "bad_steps.go"
			}))
			if text == "" {
				t.Fatal("nothing is reported")
			}
			path := "testdata/golden/" + name + ".txt"
			got, err := os.ReadFile(repoFile(path))
			if err != nil && !*update {
				t.Fatalf("%v; %s", err, repair(t))
			}
			same(t, path, string(got), text)
		})
	}
}

// transcript prints diagnostics as the command does, and the titles of fixes.
func transcript(fset *token.FileSet, ds []analysis.Diagnostic) string {
	slices.SortStableFunc(ds, func(a, b analysis.Diagnostic) int {
		pa, pb := fset.Position(a.Pos), fset.Position(b.Pos)
		return cmp.Or(cmp.Compare(pa.Filename, pb.Filename), cmp.Compare(pa.Offset, pb.Offset), cmp.Compare(a.Message, b.Message))
	})
	at := func(p token.Pos) string {
		pos := fset.Position(p)
		return fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), pos.Line)
	}
	var b strings.Builder
	for i, d := range ds {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n", at(d.Pos), d.Message)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "    %s: %s\n", at(r.Pos), r.Message)
		}
		for _, f := range d.SuggestedFixes {
			fmt.Fprintf(&b, "    fix: %s\n", f.Message)
		}
	}
	return b.String()
}
