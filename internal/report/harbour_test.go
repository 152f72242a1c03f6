package report

import (
	"errors"
	"strings"
	"testing"
)

// harbourFiles are the sources of harbour, by path.
func harbourFiles() map[string]string {
	return map[string]string{
		"quay/a b.go": "package quay\n\nfunc f() {\n\tlog(\"größe 🚢\", g.Wait())\n\tg.Wait()\n}\n\nfunc h() {\n\tg.Wait()\n}\n",
		"/else/z.go":  "package z\r\n\r\nvar x = \tch <- 1\r\n",
	}
}

func readHarbour(file string) ([]byte, error) {
	text, ok := harbourFiles()[file]
	if !ok {
		return nil, errors.New("no such file")
	}
	return []byte(text), nil
}

// harbour is a report with all that a report can have: a range, a point and no
// position at all, a file outside of the directory and one that cannot be read,
// steps with and without actors, fixes, and messages.
func harbour() *Report {
	const file = "quay/a b.go"
	spawner, task := Actor{"spawner", "Quay.Load"}, Actor{"task", "the first task"}
	group, out := &Actor{"group", "g"}, &Actor{"channel", "out[i]"}
	text := harbourFiles()[file]
	wait, log := strings.Index(text, "\n\tg.Wait()")+2, strings.Index(text, "log(")
	r := &Report{
		Version: "v0.5.0", Packages: 7, Messages: []string{"x/x.go:1:1: undefined: y\n\tbecause: 100%"},
		Rules: []Rule{
			{Name: "directive", Summary: "how a finding is silenced", URL: "https://example.org/#directive"},
			{"droppedwait", "errors dropped", "the error is dropped", "**Help** for `g`", "Help for g", "https://example.org/#droppedwait"},
		},
		Findings: []Finding{
			{
				Check: "droppedwait", Package: "example.com/quay", Place: Place{file, 4, 22, 4, 30},
				Message: "100% of g.Wait is dropped; it, looks: <fine>",
				Steps: []Step{
					{Place: Place{File: file, Line: 3, Column: 1}, Text: "Quay.Load starts the first task", Kind: "starts", Actor: spawner, On: group},
					{Place: Place{file, 4, 22, 4, 30}, Text: "the first task sends on out[i]", Kind: "blocks", Actor: task, On: out, Blocks: true},
					{Place: Place{File: file, Line: 4, Column: 22}, Text: "g waits", Kind: "fails", Call: &Place{file, 4, 22, 4, 30}, Error: &Place{file, 4, 22, 4, 23}},
					{Place: Place{File: file, Line: 5, Column: 2}, Text: "Quay.Load returns", Kind: "decides", Way: "else", Actor: spawner},
				},
				Fixes: []Fix{
					{"Return the error", []Edit{{file, wait, wait + 8, "return g.Wait()"}, {file, log, log, "// "}, {"gone.go", 1, 3, ""}}},
					{"Nothing", nil},
				},
			},
			{Check: "droppedwait", Package: "example.com/quay", Place: Place{file, 5, 2, 5, 10}, Message: "it is dropped"},
			{Check: "droppedwait", Package: "example.com/quay", Place: Place{file, 9, 2, 10, 2}, Message: "it is dropped"},
			{Check: "directive", Package: "example.com/z", Place: Place{File: "/else/z.go", Line: 3, Column: 10}, Message: "says nothing"},
			{Check: "directive", Place: Place{File: "gone.go", Line: 3, Column: 9, EndLine: 3, EndColumn: 11}, Message: "gone"},
			{Check: "unheard", Message: "of nowhere"},
		},
	}
	SetFingerprints(r, readHarbour)
	return r
}

