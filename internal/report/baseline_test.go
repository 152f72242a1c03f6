package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The page shows a baseline as it is written.
func TestBaselineDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, _ = strings.Cut(example, "```\n")
	known, err := ParseBaseline([]byte(example))
	if err != nil || len(known) != 1 || known[0].File != "quay/berths.go" {
		t.Fatalf("%+v, %v", known, err)
	}
	text, err := Baseline(known)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "baseline", string(text), example)
}

// A baseline is the same in whatever order the findings come, and the list that is
// given stays as it is.
func TestBaseline(t *testing.T) {
	a, b := Known{"f:1", "lostctx", "p", "a.go", "m\x1b", 2}, Known{"e:1", "deadctx", "p", "b.go", "m", 0}
	list := []Known{b, a, b}
	text, err := Baseline(list)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseBaseline(text)
	if err != nil || !slices.Equal(back, []Known{a, b}) || !slices.Equal(list, []Known{b, a, b}) {
		t.Errorf("%v comes back as %v, %v", list, back, err)
	}
	if strings.Contains(string(text), "\x1b") {
		t.Errorf("a control character is in %q", text)
	}
	empty, err := Baseline(nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "empty baseline", string(empty), "{\n  \"version\": 1,\n  \"findings\": []\n}\n")
}
