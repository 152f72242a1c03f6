package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// smallRecord has a row of each verdict, two modules with rows and one without.
const smallRecord = `# Findings

| check | findings | true |
| --- | --- | --- |
| racyerr | 2 | 1 |
| droppedwait | 1 | 1 |
| deadctx, goexit | 0 | 0 |

No findings: ` + "`example.com/c@v1.0.0`" + `.

| module | file:line | check | verdict | why |
| --- | --- | --- | --- | --- |
| example.com/a/v2@v2.1.0 | p/a.go:7 | racyerr | true | both write n |
| example.com/a/v2@v2.1.0 | p/a.go:12 | lostsend | lost | nobody receives; the buffer is not known |
| example.com/a/v2@v2.1.0 | q/b_test.go:3 | racyerr | false | a \| b is locked |
| example.com/b@v0.1.0 | b.go:1 | droppedwait | true | the error is gone |
`

func parseSmall(t *testing.T) *record {
	t.Helper()
	names, err := checkNames("all")
	if err != nil {
		t.Fatal(err)
	}
	r, err := parseRecord("r.md", smallRecord, names)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseRecord(t *testing.T) {
	t.Parallel()
	r := parseSmall(t)
	if want := []string{"example.com/a/v2@v2.1.0", "example.com/b@v0.1.0", "example.com/c@v1.0.0"}; !slices.Equal(r.modules(), want) {
		t.Errorf("modules %q, want %q", r.modules(), want)
	}
	want := row{"example.com/a/v2@v2.1.0", place{"q/b_test.go", 3}, "racyerr", isFalse, "a | b is locked", 15}
	if rows := r.of("example.com/a/v2@v2.1.0"); len(rows) != 3 || rows[2] != want {
		t.Errorf("rows %+v, the last one should be %+v", rows, want)
	}
	for args, want := range map[string]string{
		"":                             "example.com/a/v2@v2.1.0 example.com/b@v0.1.0 example.com/c@v1.0.0",
		"example.com/c example.com/b":  "example.com/b@v0.1.0 example.com/c@v1.0.0",
		"example.com/a/v2@v2.1.0":      "example.com/a/v2@v2.1.0",
		"example.com/a":                "the record has no module example.com/a",
		"example.com/b@v0.1.1":         "the record has no module example.com/b@v0.1.1",
		"example.com/b example.com/b ": "example.com/b@v0.1.0",
	} {
		got, err := r.choose(strings.Fields(args))
		if text := strings.Join(got, " "); err == nil && text != want || err != nil && err.Error() != want {
			t.Errorf("choose(%q) = %q, %v, want %q", args, text, err, want)
		}
	}
}

// Each is one edit of the small record: what is replaced, by what, and the error.
func TestParseRecordErrors(t *testing.T) {
	t.Parallel()
	names, err := checkNames("all")
	if err != nil {
		t.Fatal(err)
	}
	lastRow := "| example.com/b@v0.1.0 | b.go:1 | droppedwait | true | the error is gone |\n"
	for _, c := range []struct{ old, new, want string }{
		{"| both write n |", "| |", "r.md:13: column 5 is empty"},
		{"| both write n |", "|", "r.md:13: 4 columns, want 5"},
		{"| both write n |", "| both | write n |", "r.md:13: 6 columns, want 5"},
		{"| both write n |", "| both write n", "r.md:13: a row ends with |"},
		{"| example.com/b@v0.1.0 |", " | example.com/b@v0.1.0 |", "r.md:16: a line with | that does not begin with it is no row"},
		{lastRow, "\n" + lastRow, `r.md:17: a table begins with "module | file:line | check | verdict | why" or "check | findings | true"`},
		{"verdict | why |\n| --- |", "verdict | why |\n| --x |", "r.md:12: the second line of a table has --- in each column"},
		{"verdict | why |\n| --- |", "verdict | why |\n|", "r.md:12: the second line of a table has --- in each column"},
		{"example.com/b@v0.1.0", "example.com/b", `r.md:16: module "example.com/b": want path@version`},
		{"example.com/b@v0.1.0", "example.com/b@latest", `r.md:16: module "example.com/b@latest": want path@version`},
		{"b.go:1 ", "b.go ", `r.md:16: place "b.go": want file.go:line, relative to the module`},
		{"b.go:1 ", "b.go:0 ", `r.md:16: place "b.go:0": want file.go:line, relative to the module`},
		{"b.go:1 ", "b.go:01 ", `r.md:16: place "b.go:01": want file.go:line, relative to the module`},
		{"b.go:1 ", "b.go:1:2 ", `r.md:16: place "b.go:1:2": want file.go:line, relative to the module`},
		{"b.go:1 ", "../b.go:1 ", `r.md:16: place "../b.go:1": want file.go:line, relative to the module`},
		{"b.go:1 | droppedwait", "b.go:1 | dropedwait", `r.md:16: there is no check "dropedwait"`},
		{"| true | the error", "| yes | the error", `r.md:16: verdict "yes": want true, false or lost`},
		{lastRow, lastRow + lastRow, "r.md:17: the finding is in line 16 already"},
		{"p/a.go:12", "p/a.go:2", "r.md:14: out of order: it belongs before line 13"},
		{"| racyerr | 2 | 1 |", "| racyerr | 3 | 2 |", "r.md: racyerr: 2 findings, 1 true by the rows; the table of checks says 3, 2"},
		{"| droppedwait | 1 | 1 |\n", "", "r.md: droppedwait: 1 findings, 1 true by the rows; the table of checks says 0, 0"},
		{"| deadctx, goexit | 0 | 0 |", "| deadctx, goexit | 0 | none |", `r.md:7: "0" and "none": want two numbers`},
		{"| deadctx, goexit |", "| deadctx, goexits |", `r.md:7: there is no check "goexits"`},
		{"| deadctx, goexit |", "| deadctx, racyerr |", "r.md:7: racyerr is counted twice"},
		{"c@v1.0.0`.", "c@v1.0.0`", `r.md:9: a line that begins with "No findings: " ends with a full stop`},
		{"`example.com/c@v1.0.0`", "example.com/c@v1.0.0", "r.md:9: example.com/c@v1.0.0: want `path@version`"},
		{"example.com/c@v1.0.0", "example.com/b@v0.1.0", "r.md: example.com/b@v0.1.0 is named as having no findings, and has one in line 16"},
		{smallRecord[strings.Index(smallRecord, "| module"):], "", `r.md: no table with the head "module | file:line | check | verdict | why"`},
	} {
		text := strings.Replace(smallRecord, c.old, c.new, 1)
		if text == smallRecord {
			t.Errorf("%q is not in the record", c.old)
		}
		if _, err := parseRecord("r.md", text, names); err == nil || err.Error() != c.want {
			t.Errorf("%q for %q:\n got %v\nwant %s", c.new, c.old, err, c.want)
		}
	}
}

// TestRecord reads the record of this repository. What is found today is not
// looked at: the modules are large.
func TestRecord(t *testing.T) {
	t.Parallel()
	o := &options{record: filepath.Join("..", "..", "docs", "corpus.md")}
	if _, _, err := readRecord(o); err != nil {
		t.Error(err)
	}
}

// finds returns a finding.
func finds(check, file string, line int) finding {
	return finding{check: check, at: place{file, line}, message: check + ": told"}
}

func TestHold(t *testing.T) {
	t.Parallel()
	r := parseSmall(t)
	const a, b, c = "example.com/a/v2@v2.1.0", "example.com/b@v0.1.0", "example.com/c@v1.0.0"
	asRecorded := map[string][]finding{
		a: {finds("racyerr", "p/a.go", 7), finds("racyerr", "p/a.go", 7), finds("racyerr", "q/b_test.go", 3)},
		b: {finds("droppedwait", "b.go", 1)},
	}
	var selected []string
	find := func(module, checks string) ([]finding, error, error) {
		selected = append(selected, checks)
		return asRecorded[module], nil, nil
	}
	var out, errs bytes.Buffer
	code := hold(r, []string{a, b, c}, &out, &errs, find)
	want := `# example.com/a/v2@v2.1.0

found       p/a.go:7 racyerr
still lost  p/a.go:12 lostsend: nobody receives; the buffer is not known
still false q/b_test.go:3 racyerr: a | b is locked
3 rows, 1 found, 1 still false, 1 still lost; 0 findings in no row

# example.com/b@v0.1.0

found       b.go:1 droppedwait
1 rows, 1 found; 0 findings in no row

# example.com/c@v1.0.0

0 rows; 0 findings in no row

total of 3 modules: 4 rows, 2 found, 1 still false, 1 still lost; 0 findings in no row
`
	if code != 0 || errs.Len() > 0 || out.String() != want {
		t.Errorf("as recorded: code %d, stderr %q, got:\n%s\nwant:\n%s", code, &errs, &out, want)
	}
	if want := []string{"default", "default", "default"}; !slices.Equal(selected, want) {
		t.Errorf("checks %q, want %q", selected, want)
	}
}

// TestSelection names only checks that do not run anyway.
func TestSelection(t *testing.T) {
	t.Parallel()
	rows := []row{{check: "silenttask"}, {check: "racyerr"}, {check: "detached"}, {check: "silenttask"}}
	if got, want := selection(rows, []string{"deadctx", "racyerr"}), "default,detached,silenttask"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestHoldStale changes one finding at a time.
func TestHoldStale(t *testing.T) {
	t.Parallel()
	r := parseSmall(t)
	recorded := []finding{finds("racyerr", "p/a.go", 7), finds("racyerr", "q/b_test.go", 3)}
	for _, c := range []struct {
		name     string
		findings []finding
		code     int
		want     string
	}{
		{"a true one is not found", recorded[1:], 3, "NOT FOUND   p/a.go:7 racyerr: both write n\n"},
		{"a false one is gone", recorded[:1], 3, "MENDED      q/b_test.go:3 racyerr: a | b is locked\n"},
		{"a lost one is found", append(slices.Clone(recorded), finds("lostsend", "p/a.go", 12)), 3,
			"FOUND AGAIN p/a.go:12 lostsend: nobody receives; the buffer is not known\n"},
		{"another check in the line", []finding{finds("firsterror", "p/a.go", 7), recorded[1]}, 3,
			"NOT FOUND   p/a.go:7 racyerr: both write n\n"},
		{"a new one", append(slices.Clone(recorded), finds("deadctx", "z.go", 2)), 0,
			"no row      z.go:2 deadctx: told\n3 rows, 1 found, 1 still false, 1 still lost; 1 findings in no row\n"},
	} {
		var out, errs bytes.Buffer
		find := func(string, string) ([]finding, error, error) { return c.findings, nil, nil }
		code := hold(r, []string{"example.com/a/v2@v2.1.0"}, &out, &errs, find)
		if code != c.code || errs.Len() > 0 || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: code %d, stderr %q, got:\n%s\nwant code %d and:\n%s", c.name, code, &errs, &out, c.code, c.want)
		}
	}
}

// TestHoldFailure goes on after a module that cannot be analysed, or in part.
func TestHoldFailure(t *testing.T) {
	t.Parallel()
	r := parseSmall(t)
	find := func(module, _ string) (findings []finding, partial, err error) {
		if strings.HasPrefix(module, "example.com/a") {
			return nil, nil, errors.New("it is gone")
		}
		return []finding{finds("droppedwait", "b.go", 1)}, errors.New("package x does not build"), nil
	}
	var out, errs bytes.Buffer
	code := hold(r, r.modules()[:2], &out, &errs, find)
	wantErrs := "corpus: example.com/a/v2@v2.1.0: it is gone\ncorpus: example.com/b@v0.1.0: package x does not build\n"
	if code != 1 || errs.String() != wantErrs || !strings.Contains(out.String(), "found       b.go:1 droppedwait\n") {
		t.Errorf("code %d, stderr %q, stdout:\n%s", code, &errs, &out)
	}
	if strings.Contains(out.String(), "example.com/a") || !strings.Contains(out.String(), "total of 1 modules: ") {
		t.Errorf("a module that was not analysed is counted:\n%s", &out)
	}
}

func TestRecordUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "r.md", smallRecord)
	write(t, dir, "bad.md", "| x |\n")
	for args, want := range map[string]string{
		"-record none.md":                      "open ",
		"-record r.md -module m@v1":            "-module: not with -record",
		"-record r.md -sample 3 -checks all":   "-checks, -sample: not with -record",
		"-record r.md example.com/d":           "the record has no module example.com/d",
		"-record bad.md":                       filepath.Join(dir, "bad.md") + ":1: a table begins with ",
		"-record r.md -tool x example.com/d/.": "the record has no module example.com/d/.",
	} {
		fields := strings.Fields(args)
		fields[1] = filepath.Join(dir, fields[1])
		var out, errs bytes.Buffer
		code := run(context.Background(), fields, &out, &errs)
		if code != 2 || out.Len() > 0 || !strings.HasPrefix(errs.String(), "corpus: "+want) {
			t.Errorf("%s: code %d, stdout %q, stderr %q", args, code, &out, &errs)
		}
	}
}

// TestRecordFetch fails for a module that the proxy does not have.
func TestRecordFetch(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOFLAGS", "")
	dir := t.TempDir()
	write(t, dir, "r.md", smallRecord)
	var out, errs bytes.Buffer
	args := []string{"-tool", os.Args[0], "-record", filepath.Join(dir, "r.md"), "-dir", filepath.Join(dir, "copies"), "example.com/b"}
	code := run(context.Background(), args, &out, &errs)
	if want := "corpus: example.com/b@v0.1.0: cannot download example.com/b@v0.1.0: "; code != 1 || !strings.HasPrefix(errs.String(), want) {
		t.Errorf("code %d, stderr %q", code, &errs)
	}
	if want := "total of 0 modules: 0 rows; 0 findings in no row\n"; out.String() != want {
		t.Errorf("stdout %q, want %q", &out, want)
	}
}