func written(t *testing.T, write func(*strings.Builder) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func TestSummary(t *testing.T) {
	for want, r := range map[string]*Report{
		"no findings in 1 package":                      {Packages: 1},
		"no findings in 0 packages":                     {},
		"no findings; not everything could be analysed": {Packages: 3, Messages: []string{"x"}},
		"1 finding in 1 package":                        {Packages: 3, Findings: harbour().Findings[:1]},
		"2 findings in 1 package": {Findings: []Finding{ // whatever directory a line directive names
			{Package: "example.com/quay", Place: Place{File: "quay/a.go"}}, {Package: "example.com/quay_test", Place: Place{File: "/else/b.y"}},
		}},
		"6 findings in 3 packages; not everything could be analysed": harbour(),
		"no findings in 3 packages; 2 known from the baseline":       {Packages: 3, Known: 2},
	} {
		equal(t, "summary", r.Summary(), want)
	}
	r := &Report{Packages: 3, Findings: harbour().Findings[:1]}
	equal(t, "closing line", r.Closing(), r.Summary())
	r.Fixable = 1
	equal(t, "closing line", r.Closing(), "1 finding in 1 package; 1 can be fixed with -fix")
}

func TestFingerprints(t *testing.T) {
	prints := func(r *Report, source Source) []string {
		SetFingerprints(r, source)
		var out []string
		for _, f := range r.Findings {
			out = append(out, f.Fingerprint)
		}
		return out
	}
	was := prints(harbour(), readHarbour)
	seen := map[string]bool{}
	for _, p := range was {
		if seen[p] || len(p) != 34 {
			t.Errorf("fingerprint %s is not one of its own with 32 digits", p)
		}
		seen[p] = true
	}
	if was[1][:32] != was[2][:32] || was[1][32:] != ":1" || was[2][32:] != ":2" {
		t.Errorf("equal findings have the fingerprints %s and %s", was[1], was[2])
	}
	// The code moves down and into another file, and is indented.
	moved := harbour()
	for i := range moved.Findings {
		if moved.Findings[i].Line > 0 && moved.Findings[i].File != "gone.go" {
			moved.Findings[i].File += "2"
			moved.Findings[i].Line += 2
		}
	}
	source := func(file string) ([]byte, error) {
		text, err := readHarbour(strings.TrimSuffix(file, "2"))
		return []byte("\n\n" + strings.ReplaceAll(string(text), "\n", "\n\t")), err
	}
	for i, p := range prints(moved, source) {
		if p != was[i] {
			t.Errorf("fingerprint %d is %s, and %s after the code moved", i, was[i], p)
		}
	}
	for what, change := range map[string]func(*Finding){
		"check":   func(f *Finding) { f.Check = "lostctx" },
		"package": func(f *Finding) { f.Package += "/v2" },
		"message": func(f *Finding) { f.Message += " twice" },
		"line":    func(f *Finding) { f.Line++ },
	} {
		r := harbour()
		change(&r.Findings[0])
		if p := prints(r, readHarbour); p[0] == was[0] || p[5] != was[5] {
			t.Errorf("another %s: fingerprint %s, was %s", what, p[0], was[0])
		}
	}
}

func TestLines(t *testing.T) {
	l := newLines(readHarbour)
	const file = "quay/a b.go"
	for _, tt := range []struct{ line, column, want int }{
		{4, 1, 1}, {4, 2, 2}, {4, 11, 10}, {4, 19, 15}, {4, 22, 18}, {5, 10, 10}, {5, 11, 0}, {5, 0, 0}, {0, 1, 0}, {11, 1, 1}, {12, 1, 0},
	} {
		if got := l.units(file, tt.line, tt.column); got != tt.want {
			t.Errorf("units of %d:%d: %d, want %d", tt.line, tt.column, got, tt.want)
		}
	}
	text := harbourFiles()[file]
	for _, tt := range []struct{ offset, line, column int }{
		{0, 1, 1}, {12, 1, 13}, {13, 2, 1}, {strings.Index(text, "🚢") + 4, 4, 15}, {len(text), 11, 1}, {len(text) + 1, 0, 0}, {-1, 0, 0},
	} {
		line, column, ok := l.position(file, tt.offset)
		if line != tt.line || column != tt.column || ok != (tt.line > 0) {
			t.Errorf("position of %d: %d:%d, %t, want %d:%d", tt.offset, line, column, ok, tt.line, tt.column)
		}
	}
	if _, _, ok := l.position("gone.go", 0); ok {
		t.Error("a file that cannot be read has a position")
	}
	if text, ok := l.line("/else/z.go", 3); text != "var x = \tch <- 1" || !ok {
		t.Errorf("line %q, %t", text, ok)
	}
}
