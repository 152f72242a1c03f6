package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// GitHub writes the findings as workflow commands of GitHub Actions, which makes
// annotations of them, and then the closing line, which the log shows. Columns
// are in UTF-16 code units. They are left out of a range of several lines, where
// the runner refuses them.
func GitHub(w io.Writer, r *Report, source Source) error {
	lines := newLines(source)
	r = plain(r)
	var b strings.Builder
	for _, f := range r.Findings {
		b.WriteString("::error ")
		if f.File != "" {
			b.WriteString("file=" + property(Plain(filepath.ToSlash(f.File))) + ",")
			for _, p := range numbers(lines, f.Place) {
				fmt.Fprintf(&b, "%s=%d,", p.name, p.value)
			}
		}
		b.WriteString("title=" + property(toolName+": "+f.Check) + "::")
		message := f.Message
		for i, s := range f.Steps {
			message += fmt.Sprintf("\n%d. ", i+1)
			if s.File != "" {
				message += s.String() + ": "
			}
			message += s.Text
		}
		b.WriteString(data(message) + "\n")
	}
	for _, m := range r.Messages {
		b.WriteString("::error title=" + property(toolName) + "::" + data(m) + "\n")
	}
	b.WriteString(r.Summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

type number struct {
	name  string
	value int
}

// numbers are the properties of a range, without what is not known.
func numbers(l *lines, p Place) []number {
	var out []number
	add := func(name string, n int) {
		if n > 0 {
			out = append(out, number{name, n})
		}
	}
	add("line", p.Line)
	add("endLine", p.EndLine)
	if p.EndLine == 0 || p.EndLine == p.Line {
		column := l.units(p.File, p.Line, p.Column)
		add("col", column)
		if column > 0 {
			add("endColumn", l.units(p.File, p.Line, p.EndColumn))
		}
	}
	return out
}

// data escapes the text behind a command, property a value within it, as the
// toolkit of GitHub Actions does.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
