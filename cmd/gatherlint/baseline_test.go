package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/report"
)

// TestBaseline writes a baseline, and changes the code in the ways that matter.
func TestBaseline(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	code, out, errs := gatherlint(t, dir, "-baseline", "known.json", "-write-baseline")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "wrote 5 findings to known.json\n")
	wantContains(t, "the baseline", read(t, dir+"/known.json"), "{\n  \"version\": 1,\n  \"findings\": [\n    {\n      \"fingerprint\": ",
		`"package": "example.com/m/a_test"`, `"file": "a/x_test.go"`, `"message": "badNoFix is bad; it is not good"`)
	was := read(t, dir+"/known.json")

	code, out, errs = gatherlint(t, dir, "-baseline", "known.json")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "no findings in 3 packages; 5 known from the baseline\n")
	wantText(t, "stderr", errs, "")

	// From another directory, with code that moved, was mended and came.
	write(t, dir, "a/moved.go", "package a\n\n\n\nfunc badB() {}\n\nfunc badNewNoFix() {}\n")
	write(t, dir, "a/a.go", "package a\n")
	const gone = "../known.json: 1 entry no longer occurs; -prune-baseline takes out:\n    a/a.go: bad: badA is bad; it is not good\n"
	code, out, errs = gatherlint(t, dir+"/b", "-C", "..", "-format", "short", "-baseline", "../known.json")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stdout", out, "../a/moved.go:7:6: bad: badNewNoFix is bad; it is not good\n")
	wantText(t, "stderr", errs, "gatherlint: "+gone)

	// A run that did not look there says nothing of it, and keeps it.
	code, out, errs = gatherlint(t, dir, "-baseline", "known.json", "-prune-baseline", "./b")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stderr", errs, "")
	wantText(t, "the baseline", read(t, dir+"/known.json"), was)

	code, out, errs = gatherlint(t, dir, "-baseline", "known.json", "-prune-baseline")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stderr", errs, "gatherlint: took 1 entry out of known.json:\n    a/a.go: bad: badA is bad; it is not good\n")
	if now := read(t, dir+"/known.json"); strings.Count(now, "fingerprint") != 4 || strings.Contains(now, "badA ") {
		t.Errorf("the pruned baseline is\n%s", now)
	}

	// A part is written, and the rest stays.
	code, out, errs = gatherlint(t, dir, "-baseline", "known.json", "-write-baseline", "./a")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "wrote 4 findings to known.json; kept 1 of what this run did not look at\n")
	code, out, errs = gatherlint(t, dir, "-baseline", "known.json")
	wantCode(t, code, exitClean, out, errs)

	// A package that is not there any more.
	if err := os.RemoveAll(dir + "/b"); err != nil {
		t.Fatal(err)
	}
	code, out, errs = gatherlint(t, dir, "-baseline", "known.json")
	wantCode(t, code, exitClean, out, errs)
	wantContains(t, "stderr", errs, "1 entry no longer occurs", "    b/b.go: bad: badNoFix")
	wantNoTemp(t, dir)
}

// TestBaselineFix applies the fixes of what is reported only.
func TestBaselineFix(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"a.go": "package a\n\nfunc badOld() {}\n"})
	code, out, errs := gatherlint(t, dir, "-baseline=known.json", "-write-baseline")
	wantCode(t, code, exitClean, out, errs)
	write(t, dir, "a.go", "package a\n\nfunc badOld() {}\n\nfunc badNew() {}\n")
	code, out, errs = gatherlint(t, dir, "-baseline=known.json", "-fix")
	wantCode(t, code, exitClean, out, errs)
	wantText(t, "stdout", out, "applied 1 fix to 1 file\n    a.go:5:6: bad: rename\n\nno findings in 1 package; 1 known from the baseline\n")
	wantText(t, "a.go", read(t, dir+"/a.go"), "package a\n\nfunc badOld() {}\n\nfunc goodNew() {}\n")
}

