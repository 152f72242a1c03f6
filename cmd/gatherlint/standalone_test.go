package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// badModule has findings in a package, its test and its external test, and
// one in a second package; a third is clean.
func badModule(t *testing.T) string {
	return writeModule(t, map[string]string{
		"a/a.go":      "package a\n\nfunc badB() {}\n\nfunc badA() {}\n",
		"a/a_test.go": "package a\n\nfunc badTest() {}\n",
		"a/x_test.go": "package a_test\n\nfunc badX() {}\n",
		"b/b.go":      "package b\n\nfunc badNoFix() {}\n",
		"c/c_test.go": "package c\n\nfunc Good() {}\n", // a test only
		"d/d.go":      "//go:build never\n\npackage d\n\nfunc badNever() {}\n",
	})
}

const badModuleText = `a/a.go:3:6: bad: badB is bad; it is not good
        func badB() {}
             ^^^^
    a/a.go:3:1: 1. main starts badB
    a/a.go:3:13: 2. it ends badly
    fix: rename

a/a.go:5:6: bad: badA is bad; it is not good
        func badA() {}
             ^^^^
    a/a.go:5:1: 1. main starts badA
    a/a.go:5:13: 2. it ends badly
    fix: rename

a/a_test.go:3:6: bad: badTest is bad; it is not good
        func badTest() {}
             ^^^^^^^
    a/a_test.go:3:1: 1. main starts badTest
    a/a_test.go:3:16: 2. it ends badly
    fix: rename

a/x_test.go:3:6: bad: badX is bad; it is not good
        func badX() {}
             ^^^^
    a/x_test.go:3:1: 1. main starts badX
    a/x_test.go:3:13: 2. it ends badly
    fix: rename

b/b.go:3:6: bad: badNoFix is bad; it is not good
        func badNoFix() {}
             ^^^^^^^^
    b/b.go:3:1: 1. main starts badNoFix
    b/b.go:3:17: 2. it ends badly

5 findings in 2 packages; 4 can be fixed with -fix
`

func TestFindings(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	for range 2 { // the second time from the cache
		code, out, errs := gatherlint(t, dir)
		wantCode(t, code, exitFindings, out, errs)
		wantText(t, "stdout", out, badModuleText)
		wantText(t, "stderr", errs, "")
	}
	code, out, errs := gatherlint(t, dir, "-checks", "none", "./a", "./c")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "no findings in 2 packages\n")
	code, out, errs = gatherlint(t, dir, "./b", "./...", "example.com/m/b")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stdout of overlapping patterns", out, badModuleText)
	code, out, errs = gatherlint(t, dir, "b/b.go")
	wantCode(t, code, exitFindings, out, errs)
	wantContains(t, "stdout of a file", out, "b/b.go:3:6: bad: badNoFix", "\n1 finding in 1 package\n")
}

// TestPaths runs from other directories: paths are relative to where the user
// stands, also under -C.
func TestPaths(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	write(t, dir, "d/e/f/g/keep", "")
	for _, tt := range []struct{ from, c, want string }{
		{"a", "..", "../b/b.go:3:6: bad"},
		{"", "b", "b/b.go:3:6: bad"},
		{"d/e/f", "../../..", "../../../b/b.go:3:6: bad"},
		{"d/e/f/g", "../../../..", dir + "/b/b.go:3:6: bad"},
		{"d", dir, "../b/b.go:3:6: bad"},
	} {
		code, out, errs := gatherlint(t, filepath.Join(dir, tt.from), "-C", tt.c)
		wantCode(t, code, exitFindings, out, errs)
		wantContains(t, "stdout in "+tt.from, "\n"+out, "\n"+tt.want)
	}
}

// TestDriversAgree compares the findings of plain go vet, of go vet -json, and
// of the command in both forms.
func TestDriversAgree(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	vet := func(args ...string) (stdout, stderr string) {
		cmd := exec.Command("go", append([]string{"vet", "-vettool=" + exe}, args...)...)
		cmd.Dir = dir
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run() // the output is compared
		return out.String(), errs.String()
	}
	_, plain := vet("-checks=default", "./...")
	_, ours, _ := gatherlint(t, dir, "-checks=default")
	finding := regexp.MustCompile(`(?m)^\S+:\d+:\d+: bad: .*$`)
	want := finding.FindAllString(ours, -1)
	got := finding.FindAllString(plain, -1)
	slices.Sort(got)
	if len(want) != 5 || !slices.Equal(got, want) {
		t.Errorf("go vet:\n%s\nthe command:\n%s", plain, ours)
	}

	wantJSON, _ := vet("-json", "./...")
	code, gotJSON, errs := gatherlint(t, dir, "-json")
	wantCode(t, code, exitClean, gotJSON, errs)
	theirs, err := decodeObjects([]byte(wantJSON))
	if err != nil {
		t.Fatal(err)
	}
	sortObjects(theirs)
	var b strings.Builder
	for _, obj := range theirs {
		b.Write(obj.raw)
		b.WriteByte('\n')
	}
	wantText(t, "JSON", gotJSON, b.String())
	var all []string
	for _, f := range (&result{objects: theirs}).findings() {
		all = append(all, strings.TrimPrefix(f.Posn, dir+"/")+": "+f.Message)
	}
	if !slices.Equal(all, want) {
		t.Errorf("JSON has %q, want %q", all, want)
	}
}

