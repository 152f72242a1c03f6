package report

import (
	"bytes"
	"errors"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// An excerpt is what a card shows of one file.
type excerpt struct {
	File    string
	Problem string // why there are no lines, or fewer
	Crowd   int    // the most marks that a line has, if more than two; at most 6
	Lines   []sourceLine
}

// A sourceLine is a line of an excerpt.
type sourceLine struct {
	ID       string // "" if no step is here
	N        int    // from 1
	Gap      bool   // lines are left out above
	Found    bool   // the finding begins here
	Failure  bool   // the last step is here
	Marks    []sourceMark
	Segments []segment
}

// A sourceMark is the number of a step.
type sourceMark struct {
	N       int
	Text    string
	Blocks  bool
	Failure bool
}

// A segment is a piece of a line that looks alike.
type segment struct {
	Class string // "" for plain code
	Text  string
}

const (
	contextLines = 3   // around each marked line
	longestRange = 12  // lines of a finding
	longestLine  = 400 // bytes shown
	mostMarks    = 6   // of a line that stand side by side
)

// sources reads files, each once.
type sources struct {
	read  Source
	files map[string]*sourceFile
	held  int // bytes of the files that are remembered, at most maxHeld
}

// A sourceFile is a file that was read, or why not.
type sourceFile struct {
	err    error
	text   []byte
	starts []int   // offset of each line
	tokens []piece // keywords, comments and literals, in order
}

// A piece is a range of bytes and how it looks.
type piece struct {
	start, end int
	class      string
}

func (s *sources) file(name string) *sourceFile {
	if f := s.files[name]; f != nil {
		return f
	}
	f := &sourceFile{}
	switch {
	case name == "":
		f.err = errors.New("the position is not known")
	case s.read == nil:
		f.err = errors.New("no sources were given")
	default:
		f.text, f.err = s.read(name)
	}
	if f.err == nil {
		f.split()
	}
	if s.held += len(f.text); s.held > maxHeld || s.files == nil {
		s.files, s.held = make(map[string]*sourceFile), len(f.text)
	}
	s.files[name] = f
	return f
}

// split finds the lines of a file and, if it is Go, its tokens.
func (f *sourceFile) split() {
	f.starts = []int{0}
	for i, b := range f.text {
		if b == '\n' && i+1 < len(f.text) {
			f.starts = append(f.starts, i+1)
		}
	}
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(f.text))
	var sc scanner.Scanner
	// Broken code is shown all the same.
	sc.Init(file, f.text, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return
		}
		class := ""
		switch {
		case tok == token.COMMENT:
			class = "c"
		case tok == token.STRING || tok == token.CHAR:
			class = "s"
		case tok.IsKeyword():
			class = "k"
		default:
			continue
		}
		start := file.Offset(pos)
		f.tokens = append(f.tokens, piece{start, min(start+len(lit), len(f.text)), class})
	}
}

// line is the range of a line from 1, without its end.
func (f *sourceFile) line(n int) (start, end int) {
	start, end = f.starts[n-1], len(f.text)
	if n < len(f.starts) {
		end = f.starts[n]
	}
	end = start + len(bytes.TrimRight(f.text[start:end], "\r\n"))
	return start, end
}

// excerpts shows the finding and its steps in their files, the finding's first.
func (s *sources) excerpts(f *Finding, id string) []excerpt {
	files := []string{f.File}
	for _, st := range f.Steps {
		if !slices.Contains(files, st.File) && st.File != "" {
			files = append(files, st.File)
		}
	}
	var out []excerpt
	for _, name := range files {
		out = append(out, s.file(name).excerpt(name, f, id))
	}
	return out
}

