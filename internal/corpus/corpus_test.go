package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                           "flag -module is required",
		"-module example.com/m":      "-module example.com/m: want path@version",
		"-module @v1":                "-module @v1: want path@version",
		"-module m@":                 "-module m@: want path@version",
		"-module m@v1 -context -1":   "-context -1: want 0 or more",
		"-module m@v1 -sample -1":    "-sample -1: want 0 or more",
		"-module m@v1 -seed x":       `invalid value "x" for flag -seed: parse error`,
		"-module std":                "-module std: want path@version",
		"-module m@v1 -time -top -1": "-top -1: want 0 or more",
		"-module m@v1 -report f":     "flag -report is for -time",
		"-modul m@v1":                "flag provided but not defined: -modul",
		"-h":                         "usage: corpus -module path@version [flags] [packages]",
		"-module m@v1 -sample twice": `invalid value "twice" for flag -sample: parse error`,
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), strings.Fields(args), &out, &errs)
		if code != 2 || out.Len() > 0 || !strings.HasPrefix(errs.String(), "corpus: "+want) {
			t.Errorf("%s: code %d, stdout %q, stderr %q", args, code, &out, &errs)
		}
	}
	o, err := parseOptions([]string{"-module", "m@v1"})
	if err != nil || !slices.Equal(o.patterns, []string{"./..."}) || o.context != 6 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestUnknownModule(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOFLAGS", "")
	var out, errs bytes.Buffer
	args := []string{"-tool", os.Args[0], "-module", "example.com/no/such/module@v1.2.3"}
	code := run(context.Background(), args, &out, &errs)
	want := "corpus: cannot download example.com/no/such/module@v1.2.3: "
	if code != 1 || !strings.HasPrefix(errs.String(), want) {
		t.Errorf("code %d, stderr %q", code, &errs)
	}
}

func TestGoModEdits(t *testing.T) {
	t.Parallel()
	mod := &goMod{}
	mod.Require = []struct{ Path, Version string }{
		{"k8s.io/api", "v0.0.0"},
		{"k8s.io/utils", "v0.1.0"},
		{"example.com/zero", "v0.0.0"},
	}
	type version = struct{ Path, Version string }
	replace := func(old, oldVersion, to, toVersion string) {
		mod.Replace = append(mod.Replace, struct{ Old, New version }{version{old, oldVersion}, version{to, toVersion}})
	}
	replace("k8s.io/api", "", "./staging/api", "")
	replace("k8s.io/kept", "", "./kept", "")
	replace("example.com/up", "v1.0.0", "../up", "")
	replace("example.com/fork", "", "example.com/other", "v1.0.0")
	exists := func(dir string) bool { return dir == "./kept" }

	drops := []string{"-dropreplace=example.com/up@v1.0.0", "-dropreplace=k8s.io/api"}
	for module, want := range map[string][]string{
		"example.com/m@v1.36.3":     drops,
		"k8s.io/kubernetes@v1.36.3": append(slices.Clone(drops), "-require=k8s.io/api@v0.36.3"),
		"k8s.io/kubernetes@v2.0.0":  drops,
	} {
		if got := goModEdits(mod, module, exists); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", module, got, want)
		}
	}
	if got := goModEdits(&goMod{}, "example.com/m@v1.0.0", exists); len(got) != 0 {
		t.Errorf("nothing to do: %q", got)
	}
}