type brokenCase struct {
	name   string
	files  map[string]string
	args   []string
	stderr string
}

// broken are packages that cannot be analysed, beside one that can.
func broken() []brokenCase {
	return []brokenCase{
		{
			"type error, with an importer",
			map[string]string{
				"x/x.go": "package x\n\nfunc F() int { return nope }\n",
				"y/y.go": "package y\n\nimport \"example.com/m/x\"\n\nvar X = x.F()\n",
			}, nil,
			"x/x.go:3:23: undefined: nope\n",
		},
		{
			"type error in a test",
			map[string]string{"x/x.go": "package x\n", "x/x_test.go": "package x\n\nvar V = nope\n"}, nil,
			"x/x_test.go:3:9: undefined: nope\n",
		},
		{
			"syntax error",
			map[string]string{"x/x.go": "package x\n\nfunc {\n"}, nil,
			"x/x.go:3:6: expected 'IDENT', found '{'\n",
		},
		{
			"no package clause",
			map[string]string{"x/x.go": "pakage x\n"}, nil,
			"x/x.go:1:1: expected 'package', found pakage\n",
		},
		{
			"import of nothing",
			map[string]string{"x/x.go": "package x\n\nimport _ \"example.com/m/nowhere\"\n"}, nil,
			"x/x.go:3:8: no required module provides package example.com/m/nowhere; to add it:\n\tgo get example.com/m/nowhere\n",
		},
		{
			"import of nothing in a test",
			map[string]string{"x/x.go": "package x\n", "x/x_test.go": "package x\n\nimport _ \"nowhere\"\n"}, nil,
			"x/x_test.go:3:8: package nowhere is not in std",
		},
		{
			"import cycle",
			map[string]string{
				"x/x.go": "package x\n\nimport _ \"example.com/m/y\"\n",
				"y/y.go": "package y\n\nimport _ \"example.com/m/x\"\n",
			}, nil,
			"import cycle not allowed",
		},
		{
			"crash of the analyzer",
			map[string]string{"x/x.go": "package x\n\nfunc crash() {}\n"}, nil,
			"gatherlint: example.com/m/x: gatherlint failed: it crashed\n",
		},
		{"pattern without packages", nil, []string{"./b", "nowhere/..."}, "gatherlint: pattern \"nowhere/...\" matches no packages\n"},
		{"no directory", nil, []string{"./b", "./nowhere"}, "gatherlint: ./nowhere: stat "},
		{"no such directory/...", nil, []string{"./b", "./nowhere/..."}, "gatherlint: pattern ./nowhere/...: "},
		{"no such package", nil, []string{"./b", "fmtt"}, "gatherlint: package fmtt is not in std"},
	}
}

// TestBroken has packages that cannot be analysed beside one that can.
func TestBroken(t *testing.T) {
	t.Parallel()
	for _, tt := range broken() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"b/b.go": "package b\n\nfunc badOne() {}\n"}
			for name, text := range tt.files {
				files[name] = text
			}
			dir := writeModule(t, files)
			code, out, errs := gatherlint(t, dir, tt.args...)
			wantCode(t, code, exitFailed, out, errs)
			wantText(t, "stdout", out, `b/b.go:3:6: bad: badOne is bad; it is not good
        func badOne() {}
             ^^^^^^
    b/b.go:3:1: 1. main starts badOne
    b/b.go:3:15: 2. it ends badly
    fix: rename

1 finding in 1 package; not everything could be analysed; 1 can be fixed with -fix
`)
			if strings.Count(errs, tt.stderr) != 1 || !strings.HasSuffix(tt.stderr, "\n") && len(errs) > 400 {
				t.Errorf("stderr:\n%s\nwant once:\n%s", errs, tt.stderr)
			}
			if strings.HasSuffix(tt.stderr, "\n") && errs != tt.stderr {
				t.Errorf("stderr:\n%s\nwant only:\n%s", errs, tt.stderr)
			}
			code, out, errs = gatherlint(t, dir, append([]string{"-json"}, tt.args...)...)
			wantCode(t, code, exitFailed, out, errs)
			wantContains(t, "JSON", out, `"message": "bad: badOne is bad`)
			wantContains(t, "stderr", errs, tt.stderr)
		})
	}
}

