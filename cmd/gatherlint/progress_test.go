package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestProgressCounts gives a progress the JSON of go vet in pieces.
func TestProgressCounts(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	_, text, errs := gatherlint(t, dir, "-json")
	wantText(t, "stderr", errs, "")
	for _, size := range []int{1, 7, len(text)} {
		var b bytes.Buffer
		p := &progress{w: &b, total: 4, shown: true}
		for i := 0; i < len(text); i += size {
			if _, err := p.Write([]byte(text[i:min(i+size, len(text))])); err != nil {
				t.Fatal(err)
			}
		}
		p.stop()
		p.show() // a timer that came too late
		clear := "\r\x1b[K"
		wantText(t, "progress", b.String(), clear+"1 of 4 packages"+clear+"2 of 4 packages"+clear+"3 of 4 packages"+clear+"4 of 4 packages"+clear)
	}
}

// TestProgressTotal compares what is expected of go vet with what it writes.
func TestProgressTotal(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	g := &goCmd{path: "go", dir: dir, env: env{dir: dir, exe: exe}}
	o, err := parseOptions(nil, stub())
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.load(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, p := range r.packages {
		total += p.objects()
	}
	if total != 4 || len(r.objects) != total {
		t.Errorf("go vet writes %d objects, %d are expected, want 4", len(r.objects), total)
	}
}

// TestTerminal runs the command with a terminal, which util-linux's script makes,
// and without one.
func TestTerminal(t *testing.T) {
	t.Parallel()
	script, err := exec.LookPath("script")
	if err != nil {
		t.Skip("there is no script command")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := writeModule(t, map[string]string{
		"a/a.go": "package a\n\nfunc doze() {}\n",
		"b/b.go": "package b\n\nfunc badNoFix() {}\n",
	})
	run := func(command string, environ ...string) string {
		cmd := exec.Command(script, "-qec", strings.ReplaceAll(command, "gatherlint", "'"+exe+"'"), os.DevNull)
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), "TERM=xterm", "NO_COLOR="), environ...)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != exitFindings {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
		return strings.ReplaceAll(string(out), "\r\n", "\n")
	}
	const header, clear = "\x1b[1mb/b.go:3:6:\x1b[0m \x1b[1;31mbad:\x1b[0m badNoFix", "\r\x1b[K"
	out := run("gatherlint ./...")
	wantContains(t, "a terminal", out, " of 2 packages", clear+header, "\x1b[1;31m^^^^^^^^\x1b[0m\n")
	plain := "b/b.go:3:6: bad: badNoFix is bad; it is not good\n"
	for _, tt := range []struct{ command, environ string }{
		{"gatherlint ./b", "NO_COLOR=1"},
		{"gatherlint ./b", "TERM=dumb"},
		{"gatherlint ./b | cat; exit 3", ""},
		{"gatherlint -o x.txt ./b; cat x.txt; exit 3", ""},
	} {
		out := run(tt.command, tt.environ)
		wantContains(t, tt.command, out, plain)
		if strings.Contains(out, "\x1b[1") {
			t.Errorf("%s %s has colours: %q", tt.environ, tt.command, out)
		}
	}
	if out := run("gatherlint -checks=bad ./... 2>err.txt"); strings.Contains(out, " of 2 packages") || read(t, dir+"/err.txt") != "" {
		t.Errorf("a file gets the progress: %q, %q", out, read(t, dir+"/err.txt"))
	}
}

// TestLongRun has a run without a terminal that takes longer than the patience of
// the command: it says why, once, unless it is to be quiet, something is done, or all is in the
// build cache.
func TestLongRun(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"a/a.go": "package a\n\nfunc doze() {}\n"})
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const why = "gatherlint: still running; what the build cache does not have is compiled, and dependencies are read for each new set of flags\n"
	for _, tt := range []struct{ args, want string }{{"-q -checks=bad", ""}, {"-checks=default", why}, {"-checks=default", ""}} {
		var out, errs bytes.Buffer
		e := env{stdout: &out, stderr: &errs, dir: dir, exe: exe, patience: progressDelay}
		wantCode(t, run(e, strings.Fields(tt.args), stub()), exitClean, out.String(), errs.String())
		wantText(t, "stderr with "+tt.args, errs.String(), tt.want)
	}
	var b bytes.Buffer
	p := &progress{w: &b, total: 4, done: 1}
	p.sayWhy()
	p.done = 0
	p.stop()
	p.sayWhy()
	wantText(t, "what is said too late", b.String(), "")
}
