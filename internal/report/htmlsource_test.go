package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// excerptText is what an excerpt looks like, roughly.
func excerptText(e excerpt) string {
	var sb strings.Builder
	for _, l := range e.Lines {
		if l.Gap {
			sb.WriteString("...\n")
		}
		fmt.Fprint(&sb, l.N)
		for _, m := range l.Marks {
			fmt.Fprintf(&sb, " (%d)", m.N)
		}
		sb.WriteString(" ")
		for _, s := range l.Segments {
			if strings.HasSuffix(s.Class, "found") {
				s.Text = "[" + s.Text + "]"
			}
			sb.WriteString(s.Text)
		}
		sb.WriteString("\n")
	}
	return strings.TrimSuffix(sb.String(), "\n")
}

func excerptsOf(text string, f *Finding) []excerpt {
	s := &sources{read: func(string) ([]byte, error) { return []byte(text), nil }}
	return s.excerpts(f, "f1")
}

func TestHTMLExcerpt(t *testing.T) {
	var sb strings.Builder
	for i := 1; i <= 40; i++ {
		fmt.Fprintf(&sb, "line%d\n", i)
	}
	at := func(file string, line int) Step { return Step{Place: Place{File: file, Line: line}} }
	f := &Finding{Place: Place{File: "a.go", Line: 5, Column: 3, EndLine: 5, EndColumn: 5}, Steps: []Step{at("a.go", 13), at("b.go", 1), at("a.go", 30), at("a.go", 13)}}
	es := excerptsOf(sb.String(), f)
	if len(es) != 2 || es[0].File != "a.go" || es[1].File != "b.go" {
		t.Fatalf("%+v", es)
	}
	want := `2 line2
3 line3
4 line4
5 li[ne]5
6 line6
7 line7
8 line8
9 line9
10 line10
11 line11
12 line12
13 (1) (4) line13
14 line14
15 line15
16 line16
...
27 line27
28 line28
29 line29
30 (3) line30
31 line31
32 line32
33 line33`
	if got := excerptText(es[0]); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := excerptText(es[1]); got != "1 (2) line1\n2 line2\n3 line3\n4 line4" {
		t.Error(got)
	}
	if es[0].Problem != "" || es[1].Problem != "" {
		t.Errorf("problems: %q, %q", es[0].Problem, es[1].Problem)
	}
}

func TestHTMLExcerptOddSources(t *testing.T) {
	at := func(line, column, endLine, endColumn int) Place {
		return Place{File: "a.go", Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
	}
	long := strings.Repeat("x", 5000)
	for _, test := range []struct {
		name, text    string
		place         Place
		want, problem string
	}{
		{"windows", "one\r\ntwo\r\n", at(2, 1, 2, 4), "1 one\n2 [two]", ""},
		{"no last newline", "one\ntwo", at(2, 1, 2, 99), "1 one\n2 [two]", ""},
		{"two lines", "f(\n\ta)\n", at(1, 2, 2, 3), "1 f[(]\n2 \t[a])", ""},
		{"no column", "one", at(1, 0, 0, 0), "1 one", ""},
		{"no end", "one two", at(1, 5, 0, 0), "1 one [two]", ""},
		{"column behind the line", "one", at(1, 50, 1, 60), "1 one", ""},
		{"end before the start", "one two", at(1, 5, 1, 2), "1 one two", ""},
		{"invalid", "a\xffb\x00\u202ec", at(1, 1, 1, 2), `1 [a]\xffb\x00\u202ec`, ""},
		{"through a letter", "aéb", at(1, 1, 1, 3), `1 [a\xc3]\xa9b`, ""},
		{"long line", long, at(1, 0, 0, 0), "1 " + long[:400] + "…", ""},
		{"empty file", "", at(1, 1, 1, 2), "1 ", ""},
		{"no such line", "one\n", at(7, 1, 7, 2), "", "the file has changed"},
		{"no line", "one\n", at(0, 0, 0, 0), "", "the file has changed"},
		{"negative", "one\n", at(-3, -3, -3, -3), "", "the file has changed"},
	} {
		es := excerptsOf(test.text, &Finding{Place: test.place})
		if got := excerptText(es[0]); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if !strings.HasPrefix(es[0].Problem, test.problem) || test.problem == "" && es[0].Problem != "" {
			t.Errorf("%s: problem %q, want %q", test.name, es[0].Problem, test.problem)
		}
	}
}

func TestHTMLExcerptNotReadable(t *testing.T) {
	for _, test := range []struct {
		name string
		file string
		read Source
		want string
	}{
		{"missing", "gone.go", readFetch, "source not readable: file does not exist"},
		{"other error", "gone.go", func(string) ([]byte, error) { return nil, errors.New("not now") }, "source not readable: not now"},
		{"no source", "gone.go", nil, "source not readable: no sources were given"},
		{"no file", "", readFetch, "source not readable: the position is not known"},
	} {
		r := pageSample()
		r.Findings[0].File = test.file
		es := (&sources{read: test.read}).excerpts(&r.Findings[0], "f1")
		if es[0].Problem != test.want || len(es[0].Lines) != 0 {
			t.Errorf("%s: %+v, want %q", test.name, es[0], test.want)
		}
		pageHas(t, pageOf(t, r, test.read), test.want)
	}
}

// Each file is read once, however many findings are in it.
func TestHTMLExcerptReadsOnce(t *testing.T) {
	reads := 0
	r := pageSample()
	r.Findings = append(r.Findings, r.Findings[0], r.Findings[0])
	pageOf(t, r, func(file string) ([]byte, error) { reads++; return readFetch(file) })
	if reads != 1 {
		t.Errorf("%d reads", reads)
	}
}
