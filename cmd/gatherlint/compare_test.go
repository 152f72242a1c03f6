package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the table of docs/compare.md, with GATHERLINT_COMPARE set")

// A compared is a column of the table: a tool, and how it is run in testdata/compare.
type compared struct {
	name string
	args []string // of go
	env  []string
	runs int // how often, for what depends on chance
}

// The first column is gatherlint's own. Versions are pinned so that the table stays
// true of what it names.
var comparedTools = []compared{
	{name: "go vet", args: []string{"vet", "."}},
	{name: "staticcheck", args: []string{"run", "honnef.co/go/tools/cmd/staticcheck@v0.8.2", "-tags=compare", "."}},
	{name: "contextcheck", args: []string{"run", "github.com/kkHAIKE/contextcheck/cmd/contextcheck@v1.1.6", "."}},
	{name: "errcheck", args: []string{"run", "github.com/kisielk/errcheck@v1.30.0", "."}},
	{name: "a test that hangs", args: []string{"test", "-tags=compare", "-count=1", "."}},
	{name: "race detector", args: []string{"test", "-tags=compare", "-race", "-count=10", "."}, env: []string{"COMPARE=race"}, runs: 3},
	{name: "goleak", args: []string{"test", "-tags=compare", "-count=1", "."}, env: []string{"COMPARE=goleak"}},
	{name: "leak profile", args: []string{"test", "-tags=compare", "-count=1", "."}, env: []string{"COMPARE=profile", "GOEXPERIMENT=goroutineleakprofile"}},
}

// TestCompare holds the table of docs/compare.md, what each tool finds of the mistakes
// in testdata/compare, against what gatherlint finds; with GATHERLINT_COMPARE set,
// which takes the module proxy and some minutes, against what all of them find:
//
//	GATHERLINT_COMPARE=1 go test ./cmd/gatherlint -run TestCompare -update
func TestCompare(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "compare")
	mistakes := mistakesOf(t, dir)
	if len(mistakes) != 20 {
		t.Errorf("%d mistakes", len(mistakes))
	}
	file := filepath.Join("..", "..", "docs", "compare.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table:begin -->\n", "<!-- table:end -->"
	before, rest, ok := strings.Cut(string(page), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/compare.md has no marks for the table")
	}
	tool, err := command()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "-q", "-checks=all", "-format=short", ".")
	cmd.Dir, cmd.Env = dir, online()
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != exitFindings {
		t.Fatalf("gatherlint: %v\n%s", err, out)
	}
	all := os.Getenv("GATHERLINT_COMPARE") != ""
	columns := [][]bool{foundIn(mistakes, string(out))}
	for _, tool := range comparedTools {
		if all {
			columns = append(columns, tool.run(t, dir, mistakes))
		}
	}
	if all && *update {
		table = tableOf(mistakes, columns)
		if err := os.WriteFile(file, []byte(before+begin+table+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want := rowsOf(table)
	for i, row := range rowsOf(tableOf(mistakes, columns)) {
		if i >= len(want) || len(want[i]) != 2+1+len(comparedTools) || !slices.Equal(row, want[i][:len(row)]) {
			t.Errorf("row %d is %q, and the page has other rows: %q", i, row, want[min(i, len(want)-1)])
		}
	}
	for _, tool := range comparedTools {
		for _, arg := range tool.args {
			if !strings.Contains(before+after, arg) {
				t.Errorf("docs/compare.md does not say how %s is run: %s", tool.name, arg)
			}
		}
	}
}

// A mistake is a function of testdata/compare in a file of its name.
type mistake struct{ name, what string }

func mistakesOf(t *testing.T, dir string) []mistake {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var out []mistake
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".go")
		if name == "bakery" || strings.HasSuffix(name, "_test") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)^// ` + name + ` (.*(?:\n// .*)*)\.\nfunc ` + name + `\(`).FindSubmatch(text)
		if m == nil {
			t.Errorf("%s does not say what its mistake is", f)
			continue
		}
		out = append(out, mistake{name, strings.ReplaceAll(string(m[1]), "\n// ", " ")})
	}
	return out
}

// foundIn says which of the mistakes an output is about: it names the file, or the test
// that fails.
func foundIn(mistakes []mistake, out string) []bool {
	found := make([]bool, len(mistakes))
	for i, m := range mistakes {
		found[i] = regexp.MustCompile(`(?m)(^|/)` + m.name + `\.go:\d+:|--- FAIL: TestMistakes/` + m.name + ` `).MatchString(out)
	}
	return found
}

func (c compared) run(t *testing.T, dir string, mistakes []mistake) []bool {
	t.Helper()
	found := make([]bool, len(mistakes))
	for range max(1, c.runs) {
		cmd := exec.Command("go", c.args...)
		cmd.Dir, cmd.Env = dir, append(online(), c.env...)
		out, err := cmd.CombinedOutput()
		if _, failed := err.(*exec.ExitError); err != nil && !failed || strings.Contains(string(out), "[build failed]") {
			t.Fatalf("%s: %v\n%s", c.name, err, out)
		}
		text := string(out)
		if c.args[0] == "test" { // a stack names files too
			text = regexp.MustCompile(`(?m)^.*\.go:\d+.*$`).ReplaceAllString(text, "")
		}
		for i, f := range foundIn(mistakes, text) {
			found[i] = found[i] || f
		}
	}
	return found
}

func tableOf(mistakes []mistake, columns [][]bool) string {
	head := []string{"mistake", "what it does", "gatherlint"}
	for _, tool := range comparedTools {
		head = append(head, tool.name)
	}
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	row(head[:2+len(columns)])
	row(slices.Repeat([]string{"---"}, 2+len(columns)))
	for i, m := range mistakes {
		cells := []string{"[" + m.name + "](../testdata/compare/" + m.name + ".go)", m.what}
		for _, c := range columns {
			cells = append(cells, map[bool]string{true: "found", false: ""}[c[i]])
		}
		row(cells)
	}
	return b.String()
}

// rowsOf are the cells of a table.
func rowsOf(table string) [][]string {
	var out [][]string
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		out = append(out, cells)
	}
	return out
}
