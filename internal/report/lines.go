package report

import (
	"bytes"
	"unicode/utf8"
)

// lines reads sources by line and remembers them. A file that cannot be read
// has no lines: what needs them is left out.
type lines struct {
	source Source
	files  map[string][][]byte
}

func newLines(source Source) *lines {
	return &lines{source, make(map[string][][]byte)}
}

func (l *lines) file(name string) [][]byte {
	all, ok := l.files[name]
	if !ok {
		if text, err := l.source(name); err == nil {
			all = bytes.SplitAfter(text, []byte("\n"))
		}
		l.files[name] = all
	}
	return all
}

// line returns a line, counted from 1, without its end; ok is false if there
// is none.
func (l *lines) line(file string, n int) (text string, ok bool) {
	all := l.file(file)
	if n < 1 || n > len(all) {
		return "", false
	}
	return string(bytes.TrimRight(all[n-1], "\r\n")), true
}

// units converts a column in bytes to one in UTF-16 code units, which is what
// SARIF and editors count. It is 0, not known, where the column is, or where
// the line cannot be read or is shorter.
func (l *lines) units(file string, line, column int) int {
	text, ok := l.line(file, line)
	if !ok || column < 1 || column-1 > len(text) {
		return 0
	}
	return 1 + utf16Len(text[:column-1])
}

// position converts an offset in bytes to a line and a column in UTF-16 code
// units; ok is false if the file cannot be read or is shorter.
func (l *lines) position(file string, offset int) (line, column int, ok bool) {
	all := l.file(file)
	if offset < 0 || len(all) == 0 {
		return 0, 0, false
	}
	for i, text := range all {
		if offset < len(text) || i == len(all)-1 && offset == len(text) {
			return i + 1, 1 + utf16Len(string(text[:offset])), true
		}
		offset -= len(text)
	}
	return 0, 0, false
}

// utf16Len is the number of UTF-16 code units of a text. Bytes that are not
// UTF-8 count as one each, as an editor shows them.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF && r <= utf8.MaxRune {
			n++
		}
	}
	return n
}
