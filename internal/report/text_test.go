package report

import (
	"regexp"
	"strings"
	"testing"
)

const harbourText = `quay/a b.go:4:22: droppedwait: 100% of g.Wait is dropped; it, looks: <fine>
        log("größe 🚢", g.Wait())
                        ^^^^^^^^
    quay/a b.go:3:1: 1. Quay.Load starts the first task
    quay/a b.go:4:22: 2. the first task sends on out[i]
    quay/a b.go:4:22: 3. g waits
    quay/a b.go:5:2: 4. Quay.Load returns
    fix: Return the error

quay/a b.go:5:2: droppedwait: it is dropped
        g.Wait()
        ^^^^^^^^

quay/a b.go:9:2: droppedwait: it is dropped
        g.Wait()
        ^^^^^^^^

/else/z.go:3:10: directive: says nothing
        var x = 	ch <- 1
                	^

gone.go:3:9: directive: gone

unheard: of nowhere

6 findings in 3 packages; not everything could be analysed
`

func TestText(t *testing.T) {
	plain := written(t, func(b *strings.Builder) error { return Text(b, harbour(), readHarbour, false) })
	equal(t, "text", plain, harbourText)
	colored := written(t, func(b *strings.Builder) error { return Text(b, harbour(), readHarbour, true) })
	equal(t, "text without its colours", regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(colored, ""), plain)
	for _, want := range []string{
		bold + "quay/a b.go:4:22:" + normal + " " + alarm + "droppedwait:" + normal + " 100%",
		alarm + "^^^^^^^^" + normal + "\n",
		faint + "quay/a b.go:3:1:" + normal + " 1. Quay.Load",
		"2. " + alarm + "the first task sends on out[i]" + normal + "\n",
	} {
		if !strings.Contains(colored, want) {
			t.Errorf("the coloured text has no %q:\n%q", want, colored)
		}
	}
	none := written(t, func(b *strings.Builder) error { return Text(b, &Report{Packages: 2}, readHarbour, true) })
	equal(t, "text of nothing", none, "no findings in 2 packages\n")
}

func TestShort(t *testing.T) {
	r := harbour()
	r.Findings[3].Message = "says\n\tnothing\x1b"
	equal(t, "short", written(t, func(b *strings.Builder) error { return Short(b, r) }), `quay/a b.go:4:22: droppedwait: 100% of g.Wait is dropped; it, looks: <fine>
quay/a b.go:5:2: droppedwait: it is dropped
quay/a b.go:9:2: droppedwait: it is dropped
/else/z.go:3:10: directive: says nothing\x1b
gone.go:3:9: directive: gone
unheard: of nowhere
`)
	equal(t, "short of nothing", written(t, func(b *strings.Builder) error { return Short(b, &Report{Packages: 2}) }), "")
}

func TestTextExcerpt(t *testing.T) {
	long, digits := strings.Repeat("a", 200), strings.Repeat("0123456789", 20)
	far := strings.Repeat(" ", farAway)
	for _, tt := range []struct {
		line            string
		column, endLine int
		endColumn       int
		want            string
	}{
		{"\tx := y", 2, 1, 3, "x := y\n^\n"},
		{"\tx := y", 7, 1, 8, "x := y\n     ^\n"},
		{"  a\tb c", 5, 1, 6, "a\tb c\n \t^\n"},
		{"a\tb c", 1, 1, 4, "a b c\n^^^\n"},                                 // a tab in what is marked
		{"größe", 3, 1, 5, "größe\n  ^\n"},                                  // one character, two bytes
		{"größe", 3, 0, 0, "größe\n  ^\n"},                                  // no end
		{"größe", 4, 0, 0, `gr\xc3\xb6ße` + "\n      ^^^^\n"},               // in the middle of a character
		{"f(", 1, 3, 2, "f(\n^^\n"},                                         // goes on in other lines
		{"x  // \x1b[31mred\x07", 1, 1, 2, `x  // \x1b[31mred\a` + "\n^\n"}, // what a terminal would obey
		{"x \xff y", 5, 1, 6, `x \xff y` + "\n       ^\n"},
		{"港口 := 船", 1, 1, 7, "港口 := 船\n^^^^\n"}, // two columns each
		{"港口 := 船", 11, 1, 14, "港口 := 船\n        ^^\n"},
		{"e\u0301 := y", 8, 1, 9, "e\u0301 := y\n     ^\n"}, // a mark takes none
		{"x", 2, 1, 3, ""},                                  // shorter than it was
		{"", 1, 1, 1, ""},
		{long + "b" + long, 201, 1, 202, "…" + long[:60] + "b" + long[:78] + "…\n" + strings.Repeat(" ", 61) + "^\n"},
		{digits + "b", 201, 1, 202, "…" + digits[:60] + "b\n" + strings.Repeat(" ", 61) + "^\n"},
		{digits[:195] + "b", 196, 1, 197, "…" + digits[135:195] + "b\n" + strings.Repeat(" ", 61) + "^\n"},
		{long, 1, 1, 200, long[:140] + "…\n" + strings.Repeat("^", 140) + "\n"},
		{long, 200, 1, 201, "…" + long[:60] + "a\n" + strings.Repeat(" ", 61) + "^\n"},
		// No part of a line becomes the beginning of one.
		{"x" + far + "::error::y", farAway + 2, 1, farAway + 4, "…" + far[:60] + "::error::y\n" + strings.Repeat(" ", 61) + "^^\n"},
		{far + " ::error::y", farAway + 2, 1, farAway + 4, `\x3a:error::y` + "\n^^^^^\n"},
	} {
		source := func(string) ([]byte, error) { return []byte(tt.line), nil }
		e := &text{lines: newLines(source)}
		e.excerpt(Place{"x.go", 1, tt.column, tt.endLine, tt.endColumn})
		want := tt.want
		if want != "" {
			want = "        " + strings.Replace(want, "\n", "\n        ", 1)
		}
		equal(t, tt.line, e.String(), want)
	}
}
