package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/internal/report"
)

// jsonReport is the part of -format json that the tests look at.
type jsonReport struct {
	Version, Packages int
	Rules             []report.Rule
	Findings          []report.Finding
	Messages          []string
}

func parseReport(t *testing.T, text string) jsonReport {
	t.Helper()
	var r jsonReport
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return r
}

// TestFormatJSON follows a finding from go vet into a report: its end, package,
// steps with actors, fix and path.
func TestFormatJSON(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	code, out, errs := gatherlint(t, dir, "-format", "json")
	wantCode(t, code, exitFindings, out, errs)
	wantText(t, "stderr", errs, "")
	r := parseReport(t, out)
	if r.Version != report.JSONVersion || r.Packages != 3 || len(r.Findings) != 5 || len(r.Messages) != 0 {
		t.Fatalf("report %+v", r)
	}
	var all strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&all, "%s %s %s-%d:%d %s\n", f.Package, f.Check, f.Place, f.EndLine, f.EndColumn, f.Message)
	}
	wantText(t, "findings", all.String(), `example.com/m/a bad a/a.go:3:6-3:10 badB is bad; it is not good
example.com/m/a bad a/a.go:5:6-5:10 badA is bad; it is not good
example.com/m/a bad a/a_test.go:3:6-3:13 badTest is bad; it is not good
example.com/m/a_test bad a/x_test.go:3:6-3:10 badX is bad; it is not good
example.com/m/b bad b/b.go:3:6-3:14 badNoFix is bad; it is not good
`)
	f := r.Findings[0]
	wantText(t, "steps", fmt.Sprintf("%+v %+v", f.Steps[0], *f.Steps[0].On), fmt.Sprintf("%+v %+v", report.Step{
		Place: report.Place{File: "a/a.go", Line: 3, Column: 1},
		Text:  "main starts badB", Actor: report.Actor{Kind: "spawner", Name: "main"}, On: f.Steps[0].On,
	}, report.Actor{Kind: "task", Name: "badB"}))
	if s := f.Steps[1]; s.Text != "it ends badly" || !s.Blocks || s.On != nil || s.Actor.Name != "badB" {
		t.Errorf("second step %+v", s)
	}
	wantText(t, "fix", fmt.Sprintf("%+v", f.Fixes), "[{Message:rename Edits:[{File:a/a.go Start:16 End:20 New:goodB}]}]")
	if r.Findings[4].Fixes != nil || len(f.Fingerprint) < 32 {
		t.Errorf("fixes %+v, fingerprint %q", r.Findings[4].Fixes, f.Fingerprint)
	}
	if len(r.Rules) != 1+len(mustSelect(t, "default")) {
		t.Errorf("rules %+v", r.Rules)
	}
}

func mustSelect(t *testing.T, list string) []report.Rule {
	t.Helper()
	all := rules(list, nil)
	if len(all) == 0 {
		t.Fatalf("no rules for %s", list)
	}
	return all
}

func TestRules(t *testing.T) {
	t.Parallel()
	all := rules("deadctx,lostsend,deaftask", []report.Finding{{Check: "directive"}, {Check: "deadctx"}, {Check: "bad"}})
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
		if r.Summary == "" || !strings.HasSuffix(r.URL, "#"+r.Name) || strings.Contains(r.Summary, "`") {
			t.Errorf("rule %+v", r)
		}
		if r.Name == "deadctx" && (!strings.HasPrefix(r.Text, "deadctx: ") || !strings.Contains(r.Help, "#### What happens") || r.Family != "cancellation ignored") {
			t.Errorf("rule %+v", r)
		}
		if r.Name == "directive" && (!strings.Contains(r.Text, "//gatherlint:ignore") || r.Summary != "how a finding is silenced in the code") {
			t.Errorf("rule %+v", r)
		}
	}
	wantText(t, "names", strings.Join(names, " "), "bad deadctx deaftask directive lostsend")
}

// TestFormatsAgree runs all formats: each has the five findings, is the same in
// a second run, and ends with the same code.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	for format, pattern := range map[string]string{
		"text": `(?m)^\S+: bad: bad\w+ is bad`, "short": `(?m)^\S+:\d:6: bad: bad\w+ is bad; it is not good$`, "json": `"message": "bad\w+ is bad`, "sarif": `"ruleId": "bad"`,
		"github": `(?m)^::error file=\S+,line=\d,endLine=\d,col=6,endColumn=\d+,title=gatherlint%3A bad::bad`, "html": `<details [^>]*class="finding"|<details class="finding"`,
	} {
		code, out, errs := gatherlint(t, dir, "-format", format)
		wantCode(t, code, exitFindings, out, errs)
		wantText(t, "stderr", errs, "")
		if n := len(regexp.MustCompile(pattern).FindAllString(out, -1)); n != 5 {
			t.Errorf("%s has %d findings:\n%s", format, n, out)
		}
		_, again, _ := gatherlint(t, dir, "-format", format)
		wantText(t, "the second run of "+format, again, out)
	}
	code, out, errs := gatherlint(t, dir, "-format", "sarif", "./c")
	wantCode(t, code, exitClean, out, errs)
	wantContains(t, "SARIF without findings", out, `"results": []`, `"executionSuccessful": true`)
}

// TestFormatPaths stands beside, above and in the packages.
func TestFormatPaths(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	for _, tt := range []struct{ from, c, want string }{
		{"", "b", "b/b.go"},
		{"b", ".", "b.go"},
		{"a", "../b", filepath.ToSlash(dir) + "/b/b.go"},
	} {
		code, out, errs := gatherlint(t, filepath.Join(dir, tt.from), "-C", tt.c, "-format=json", ".")
		wantCode(t, code, exitFindings, out, errs)
		if f := parseReport(t, out).Findings[0]; f.File != tt.want || f.Steps[0].File != tt.want {
			t.Errorf("in %s: file %s, want %s", tt.from, f.File, tt.want)
		}
	}
}

