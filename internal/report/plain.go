package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain makes text of the analysed code safe to print on a terminal and in the
// log of a CI. What a terminal would obey or not show (control characters, marks
// of direction, invisible ones, bytes that are no UTF-8) is written as in a string
// literal of Go: \x1b, \u202e. So is the first character of what a runner would
// take for a command: "::" at the beginning of a line, "##[" and "##word["
// anywhere. Tabs and line ends stay.
func Plain(s string) string { return plainPart(s, 0, len(s)) }

// plainPart is Plain of a part of a text: whether something begins a command
// depends on what is around it.
func plainPart(s string, from, to int) string {
	if isPlain(s[from:to]) && !strings.Contains(s, "::") && !strings.Contains(s, "##") {
		return s[from:to]
	}
	var b strings.Builder
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(s[i:to])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !shown(r) || beginsCommand(s, i):
			b.WriteString(escaped(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func isPlain(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !shown(r) }) < 0
}

// shown reports whether a character is seen as it is. All blanks but tab, line
// feed and space are not.
func shown(r rune) bool { return r == '\t' || r == '\n' || unicode.IsPrint(r) }

// escaped is a character as a string literal of Go can have it.
func escaped(r rune) string {
	if r == ':' || r == '#' {
		return fmt.Sprintf(`\x%02x`, r)
	}
	return strings.Trim(strconv.QuoteRune(r), "'")
}

// beginsCommand reports whether a command of a CI runner begins at s[i]. GitHub
// takes "::" behind blanks at the beginning of a line, and "##[" anywhere; others
// have a word before the bracket.
func beginsCommand(s string, i int) bool {
	switch {
	case strings.HasPrefix(s[i:], "::"):
		for i--; i >= 0 && (s[i] == ' ' || s[i] == '\t'); i-- {
		}
		return i < 0 || s[i] == '\n'
	case strings.HasPrefix(s[i:], "##"):
		return strings.HasPrefix(strings.TrimLeftFunc(s[i+2:], unicode.IsLetter), "[")
	}
	return false
}

// PlainJSON is Plain for JSON that was encoded already: the same characters are
// written as JSON writes them, so that a program reads what it would have read.
// No line of JSON begins with "::".
func PlainJSON(data []byte) []byte {
	var b bytes.Buffer
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == '\r', r < utf8.RuneSelf && unicode.IsPrint(r) && r != '#', shown(r) && r != '#':
			b.Write(data[i : i+size])
		case r == '#' && !beginsCommand(string(data[i:min(len(data), i+40)]), 0):
			b.WriteByte('#')
		case r > 0xFFFF:
			high, low := (r-0x10000)>>10+0xD800, (r-0x10000)&0x3FF+0xDC00
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.Bytes()
}

// plain returns a report with all text of the analysed code made safe to print.
// The names of files stay, so that the files can be read: who prints a place makes
// them safe. The report that is given stays as it is.
func plain(r *Report) *Report {
	out := *r
	out.Findings = nil
	for _, f := range r.Findings {
		f.Check, f.Package, f.Message = Plain(f.Check), Plain(f.Package), Plain(f.Message)
		f.Steps = append([]Step(nil), f.Steps...)
		for i := range f.Steps {
			s := &f.Steps[i]
			s.Text, s.Actor = Plain(s.Text), plainActor(s.Actor)
			if s.On != nil {
				on := plainActor(*s.On)
				s.On = &on
			}
		}
		f.Fixes = append([]Fix(nil), f.Fixes...)
		for i := range f.Fixes {
			f.Fixes[i].Message = Plain(f.Fixes[i].Message)
		}
		out.Findings = append(out.Findings, f)
	}
	out.Messages = nil
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, Plain(m))
	}
	return &out
}

func plainActor(a Actor) Actor { return Actor{Plain(a.Kind), Plain(a.Name)} }
