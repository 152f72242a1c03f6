package report

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// A pageFix is what a card shows of a fix.
type pageFix struct {
	Message string
	Files   []fixedFile
}

// A fixedFile is the change of one file.
type fixedFile struct {
	File  string
	Lines []fixedLine
}

// A fixedLine is a line of a change, without its end.
type fixedLine struct {
	Class string // "del" goes, "ins" comes, "" stays
	Sign  string // says the same to readers who see no colours
	Gap   bool   // lines are left out above
	Text  string
}

// fixContext is how many lines a change shows around it.
const fixContext = 1

// fixes shows what the fixes of a finding change. A fix whose edits do not fit
// the source, because that has changed or cannot be read, is shown by its title
// alone.
func (s *sources) fixes(list []Fix) []pageFix {
	var out []pageFix
	for _, fix := range list {
		shown := pageFix{Message: fix.Message}
		byFile := map[string][]Edit{}
		var names []string
		for _, e := range fix.Edits {
			if byFile[e.File] == nil {
				names = append(names, e.File)
			}
			byFile[e.File] = append(byFile[e.File], e)
		}
		for _, name := range names {
			lines, ok := s.file(name).changed(byFile[name])
			if !ok {
				shown.Files = nil
				break
			}
			shown.Files = append(shown.Files, fixedFile{Plain(name), lines})
		}
		out = append(out, shown)
	}
	return out
}

// changed returns the lines around the edits, before and after, and false if
// the edits are not of this text.
func (f *sourceFile) changed(edits []Edit) ([]fixedLine, bool) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
	at := 0
	for _, e := range edits {
		if f.err != nil || e.Start < at || e.End < e.Start || e.End > len(f.text) {
			return nil, false
		}
		at = e.End
	}
	var out []fixedLine
	shown := 0 // the last line of the text that is in out, from 1
	for len(edits) > 0 {
		// Edits that meet in a line change it together.
		first, last, n := f.lineAt(edits[0].Start), f.lineAt(edits[0].End), 1
		for n < len(edits) && f.lineAt(edits[n].Start) <= last {
			last = f.lineAt(edits[n].End)
			n++
		}
		from, to := f.starts[first-1], len(f.text)
		if last < len(f.starts) {
			to = f.starts[last]
		}
		var after strings.Builder
		at := from
		for _, e := range edits[:n] {
			after.Write(f.text[at:e.Start])
			after.WriteString(e.New)
			at = e.End
		}
		after.Write(f.text[at:to])
		edits = edits[n:]

		before := max(shown+1, first-fixContext)
		gap := shown > 0 && before > shown+1
		for _, l := range f.staying(before, first-1) {
			l.Gap, gap = gap, false
			out = append(out, l)
		}
		out = append(out, difference(string(f.text[from:to]), after.String(), gap)...)
		shown = min(last+fixContext, len(f.starts))
		if len(edits) > 0 {
			shown = min(shown, f.lineAt(edits[0].Start)-1)
		}
		out = append(out, f.staying(last+1, shown)...)
	}
	return out, true
}

// lineAt is the line of an offset, from 1.
func (f *sourceFile) lineAt(offset int) int {
	i, found := slices.BinarySearch(f.starts, offset)
	if found {
		return i + 1
	}
	return max(i, 1)
}

func (f *sourceFile) staying(first, last int) []fixedLine {
	var out []fixedLine
	for n := first; n <= last; n++ {
		start, end := f.line(n)
		out = append(out, fixedLine{Sign: " ", Text: Plain(string(f.text[start:end]))})
	}
	return out
}

// difference is the change from one text to another, line by line. What both
// begin and end with stays.
func difference(before, after string, gap bool) []fixedLine {
	a, b := textLines(before), textLines(after)
	var head, tail []fixedLine
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, fixedLine{Sign: " ", Text: a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, fixedLine{Sign: " ", Text: a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	out := head
	for _, l := range a {
		out = append(out, fixedLine{Class: "del", Sign: "-", Text: l})
	}
	for _, l := range b {
		out = append(out, fixedLine{Class: "ins", Sign: "+", Text: l})
	}
	out = append(out, tail...)
	if len(out) > 0 {
		out[0].Gap = gap
	}
	return out
}

func textLines(text string) []string {
	var out []string
	for line := range bytes.Lines([]byte(text)) {
		out = append(out, Plain(string(bytes.TrimRight(line, "\r\n"))))
	}
	return out
}