// TestFormatsBroken has a package that cannot be analysed, beside one that can,
// and alone.
func TestFormatsBroken(t *testing.T) {
	t.Parallel()
	dir := writeModule(t, map[string]string{
		"x/x.go": "package x\n\nvar X = nope\n",
		"b/b.go": "package b\n\nfunc badOne() {}\n",
	})
	for format, want := range map[string]string{
		"text":   "; not everything could be analysed; 1 can be fixed with -fix\n",
		"short":  "b/b.go:3:6: bad: ",
		"json":   `"x/x.go:3:9: undefined: nope"`,
		"sarif":  `"executionSuccessful": false`,
		"github": "::error title=gatherlint::x/x.go:3:9: undefined: nope\n",
		"html":   "x/x.go:3:9: undefined: nope",
	} {
		code, out, errs := gatherlint(t, dir, "-format", format)
		wantCode(t, code, exitFailed, out, errs)
		wantContains(t, format, out, want, "badOne is bad")
		wantText(t, "stderr", errs, "x/x.go:3:9: undefined: nope\n")

		code, out, errs = gatherlint(t, dir, "-format", format, "./x")
		wantCode(t, code, exitFailed, out, errs)
		wantText(t, format+" of nothing", out, "")
		wantContains(t, "stderr", errs, "gatherlint: nothing was analysed\n")
	}
}

// appliedLines say where the fixes of badModule were applied.
const appliedLines = "    a/a.go:3:6: bad: rename\n    a/a.go:5:6: bad: rename\n    a/a_test.go:3:6: bad: rename\n    a/x_test.go:3:6: bad: rename\n"

// TestFormatFix keeps what is said about fixes out of what a program reads.
func TestFormatFix(t *testing.T) {
	t.Parallel()
	dir := badModule(t)
	code, out, errs := gatherlint(t, dir, "-fix", "-format", "json")
	wantCode(t, code, exitFindings, out, errs)
	if r := parseReport(t, out); len(r.Findings) != 1 {
		t.Errorf("findings that remain: %+v", r.Findings)
	}
	wantText(t, "stderr", errs, "applied 4 fixes to 3 files\n"+appliedLines)
}

// TestPackageOfVariant has the name that the go command gives to a package that
// it compiles again for a test.
func TestPackageOfVariant(t *testing.T) {
	t.Parallel()
	obj, err := decodeObject([]byte(`{"x/a [x/b.test]": {"gatherlint": [{"posn": "a.go:1:1", "message": "m"}]}}`))
	if err != nil || len(obj.findings) != 1 || obj.findings[0].pkg != "x/a" {
		t.Errorf("%+v, %v", obj, err)
	}
}

func TestAsPlace(t *testing.T) {
	t.Parallel()
	same := func(s string) string { return s }
	for _, tt := range []struct {
		posn, end string
		want      report.Place
	}{
		{"/a/x.go:3:6", "/a/x.go:4:1", report.Place{File: "/a/x.go", Line: 3, Column: 6, EndLine: 4, EndColumn: 1}},
		{"/a/x.go:3:6", "/a/x.go:3:6", report.Place{File: "/a/x.go", Line: 3, Column: 6}},
		{"/a/x.go:3:6", "", report.Place{File: "/a/x.go", Line: 3, Column: 6}},
		{"/a/x.go:3:6", "/a/y.go:9:6", report.Place{File: "/a/x.go", Line: 3, Column: 6}}, // a line directive between them
		{"/a/x.go:3", "/a/x.go:4", report.Place{File: "/a/x.go", Line: 3}},
		{"-", "-", report.Place{}},
		{"", "", report.Place{}},
	} {
		if got := asPlace(tt.posn, tt.end, same); got != tt.want {
			t.Errorf("asPlace(%q, %q) = %+v, want %+v", tt.posn, tt.end, got, tt.want)
		}
	}
}

// What a step says by data gets from go vet's JSON into the report.
func TestStepsOfReport(t *testing.T) {
	f := finding{Category: "lostsend", Posn: "/a/b.go:3:1", Related: []step{
		{"/a/b.go:12:9", "/a/b.go:12:20", `1. [spawner "fetch" fails call=12:9-12:20 error=13:5-13:8 way=then] fetch calls get, which fails`},
		{"/a/b.go:14:2", "/a/b.go:14:2", `2. [task "the task" blocks -> channel "out"] the task waits here for ever`},
	}}
	got := asFinding(f, func(path string) string { return strings.TrimPrefix(path, "/a/") }).Steps
	want := []report.Step{
		{
			Place: report.Place{File: "b.go", Line: 12, Column: 9, EndLine: 12, EndColumn: 20}, Text: "fetch calls get, which fails", Kind: "fails", Actor: report.Actor{Kind: "spawner", Name: "fetch"},
			Call: &report.Place{File: "b.go", Line: 12, Column: 9, EndLine: 12, EndColumn: 20}, Error: &report.Place{File: "b.go", Line: 13, Column: 5, EndLine: 13, EndColumn: 8}, Way: "then",
		},
		{
			Place: report.Place{File: "b.go", Line: 14, Column: 2}, Text: "the task waits here for ever", Kind: "blocks", Actor: report.Actor{Kind: "task", Name: "the task"},
			On: &report.Actor{Kind: "channel", Name: "out"}, Blocks: true,
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
