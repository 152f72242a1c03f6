package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/gatherlint/gatherlint/internal/report"
)

// A diffLine is a line with what happens to it: ' ' stays, '-' goes, '+' comes.
type diffLine struct {
	op   byte
	text string // with its line end, if it has one
}

// unifiedDiff returns the change of a file in the unified format with three
// lines of context, as git apply and patch -p1 read it; "" if there is none.
func unifiedDiff(name, before, after string) string {
	lines := diffLines(splitLines(before), splitLines(after))
	var b strings.Builder
	oldLine, newLine := 1, 1
	for i := 0; i < len(lines); {
		if lines[i].op == ' ' {
			i, oldLine, newLine = i+1, oldLine+1, newLine+1
			continue
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", patchName("a", name), patchName("b", name))
		}
		start, end := hunk(lines, i)
		oldLine, newLine = oldLine-(i-start), newLine-(i-start)
		olds, news := 0, 0
		var body strings.Builder
		for _, l := range lines[start:end] {
			if l.op != '+' {
				olds++
			}
			if l.op != '-' {
				news++
			}
			body.WriteByte(l.op)
			body.WriteString(l.text)
			if !strings.HasSuffix(l.text, "\n") {
				body.WriteString("\n\\ No newline at end of file\n")
			}
		}
		fmt.Fprintf(&b, "@@ -%s +%s @@\n%s", lineRange(oldLine, olds), lineRange(newLine, news), body.String())
		i, oldLine, newLine = end, oldLine+olds, newLine+news
	}
	return b.String()
}

// patchName is a name in the head of a patch, below a directory that git apply and
// patch -p1 take away. A tab ends a name with spaces. Git applies nothing to files
// outside of the directory, so these keep their name.
func patchName(dir, name string) string {
	if filepath.IsLocal(name) {
		name = dir + "/" + filepath.ToSlash(name)
	}
	if strings.Contains(name, " ") {
		name += "\t"
	}
	return name
}

// harmless says whether a patch can be printed as it is, which it has to be to
// apply: a terminal obeys nothing in it, and no line begins a command of a CI. A
// carriage return or a form feed is no harm, but the first ends a line there.
func harmless(patch string) bool {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\f':
			return ' '
		case r > 0x9f && !unicode.Is(unicode.Bidi_Control, r):
			return 'x'
		}
		return r
	}, patch)
	return report.Plain(text) == text
}

// contextLines is the number of unchanged lines around a change.
const contextLines = 3

// hunk returns the bounds of the hunk whose first change is line i. Changes
// with at most twice the context between them share a hunk.
func hunk(lines []diffLine, i int) (start, end int) {
	start, end = max(0, i-contextLines), i+1
	for j := i; j < len(lines) && j-end < 2*contextLines; j++ {
		if lines[j].op != ' ' {
			end = j + 1
		}
	}
	return start, min(len(lines), end+contextLines)
}

// lineRange is a range of lines as a hunk's header has it. An empty one is
// named by the line before it.
func lineRange(line, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	}
	return fmt.Sprintf("%d,%d", line, n)
}

func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	return lines[:len(lines)-1+min(1, len(lines[len(lines)-1]))] // nothing follows the last line end
}

// maxTable bounds the memory for the longest common subsequence: 4 bytes each.
const maxTable = 16 << 20

// diffLines aligns two texts by their longest common subsequence. Texts that
// differ in too many lines for that are replaced from the first difference to
// the last.
func diffLines(a, b []string) []diffLine {
	var head, tail []diffLine
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, diffLine{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, diffLine{' ', a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	// common[i*w+j] is the length of the longest common subsequence of a[i:]
	// and b[j:]. An empty table makes everything go and come.
	w := len(b) + 1
	var common []int32
	if (len(a)+1)*w <= maxTable {
		common = make([]int32, (len(a)+1)*w)
		for i := len(a) - 1; i >= 0; i-- {
			for j := len(b) - 1; j >= 0; j-- {
				if a[i] == b[j] {
					common[i*w+j] = common[(i+1)*w+j+1] + 1
				} else {
					common[i*w+j] = max(common[(i+1)*w+j], common[i*w+j+1])
				}
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case common != nil && i < len(a) && j < len(b) && a[i] == b[j]:
			head = append(head, diffLine{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && (common == nil || common[(i+1)*w+j] >= common[i*w+j+1]):
			head = append(head, diffLine{'-', a[i]})
			i++
		default:
			head = append(head, diffLine{'+', b[j]})
			j++
		}
	}
	for k := len(tail) - 1; k >= 0; k-- {
		head = append(head, tail[k])
	}
	return head
}
