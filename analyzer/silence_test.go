package analyzer_test

import (
	"testing"

	"github.com/gatherlint/gatherlint/analyzer"
)

// What directives silence, and what is wrong with some, stands in the folder.
func TestDirectives(t *testing.T) {
	pass(t, "directive")
	f := folders()["directive"]
	for _, problem := range f.problems {
		t.Error(problem)
	}
	for _, d := range f.reported {
		if want := analyzer.URL + "#" + d.Category; d.URL != want {
			t.Errorf("%s: URL %s, want %s", d.Message, d.URL, want)
		}
		if d.End <= d.Pos {
			t.Errorf("%s: no end", d.Message)
		}
	}
}