// TestBaselineRefused has files that are no baselines, and code that cannot be
// analysed.
func TestBaselineRefused(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"a/a.go": "package a\n\nfunc badA() {}\n", "x/x.go": "package x\n\nvar X = nope\n"})
	for text, want := range map[string]string{
		"":                                       "-baseline b.json: it is no baseline: unexpected end of JSON input",
		"[]":                                     "-baseline b.json: it is no baseline: json: cannot unmarshal array",
		"{}":                                     "-baseline b.json: it is no baseline: it has no version",
		`{"version": 2}`:                         "-baseline b.json: it has version 2, and this gatherlint reads version 1",
		`{"version": 1, "findings": [{"a": 1}]}`: "-baseline b.json: finding 1 has no fingerprint",
	} {
		write(t, dir, "b.json", text)
		for _, args := range []string{"-baseline b.json", "-baseline b.json -write-baseline"} {
			code, out, errs := gatherlint(t, dir, strings.Fields(args)...)
			wantCode(t, code, exitUsage, out, errs)
			wantContains(t, text, errs, "gatherlint: "+want)
			wantText(t, "the file", read(t, dir+"/b.json"), text)
		}
	}
	for args, want := range map[string]string{
		"-baseline none.json": "-baseline none.json: no such file; -write-baseline makes it\n",
		"-baseline a":         "-baseline a: it is not a regular file\n",
	} {
		code, out, errs := gatherlint(t, dir, strings.Fields(args)...)
		wantCode(t, code, exitUsage, out, errs)
		wantText(t, args, errs, "gatherlint: "+want)
	}
	code, out, errs := gatherlint(t, dir, "-baseline", "new.json", "-write-baseline")
	wantCode(t, code, exitFailed, out, errs)
	wantContains(t, "stderr", errs, "gatherlint: new.json not written: not everything could be analysed\n")
	if !missing(dir + "/new.json") {
		t.Error("a baseline of a part is written")
	}
}

// Entries that read alike are one line, and no more lines are written than can be read.
func TestListedEntries(t *testing.T) {
	t.Parallel()
	known := func(file string) report.Known {
		return report.Known{File: file, Check: "bad", Message: "x is bad; so is y"}
	}
	wantText(t, "two alike", listed([]report.Known{known("a.go"), known("b.go"), known("a.go")}),
		"    a.go: bad: x is bad; so is y (2 of these)\n    b.go: bad: x is bad; so is y\n")
	var many []report.Known
	for i := range 24 {
		many = append(many, known(fmt.Sprintf("%02d.go", i%22)))
	}
	got := listed(many)
	if lines := strings.Split(got, "\n"); len(lines) != 22 || lines[0] != "    00.go: bad: x is bad; so is y (2 of these)" || lines[20] != "    and 2 more" {
		t.Errorf("24 entries in 22 files are listed as\n%s", got)
	}
}

// A return that a known finding was not about makes it a new one, and one that is gone
// does not.
func TestBaselineReturns(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{"a.go": leakyText(1)})
	tool, err := command()
	if err != nil {
		t.Fatal(err)
	}
	repository(t, dir)
	run := func(args ...string) string {
		cmd := exec.Command(tool, append([]string{"-q", "-format=short"}, args...)...)
		cmd.Dir = dir
		out, _ := cmd.Output() // with findings, the code is not 0
		return string(out)
	}
	cmd := exec.Command(tool, "-q", "-baseline=known.json", "-write-baseline")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const told = "a.go:5:14: lostsend: the task blocks for ever sending on out; first returns without receiving from it\n"
	for n, want := range map[int]string{0: "", 1: "", 2: told} {
		write(t, dir, "a.go", leakyText(n))
		wantText(t, fmt.Sprintf("with the baseline, %d more", n), run("-baseline=known.json"), want)
		wantText(t, fmt.Sprintf("of changed lines, %d more", n), run("-new-from=HEAD"), map[bool]string{true: told}[n != 1])
	}
}

// leakyText is a package with a function that leaves its goroutine behind at one return,
// and at n others.
func leakyText(n int) string {
	text := "package a\n\nfunc first(stop [9]chan bool) int {\n\tout := make(chan int)\n\tgo func() { out <- 1 }()\n\tselect {\n\tcase n := <-out:\n\t\treturn n\n"
	for i := range n + 1 {
		text += fmt.Sprintf("\tcase <-stop[%d]:\n\t\treturn %d\n", i, i)
	}
	return text + "\t}\n}\n"
}
