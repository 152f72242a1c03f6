package report

import (
	"errors"
	"strings"
	"testing"
)

// changeOf is what a card shows of a fix, a line each.
func changeOf(text string, edits ...Edit) string {
	src := &sources{read: func(string) ([]byte, error) {
		if text == "" {
			return nil, errors.New("gone")
		}
		return []byte(text), nil
	}}
	var out []string
	for _, fix := range src.fixes([]Fix{{Message: "the fix", Edits: edits}}) {
		for _, file := range fix.Files {
			out = append(out, file.File)
			for _, l := range file.Lines {
				if l.Gap {
					out = append(out, "...")
				}
				out = append(out, l.Sign+l.Text)
			}
		}
	}
	return strings.Join(out, "\n")
}

func TestHTMLFixes(t *testing.T) {
	const text = "one\ntwo\nthree\nfour\nfive\nsix"
	for _, tt := range []struct {
		name  string
		text  string
		edits []Edit
		want  string
	}{
		{"a word", text, []Edit{{"a.go", 4, 7, "2"}}, "a.go\n one\n-two\n+2\n three"},
		{"an insertion", text, []Edit{{"a.go", 4, 4, "new\n"}}, "a.go\n one\n+new\n two\n three"},
		{"a deletion", text, []Edit{{"a.go", 4, 8, ""}}, "a.go\n one\n-two\n three\n four"},
		{"two in a line", text, []Edit{{"a.go", 6, 7, "O"}, {"a.go", 4, 5, "T"}}, "a.go\n one\n-two\n+TwO\n three"},
		{"neighbours", text, []Edit{{"a.go", 4, 7, "2"}, {"a.go", 8, 13, "3"}}, "a.go\n one\n-two\n+2\n-three\n+3\n four"},
		{"far apart", text, []Edit{{"a.go", 0, 3, "1"}, {"a.go", 24, 27, "6"}}, "a.go\n-one\n+1\n two\n...\n five\n-six\n+6"},
		{"at the end", text, []Edit{{"a.go", 27, 27, "\nseven"}}, "a.go\n five\n six\n+seven"},
		{"two files", text, []Edit{{"a.go", 0, 3, "1"}, {"b.go", 0, 3, "1"}}, "a.go\n-one\n+1\n two\nb.go\n-one\n+1\n two"},
		{"beyond the end", text, []Edit{{"a.go", 20, 99, ""}}, ""},
		{"overlapping", text, []Edit{{"a.go", 0, 5, ""}, {"a.go", 4, 7, ""}}, ""},
		{"backwards", text, []Edit{{"a.go", 5, 2, ""}}, ""},
		{"not readable", "", []Edit{{"a.go", 0, 0, "x"}}, ""},
	} {
		if got := changeOf(tt.text, tt.edits...); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	if got := changeOf("a\x1b\n", Edit{"a.go", 0, 1, "\u202eb"}); got != "a.go\n-a\\x1b\n+\\u202eb\\x1b" {
		t.Errorf("what a page must not show stays: %q", got)
	}
}