// TestNothing has command lines for which nothing can be analysed.
func TestNothing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		files  map[string]string
		args   []string
		stderr []string
	}{
		{"broken go.mod", map[string]string{"go.mod": "modul x\n", "x.go": "package x\n"}, nil, []string{"go.mod:1: unknown directive: modul\n"}},
		{"broken go.mod under -C", map[string]string{"sub/go.mod": "modul x\n", "sub/x.go": "package x\n"}, []string{"-C", "sub"}, []string{"\nsub/go.mod:1: unknown directive: modul\n"}},
		{"newer Go", map[string]string{"go.mod": "module x\n\ngo 1.999\n", "x.go": "package x\n"}, nil, []string{"go.mod requires go >= 1.999", "running go"}},
		{"no packages", map[string]string{"README": ""}, nil, []string{`pattern "./..." matches no packages`}},
		{"does not compile", map[string]string{"x.go": "package x\n\nvar X = nope\n"}, nil, []string{"x.go:3:9: undefined: nope\n", "gatherlint: nothing was analysed\n"}},
		{"imports nothing", map[string]string{"x.go": "package x\n\nimport _ \"nope\"\n"}, nil, []string{"x.go:3:8: package nope is not in std", "gatherlint: nothing was analysed\n"}},
		{"all files excluded", map[string]string{"x/x.go": "//go:build never\n\npackage x\n"}, []string{"./x"}, []string{"build constraints exclude all Go files"}},
		{"bad build flag", map[string]string{"x.go": "package x\n"}, []string{"-mod=nope"}, []string{"-mod=nope"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := gatherlint(t, writeModule(t, tt.files), tt.args...)
			wantCode(t, code, exitFailed, out, errs)
			wantText(t, "stdout", out, "")
			wantContains(t, "stderr", errs, tt.stderr...)
		})
	}
}

// To run where there is no directory is wrong usage.
func TestNoDirectory(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, nil)
	for name, want := range map[string]string{"nowhere": "no such directory", "go.mod": "not a directory"} {
		code, out, errs := gatherlint(t, dir, "-C", name)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, "stderr", errs, "gatherlint: -C "+name+": "+want+"\n")
	}
}

func TestNoModule(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "x.go", "package x\n")
	for _, pattern := range []string{"./...", "."} {
		code, out, errs := gatherlint(t, dir, pattern)
		wantCode(t, code, exitFailed, out, errs)
		wantContains(t, "stderr for "+pattern, errs, "no go.mod in "+dir)
	}
}

func TestNoGoCommand(t *testing.T) {
	dir := badModule(t)
	t.Setenv("PATH", dir)
	code, out, errs := gatherlint(t, dir)
	wantCode(t, code, exitFailed, out, errs)
	wantText(t, "stderr", errs, "gatherlint: cannot find the go command in PATH; gatherlint runs go vet underneath\n")
}

// brokenPipe fails like a full disk.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestOutputFails(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	code := run(env{stdout: brokenPipe{}, stderr: &errs, dir: badModule(t), exe: exe}, nil, stub())
	wantCode(t, code, exitFailed, "", errs.String())
	wantText(t, "stderr", errs.String(), "gatherlint: cannot write the output: no space\n")
}

func TestTags(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"x.go": "package x\n",
		"y.go": "//go:build extra\n\npackage x\n\nfunc badTagged() {}\n",
	})
	code, out, errs := gatherlint(t, dir)
	wantCode(t, code, exitClean, out, errs)
	code, out, errs = gatherlint(t, dir, "-tags=extra", "-mod=mod")
	wantCode(t, code, exitFindings, out, errs)
	wantContains(t, "stdout", out, "y.go:5:6: bad: badTagged")
}

// TestInterrupt ends a run whose analysis would take long.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	started := filepath.Join(t.TempDir(), "started")
	dir := writeModule(t, map[string]string{"x.go": "package x\n\n// " + started + "\nfunc sleep() {}\n"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for range 2000 {
			if _, err := os.Stat(started); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o, err := parseOptions(nil, stub())
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	begin := time.Now()
	code := env{stdout: &out, stderr: &errs, dir: dir, exe: exe}.standalone(ctx, o)
	wantCode(t, code, exitFailed, out.String(), errs.String())
	wantText(t, "stderr", errs.String(), "gatherlint: interrupted\n")
	if _, err := os.Stat(started); err != nil {
		t.Errorf("the analysis did not start within %v", time.Since(begin))
	}
}
