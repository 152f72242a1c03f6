package report

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"
)

// lines reads sources by line and remembers them. A file that cannot be read
// has no lines: what needs them is left out.
type lines struct {
	source Source
	files  map[string]lineFile
	held   int // bytes of the files that are remembered
}

// A lineFile is a text with the offset of each of its lines.
type lineFile struct {
	text   []byte
	starts []int32
}

// maxHeld bounds the bytes of source that are remembered. Findings come file by
// file, so it is rare that a file is read again.
const maxHeld = 16 << 20

func newLines(source Source) *lines {
	return &lines{source: source, files: make(map[string]lineFile)}
}

func (l *lines) file(name string) lineFile {
	if f, ok := l.files[name]; ok {
		return f
	}
	var f lineFile
	if text, err := l.source(name); err == nil && len(text) <= math.MaxInt32 {
		f = lineFile{text, lineStarts(text)}
	}
	if l.held += len(f.text); l.held > maxHeld {
		clear(l.files)
		l.held = len(f.text)
	}
	l.files[name] = f
	return f
}

// lineStarts is the offset of each line. What follows the last line end is a
// line too, even if it is empty.
func lineStarts(text []byte) []int32 {
	starts := make([]int32, 1, 1+bytes.Count(text, []byte("\n")))
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, int32(i+1))
		}
	}
	return starts
}

// line returns a line, counted from 1, without its end; ok is false if there
// is none.
func (l *lines) line(file string, n int) (text string, ok bool) {
	f := l.file(file)
	if n < 1 || n > len(f.starts) {
		return "", false
	}
	rest := f.text[f.starts[n-1]:]
	if n < len(f.starts) {
		rest = rest[:f.starts[n]-f.starts[n-1]]
	}
	return string(bytes.TrimRight(rest, "\r\n")), true
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
	f := l.file(file)
	if offset < 0 || offset > len(f.text) || len(f.starts) == 0 {
		return 0, 0, false
	}
	line, found := slices.BinarySearch(f.starts, int32(offset))
	if found {
		line++
	}
	return line, 1 + utf16Len(string(f.text[f.starts[line-1]:offset])), true
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
