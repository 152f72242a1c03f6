package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// orderModule has package u that imports the others: p without tests, q with
// tests inside, and d of another module. The external test of q imports u, so
// that go vet makes variants of u.
func orderModule(t *testing.T) string {
	t.Helper()
	return writeModule(t, map[string]string{
		"go.mod":         goMod + "\nrequire example.com/dep v0.0.0\n\nreplace example.com/dep => ./dep\n",
		"dep/go.mod":     "module example.com/dep\n\ngo 1.25\n",
		"dep/d/d.go":     "package d\n\nfunc badD() {}\n",
		"p/p.go":         "package p\n\nfunc badP() {}\n",
		"q/q.go":         "package q\n\nfunc badQ() {}\n",
		"q/q_test.go":    "package q\n\nfunc badInside() {}\n",
		"q/x_test.go":    "package q_test\n\nimport _ \"example.com/m/u\"\n\nfunc badOutside() {}\n",
		"q_test/real.go": "package real\n\nfunc badReal() {}\n",
		"u/u.go": "package u\n\nimport (\n\t_ \"example.com/dep/d\"\n\t_ \"example.com/m/p\"\n" +
			"\t_ \"example.com/m/q\"\n\t_ \"example.com/m/q_test\"\n)\n\nfunc badU() {}\n",
	})
}

// orderWant is what is found in each package.
var orderWant = map[string][]string{
	"./u":               {"badU"},
	"./p":               {"badP"},
	"./q":               {"badInside", "badOutside", "badQ"},
	"./q_test":          {"badReal"},
	"example.com/dep/d": {"badD"},
	"./...":             {"badInside", "badOutside", "badP", "badQ", "badReal", "badU"},
}

// TestOrder names the packages in several orders. What is found in each is the
// same, whatever was analysed before, as a dependency or by name.
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{
		{"./u", "./p", "./q", "./q_test", "example.com/dep/d", "./..."},
		{"example.com/dep/d", "./q_test", "./q", "./p", "./u", "./..."},
		{"./...", "./q", "example.com/dep/d", "./u", "./p", "./q_test"},
	} {
		t.Run(strings.Join(order, " then "), func(t *testing.T) {
			t.Parallel()
			dir := orderModule(t)
			for _, pattern := range order {
				wantFound(t, dir, orderWant[pattern], pattern)
			}
		})
	}
}

// wantFound runs the command in the formats text, json and that of go vet, and
// compares the functions that are reported.
func wantFound(t *testing.T, dir string, want []string, patterns ...string) {
	t.Helper()
	code, out, errs := gatherlint(t, dir, patterns...)
	wantCode(t, code, exitFindings, out, errs)
	var got []string
	for line := range strings.Lines(out) {
		if _, rest, ok := strings.Cut(line, ": bad: "); ok {
			name, _, _ := strings.Cut(rest, " ")
			got = append(got, name)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("gatherlint %s finds %q, want %q\nstderr:\n%s", patterns, got, want, errs)
	}
	code, out, errs = gatherlint(t, dir, append([]string{"-json"}, patterns...)...)
	wantCode(t, code, exitClean, out, errs)
	if n := strings.Count(out, `"message": "bad: `); n != len(want) {
		t.Errorf("gatherlint -json %s has %d findings, want %d:\n%s", patterns, n, len(want), out)
	}
	wantText(t, "stderr", errs, "")
}

// TestOrderTestsRemoved has a package lose its tests after it was analysed for
// the facts that others need: what go vet has kept is then the answer about the
// package itself.
func TestOrderTestsRemoved(t *testing.T) {
	t.Parallel()
	dir := orderModule(t)
	wantFound(t, dir, []string{"badU"}, "./u")
	for _, name := range []string{"q/q_test.go", "q/x_test.go"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	wantFound(t, dir, []string{"badQ"}, "./q")
	wantFound(t, dir, []string{"badU"}, "./u")
}

// TestOrderFix applies the fixes of the named package only.
func TestOrderFix(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"./u", "./p"} {
		dir := orderModule(t)
		_, _, _ = gatherlint(t, dir, first)
		code, out, errs := gatherlint(t, dir, "-fix", "./u")
		wantCode(t, code, exitClean, out, errs)
		wantContains(t, "u.go", read(t, dir+"/u/u.go"), "goodU")
		wantContains(t, "p.go", read(t, dir+"/p/p.go"), "badP")
	}
}

// TestOrderVet does the same with go vet itself. It says what it has to say of a
// package of the module also when that is only imported, and so loses nothing:
// not of those without tests of their own, nor of those whose tests depend on a
// tag. Of another module it says nothing until that is named.
func TestOrderVet(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"./u", "./p"}, {"./p", "./u"}, {"./...", "./u", "./p"}} {
		dir := orderModule(t)
		for _, pattern := range order {
			code, out, errs := goTool(t, dir, "vet", pattern)
			wantCode(t, code, 1, out, errs)
			wantContains(t, fmt.Sprint(order, " at ", pattern), errs, "badP is bad")
			if strings.Contains(errs, "badD") || pattern == "./..." && strings.Count(errs, "badP is bad") != 1 {
				t.Errorf("%s at %s:\n%s", order, pattern, errs)
			}
		}
	}
	dir := orderModule(t)
	write(t, dir, "q/q_test.go", "//go:build slow\n\npackage q\n\nfunc badInside() {}\n")
	for _, args := range [][]string{{"-tags=slow", "./u"}, {"./q"}, {"-tags=slow", "./q"}} {
		code, out, errs := goTool(t, dir, append([]string{"vet"}, args...)...)
		wantCode(t, code, 1, out, errs)
		wantContains(t, fmt.Sprint("stderr of go vet ", args), errs, "badQ is bad")
	}
}

// TestOrderVetFix prints a diff in both orders, and changes no package that was
// not named.
func TestOrderVetFix(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"./u", "./p"}, {"./p", "./u"}} {
		dir := orderModule(t)
		for _, pattern := range order {
			code, out, errs := goTool(t, dir, "fix", "-diff", pattern)
			wantCode(t, code, 1, out, errs)
			wantContains(t, fmt.Sprint(order, " at ", pattern), out, "+func goodP() {}")
		}
		code, out, errs := goTool(t, dir, "fix", "./u")
		wantCode(t, code, 0, out, errs)
		wantContains(t, "p.go", read(t, dir+"/p/p.go"), "badP")
		code, out, errs = goTool(t, dir, "fix", "./p")
		wantCode(t, code, 0, out, errs)
		wantContains(t, "p.go", read(t, dir+"/p/p.go"), "goodP")
	}
}

// TestSplitJSON has what go vet of Go 1.25 writes to stderr.
func TestSplitJSON(t *testing.T) {
	t.Parallel()
	answer := `{"":{"Package":"m/b","Full":true}}` + "\n"
	object := "{\n\t\"m/b\": {\n\t\t\"gatherlint\": []\n\t}\n}\n"
	text := "# m/a\n{}\n# m/b\n" + answer + object + "# m/c\nc/c.go:1:1: no\n"
	objects, messages := splitJSON([]byte("{}\n"), []byte(text))
	wantText(t, "objects", string(objects), "{}\n{}\n"+answer+object)
	wantText(t, "messages", string(messages), "# m/a\n# m/b\n# m/c\nc/c.go:1:1: no\n")
}