// excerpt shows the lines of one file around the finding and the steps.
func (f *sourceFile) excerpt(name string, fd *Finding, id string) excerpt {
	e := excerpt{File: Plain(name)}
	if f.err != nil {
		var pathErr *fs.PathError
		e.Problem = "source not readable: " + f.err.Error()
		if errors.As(f.err, &pathErr) {
			e.Problem = "source not readable: " + pathErr.Err.Error()
		}
		return e
	}
	wanted := make(map[int]bool)
	outside := false
	want := func(first, last int) {
		outside = outside || first < 1 || first > len(f.starts)
		for n := max(1, first-contextLines); first >= 1 && n <= min(last+contextLines, len(f.starts)); n++ {
			wanted[n] = true
		}
	}
	if fd.File == name {
		want(fd.Line, max(fd.Line, min(fd.EndLine, fd.Line+longestRange)))
	}
	for _, st := range fd.Steps {
		if st.File == name {
			want(st.Line, st.Line)
		}
	}
	if outside {
		e.Problem = "the file has changed since it was analysed, or a position in it is not known"
	}
	last := 0
	for _, n := range slices.Sorted(maps.Keys(wanted)) {
		// A single line left out would take as much room as it saves.
		if last > 0 && n == last+2 {
			e.Lines = append(e.Lines, f.sourceLine(name, n-1, fd, id))
			last = n - 1
		}
		line := f.sourceLine(name, n, fd, id)
		line.Gap = last > 0 && n > last+1
		if n := min(len(line.Marks), mostMarks); n > 2 {
			e.Crowd = max(e.Crowd, n)
		}
		e.Lines = append(e.Lines, line)
		last = n
	}
	return e
}

// sourceLine makes one line with its marks.
func (f *sourceFile) sourceLine(name string, n int, fd *Finding, id string) sourceLine {
	line := sourceLine{N: n, Found: fd.File == name && fd.Line == n}
	for i, st := range fd.Steps {
		if st.File == name && st.Line == n {
			failure := i == len(fd.Steps)-1
			line.Marks = append(line.Marks, sourceMark{i + 1, st.Text, st.Blocks, failure})
			line.Failure = line.Failure || failure
			line.ID = id + "s" + strconv.Itoa(line.Marks[0].N)
		}
	}
	start, end := f.line(n)
	var found piece
	if fd.File == name && n >= fd.Line && n <= max(fd.Line, fd.EndLine) && fd.Column > 0 {
		found = piece{start, end, "found"}
		if n == fd.Line {
			found.start = min(start+fd.Column-1, end)
		} else {
			found.start = end - len(bytes.TrimLeft(f.text[start:end], " \t"))
		}
		if n == max(fd.Line, fd.EndLine) && fd.EndColumn > 0 {
			found.end = min(max(start+fd.EndColumn-1, found.start), end)
		}
	}
	shown := end
	if end-start > longestLine {
		shown = start + longestLine
	}
	line.Segments = f.segments(start, shown, found)
	if shown < end {
		line.Segments = append(line.Segments, segment{"", "…"})
	}
	return line
}

// segments cuts a range of bytes where its looks change.
func (f *sourceFile) segments(start, end int, found piece) []segment {
	cuts := []int{start, end}
	first, _ := slices.BinarySearchFunc(f.tokens, start, func(p piece, at int) int {
		if p.end <= at {
			return -1
		}
		return 1
	})
	last := first
	for ; last < len(f.tokens) && f.tokens[last].start < end; last++ {
		cuts = append(cuts, f.tokens[last].start, f.tokens[last].end)
	}
	if found.end > found.start {
		cuts = append(cuts, found.start, found.end)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []segment
	for i := 1; i < len(cuts); i++ {
		from, to := max(cuts[i-1], start), min(cuts[i], end)
		if from >= to {
			continue
		}
		class := ""
		for _, t := range f.tokens[first:last] {
			if t.start <= from && from < t.end {
				class = t.class
			}
		}
		if found.start <= from && from < found.end {
			class = strings.TrimSpace(class + " found")
		}
		out = append(out, segment{class, Plain(string(f.text[from:to]))})
	}
	return out
}