// TestMakeWhole edits a real go.mod.
func TestMakeWhole(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOFLAGS", "")
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	for name, text := range map[string]string{
		"go.mod":             "module example.com/m\n\ngo 1.25\n\nreplace (\n\texample.com/a => ./a\n\texample.com/b => ./b\n)\n",
		"m.go":               "package m\n",
		"a/go.mod":           "module example.com/a\n",
		"vendor/modules.txt": "",
		"sub/vendor/v.go":    "package vendor\n",
		"go.work":            "go 1.25\n",
		"go.work.sum":        "",
	} {
		write(t, from, name, text)
	}
	if err := os.Chmod(filepath.Join(from, "m.go"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := copyModule(from, to); err != nil {
		t.Fatal(err)
	}
	if err := makeWhole(context.Background(), "example.com/m@v1.0.0", to); err != nil {
		t.Fatal(err)
	}
	var files []string
	err := filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			rel, _ := filepath.Rel(to, path)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil || !slices.Equal(files, []string{"a/go.mod", "go.mod", "m.go", "sub/vendor/v.go"}) {
		t.Errorf("files %q, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(to, "go.mod"))
	if want := "module example.com/m\n\ngo 1.25\n\nreplace example.com/a => ./a\n"; err != nil || string(text) != want {
		t.Errorf("go.mod:\n%s\nwant:\n%s", text, want)
	}
	if fi, err := os.Stat(filepath.Join(to, "m.go")); err != nil || fi.Mode().Perm()&0o200 == 0 {
		t.Errorf("m.go is not writable: %v, %v", fi, err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestFetchKeeps leaves a directory alone that holds something else.
func TestFetchKeeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "precious", "x")
	err := fetch(context.Background(), "example.com/m@v1.0.0", dir, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "is not empty and is not a finished copy of example.com/m@v1.0.0") {
		t.Errorf("error %v", err)
	}
	write(t, dir, doneFile, "example.com/m@v1.0.0")
	if err := fetch(context.Background(), "example.com/m@v1.0.0", dir, t.TempDir()); err != nil {
		t.Errorf("finished copy: %v", err)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "p/a.go", "one\ntwo\nthree\nfour\nfive\n")
	posn := func(line int) string { return fmt.Sprintf("%s/p/a.go:%d:7", dir, line) }
	data := fmt.Sprintf(`{}
{"example.com/m/p": {"gatherlint": [
	{"category": "lost", "posn": %q, "message": "lost: two", "related": [{"posn": %q, "message": "1. main starts"}]},
	{"posn": %q, "message": "kept: five"}
]}, "example.com/m/q": {"gatherlint": {"error": "it crashed"}}}
{"example.com/m/p [p.test]": {"gatherlint": [
	{"category": "lost", "posn": "/elsewhere/b.go:3", "message": "lost: elsewhere"},
	{"category": "lost", "posn": %q, "message": "lost: two"}
]}}
`, posn(2), posn(1), posn(5), posn(2))
	findings, err := decode([]byte(data), dir)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := show(&b, &options{module: "example.com/m@v1", context: 1}, findings, dir); err != nil {
		t.Fatal(err)
	}
	want := `# example.com/m@v1

## kept 1: p/a.go:5
kept: five
     4  four
>    5  five

## lost 1: /elsewhere/b.go:3
lost: elsewhere
(no source: open /elsewhere/b.go: no such file or directory)

## lost 2: p/a.go:2
lost: two
    p/a.go:1: 1. main starts
     1  one
>    2  two
     3  three

kept             1
lost             2
total            3
`
	if got := b.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, data := range []string{"{", "[]", `{"p": {"gatherlint": [1]}}`} {
		if _, err := decode([]byte(data), dir); err == nil {
			t.Errorf("decode(%q): no error", data)
		}
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	var findings []finding
	for _, check := range []string{"a", "b"} {
		for line := range 50 {
			findings = append(findings, finding{check: check, at: place{"f.go", line + 1}, message: "m"})
		}
	}
	print := func(n int, seed uint64) string {
		var b bytes.Buffer
		if err := show(&b, &options{module: "m@v1", sample: n, seed: seed}, findings, t.TempDir()); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := print(5, 1)
	if strings.Count(first, "## a ") != 5 || strings.Count(first, "## b ") != 5 {
		t.Errorf("want 5 of each check:\n%s", first)
	}
	if !strings.HasSuffix(first, "a                50 (5 shown, seed 1)\nb                50 (5 shown, seed 1)\ntotal            100\n") {
		t.Errorf("counts:\n%s", first)
	}
	for range 5 {
		if again := print(5, 1); strings.Count(again, "## ") != 10 || heads(again) != heads(first) {
			t.Errorf("another sample:\n%s", again)
		}
	}
	if heads(print(5, 2)) == heads(first) {
		t.Error("another seed draws the same sample")
	}
	if n := strings.Count(print(50, 1), "## "); n != 100 {
		t.Errorf("%d findings with a sample as large as the whole, want 100", n)
	}
	drawn := draw(findings[:50], 5, 7)
	if !slices.IsSortedFunc(drawn, compare) {
		t.Errorf("not in order: %v", drawn)
	}
}

// heads returns the lines that name a finding.
func heads(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "## ") {
			b.WriteString(line)
		}
	}
	return b.String()
}
