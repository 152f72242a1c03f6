package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The colours of the text, as escape sequences of terminals.
const (
	bold   = "\x1b[1m"
	alarm  = "\x1b[1;31m"
	faint  = "\x1b[2m"
	normal = "\x1b[0m"
)

// maxSource bounds the characters of a source line that are shown, and
// beforeCaret those of them before the caret, where the line is longer.
const (
	maxSource   = 140
	beforeCaret = 60
)

// farAway is how many bytes from the caret cannot be among these characters.
const farAway = 4096

// Text writes a report for people: each finding with its line of source, the
// steps of its schedule and the title of its fix, then the closing line. Colours
// are for a terminal only.
func Text(w io.Writer, r *Report, source Source, colors bool) error {
	t := &text{lines: newLines(source), colors: colors}
	r = plain(r)
	for _, f := range r.Findings {
		t.finding(f)
		t.WriteByte('\n')
	}
	t.WriteString(r.Closing() + "\n")
	_, err := io.WriteString(w, t.String())
	return err
}

// Short writes one line a finding, which editors and scripts read as they read a
// compiler's: the place, the check, the message.
func Short(w io.Writer, r *Report) error {
	var b strings.Builder
	for _, f := range plain(r).Findings {
		if f.File != "" {
			b.WriteString(f.String() + ": ")
		}
		b.WriteString(f.Check + ": " + strings.Join(strings.Fields(f.Message), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type text struct {
	strings.Builder
	lines  *lines
	colors bool
}

func (t *text) paint(color, s string) string {
	if !t.colors || s == "" {
		return s
	}
	return color + s + normal
}

func (t *text) finding(f Finding) {
	if f.File != "" {
		t.WriteString(t.paint(bold, f.String()+":") + " ")
	}
	t.WriteString(t.paint(alarm, f.Check+":") + " " + indented(f.Message, "    ") + "\n")
	t.excerpt(f.Place)
	for i, s := range f.Steps {
		t.WriteString("    ")
		if s.File != "" {
			t.WriteString(t.paint(faint, s.String()+":") + " ")
		}
		body := indented(s.Text, "        ")
		if s.Blocks {
			body = t.paint(alarm, body)
		}
		fmt.Fprintf(t, "%d. %s\n", i+1, body)
	}
	if len(f.Fixes) > 0 {
		t.WriteString("    " + t.paint(bold, "fix:") + " " + indented(f.Fixes[0].Message, "        ") + "\n")
	}
}

// indented moves all lines of a message but the first to the right.
func indented(message, indent string) string {
	return strings.ReplaceAll(message, "\n", "\n"+indent)
}

// excerpt shows the line of a place and points at the range in it. Nothing is
// shown of a line that cannot be read or is shorter than the place says.
func (t *text) excerpt(p Place) {
	const indent = "        "
	line, ok := t.lines.line(p.File, p.Line)
	if !ok || p.Column < 1 || p.Column > len(line) {
		return
	}
	end := len(strings.TrimRightFunc(line, unicode.IsSpace))
	if p.EndLine == p.Line && p.EndColumn > p.Column {
		end = min(end, p.EndColumn-1)
	} else if p.EndLine == 0 {
		end = p.Column
	}
	start := p.Column - 1
	_, size := utf8.DecodeRuneInString(line[start:])
	end = max(end, start+size)
	// Of a very long line no more is looked at than can be shown.
	first, last := max(0, start-farAway), min(len(line), start+farAway)
	end = min(end, last)
	for first < start && !utf8.RuneStart(line[first]) {
		first++
	}
	before := plainPart(line, first, start)
	if strings.Trim(line[:first], " \t") == "" {
		before = strings.TrimLeft(before, " \t")
	}
	marked := strings.ReplaceAll(plainPart(line, start, end), "\t", " ") // as wide as its caret
	after := plainPart(line, end, last)
	before, marked, after = shortened(before, marked, after)
	t.WriteString(indent + before + marked + after + "\n")
	blank := ""
	for _, r := range before {
		if r == '\t' {
			blank += "\t"
		} else {
			blank += strings.Repeat(" ", cells(r))
		}
	}
	carets := 0
	for _, r := range marked {
		carets += cells(r)
	}
	t.WriteString(indent + blank + t.paint(alarm, strings.Repeat("^", max(carets, 1))) + "\n")
}

// cells is how many columns of a terminal a character takes: two for most East
// Asian ones and for pictures, none for marks on the character before it.
func cells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3,
		r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60,
		r >= 0xFFE0 && r <= 0xFFE6, r >= 0x1F300 && r <= 0x1FAFF, r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// shortened cuts a long line on both sides of what is marked.
func shortened(before, marked, after string) (string, string, string) {
	b, m, a := []rune(before), []rune(marked), []rune(after)
	if len(b)+len(m)+len(a) <= maxSource {
		return before, marked, after
	}
	if len(b) > beforeCaret {
		before = "…" + string(b[len(b)-beforeCaret:])
		b = []rune(before)
	}
	left := maxSource - len(b)
	if len(m) > left {
		return before, string(m[:left]), "…"
	}
	if left -= len(m); len(a) > left {
		after = string(a[:left]) + "…"
	}
	return before, marked, after
}
