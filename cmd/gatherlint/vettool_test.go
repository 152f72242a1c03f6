package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// goTool runs go vet or go fix with the test binary as its tool.
func goTool(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{args[0], "-" + args[0] + "tool=" + exe}, args[1:]...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && !ended(err) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestVet(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	code, out, errs := goTool(t, dir, "vet", "./b")
	wantCode(t, code, 1, out, errs)
	wantContains(t, "stderr", errs, "b/b.go:3:6: bad: badNoFix is bad", "1. main starts badNoFix")
	code, out, errs = goTool(t, dir, "vet", "-checks=none", "./...")
	wantCode(t, code, 0, out, errs)
	wantText(t, "stderr", errs, "")
}

// TestVetBadFlag wants one line for the package, none for the packages that it
// imports, and no list of flags.
func TestVetBadFlag(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"x/x.go": "package x\n\nimport _ \"example.com/m/y\"\n",
		"y/y.go": "package y\n",
	})
	for _, arg := range []string{"-checks=bat", "-checks bat"} {
		args := append([]string{"vet"}, strings.Fields(arg)...)
		code, out, errs := goTool(t, dir, append(args, "./x")...)
		wantCode(t, code, 1, out, errs)
		wantText(t, "stderr", errs, "# example.com/m/x\n"+
			`gatherlint: invalid value "bat" for flag -checks: unknown check "bat"; did you mean "bad"? The checks are: bad`+"\n")
	}
}

func TestVetFix(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	code, out, errs := goTool(t, dir, "fix", "-diff", "./...")
	wantCode(t, code, 1, out, errs)
	wantContains(t, "stdout", out, "-func badB() {}\n", "+func goodB() {}\n")
	code, out, errs = goTool(t, dir, "vet", "-fix", "./...")
	wantCode(t, code, 0, out, errs)
	wantText(t, "a.go", read(t, dir+"/a/a.go"), "package a\n\nfunc goodB() {}\n\nfunc goodA() {}\n")
	wantText(t, "x_test.go", read(t, dir+"/a/x_test.go"), "package a_test\n\nfunc goodX() {}\n")
}

// TestCrookedFix has a file that line directives present as another one, which
// the fix would destroy.
func TestCrookedFix(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"a.go": "package a\n\n// A file that is not edited.\nfunc F() {}\n",
		"b.go": "package a\n\n//line a.go:4\nfunc badLine() {}\n",
		"c.go": "package a\n\nfunc badOther() {}\n",
	}
	dir := writeModule(t, files)
	code, out, errs := goTool(t, dir, "vet", "-json", ".")
	wantCode(t, code, 0, out, errs)
	objects, err := decodeObjects([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	findings := (&result{objects: objects}).findings()
	if len(findings) != 2 || len(findings[0].Fixes) != 0 || len(findings[1].Fixes) != 1 {
		t.Errorf("want a finding without a fix and one with: %+v", findings)
	}
	code, out, errs = gatherlint(t, dir, "-fix")
	wantCode(t, code, exitFindings, out, errs)
	for name, text := range files {
		if name == "c.go" {
			text = strings.Replace(text, "bad", "good", 1)
		}
		wantText(t, name, read(t, dir+"/"+name), text)
	}
}

func TestIsProtocol(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "x.cfg")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]bool{
		"":                             false,
		"./...":                        false,
		"-json ./...":                  false,
		"version":                      false,
		"-V":                           false,
		"-V=full":                      true,
		"-flags":                       true,
		"/tmp/b001/vet.cfg":            true,
		"-json -checks=x /tmp/vet.cfg": true,
		"-tags x.cfg ./...":            false,
		dir:                            false,
		"./nowhere.cfg":                false,
		"example.com/m/x.cfg":          false,
	} {
		if got := isProtocol(strings.Fields(args)); got != want {
			t.Errorf("isProtocol(%q) = %t", args, got)
		}
	}
}

func TestCheckToolFlags(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-json x.cfg":                 "",
		"-checks=none -json x.cfg":    "",
		"--checks none x.cfg":         "",
		"-json -checks nope x.cfg":    `invalid value "nope" for flag -checks`,
		"-checks":                     "flag needs an argument: -checks",
		"-nosuch=3 -checks=bad x.cfg": "", // left to the driver
	} {
		a := stub()
		err := checkToolFlags(strings.Fields(args), &a.Flags)
		if got := text(err); want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("checkToolFlags(%q) = %q, want %q", args, got, want)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestHonestKeepsAnalyzer makes sure that the analyzer itself is not changed.
func TestHonestKeepsAnalyzer(t *testing.T) {
	t.Parallel()
	a := stub()
	ran := false
	a.Run = func(*analysis.Pass) (any, error) { ran = true; return nil, nil }
	if _, err := withHonestFixes(a).Run(&analysis.Pass{}); err != nil || !ran {
		t.Errorf("ran = %t, err = %v", ran, err)
	}
	if err := analysis.Validate([]*analysis.Analyzer{withHonestFixes(a)}); err != nil {
		t.Error(err)
	}
}
