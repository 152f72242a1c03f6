package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A record is the file of judged findings, understood.
type record struct {
	rows  []row
	clean []string // modules that are named as having no findings
}

// A row is one judged finding.
type row struct {
	module  string // path@version
	at      place
	check   string
	verdict verdict
	why     string
	line    int // of the file, from 1
}

// A verdict is what somebody who read the code says about a finding.
type verdict string

const (
	isTrue  verdict = "true"
	isFalse verdict = "false"
	isLost  verdict = "lost" // true, but gatherlint does not see it any more
)

// The head lines of the two tables of a record.
const (
	rowHead   = "module | file:line | check | verdict | why"
	countHead = "check | findings | true"
)

// cleanPrefix begins the line of the modules without findings.
const cleanPrefix = "No findings: "

var (
	separator  = regexp.MustCompile(`^---( \| ---)*$`)
	moduleForm = regexp.MustCompile(`^[^\s@|]+@v[^\s@|]+$`)
	quoted     = regexp.MustCompile("^`([^`]+)`$")
)

// parseRecord reads a record. Anything that may be meant as a row and is none
// is an error, as is a row that is repeated or out of order, a check that is not
// among the names, and a count that is not that of the rows. The error has the
// name of the file and the line.
func parseRecord(name, text string, checks []string) (*record, error) {
	p := &recordParser{checks: checks, counts: make(map[string]count)}
	for i, line := range strings.Split(text, "\n") {
		p.line = i + 1
		if err := p.read(strings.TrimRight(line, "\r")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, p.line, err)
		}
	}
	if err := p.finish(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &p.record, nil
}

// A count is what the table of checks says about one of them.
type count struct{ findings, right int }

// recordParser reads a record line by line.
type recordParser struct {
	record
	checks []string
	counts map[string]count
	line   int
	table  string // the head of the table that the line is in; "" outside
	begun  bool   // the line under the head has been read
}

// read reads one line.
func (p *recordParser) read(line string) error {
	if !strings.HasPrefix(line, "|") {
		p.table, p.begun = "", false
		if rest, ok := strings.CutPrefix(line, cleanPrefix); ok {
			return p.readClean(rest)
		}
		if strings.Contains(line, "|") {
			return errors.New("a line with | that does not begin with it is no row")
		}
		return nil
	}
	cells, err := splitRow(line)
	if err != nil {
		return err
	}
	switch joined := strings.Join(cells, " | "); {
	case p.table == "" && joined != rowHead && joined != countHead:
		return fmt.Errorf("a table begins with %q or %q", rowHead, countHead)
	case p.table == "":
		p.table = joined
		return nil
	case !p.begun && (!separator.MatchString(joined) || len(cells) != strings.Count(p.table, "|")+1):
		return errors.New("the second line of a table has --- in each column")
	case !p.begun:
		p.begun = true
		return nil
	}
	if want := strings.Count(p.table, "|") + 1; len(cells) != want {
		return fmt.Errorf("%d columns, want %d", len(cells), want)
	}
	if p.table == countHead {
		return p.readCount(cells)
	}
	return p.readRow(cells)
}

// splitRow returns the cells of a row without the space around them. None is
// empty. A bar within a cell is written as \|.
func splitRow(line string) ([]string, error) {
	const bar = "\x00"
	line = strings.ReplaceAll(strings.TrimRight(line, " "), `\|`, bar)
	inner, ok := strings.CutSuffix(strings.TrimPrefix(line, "|"), "|")
	if !ok {
		return nil, errors.New("a row ends with |")
	}
	cells := strings.Split(inner, "|")
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.TrimSpace(c), bar, "|")
		if cells[i] == "" {
			return nil, fmt.Errorf("column %d is empty", i+1)
		}
	}
	return cells, nil
}

// readRow reads a row of the table of findings.
func (p *recordParser) readRow(cells []string) error {
	r := row{module: cells[0], check: cells[2], verdict: verdict(cells[3]), why: cells[4], line: p.line}
	var err error
	if r.at, err = parsePlace(cells[1]); err != nil {
		return err
	}
	switch {
	case !moduleForm.MatchString(r.module):
		return fmt.Errorf("module %q: want path@version", r.module)
	case !slices.Contains(p.checks, r.check):
		return fmt.Errorf("there is no check %q", r.check)
	case !slices.Contains([]verdict{isTrue, isFalse, isLost}, r.verdict):
		return fmt.Errorf("verdict %q: want %s, %s or %s", r.verdict, isTrue, isFalse, isLost)
	}
	if n := len(p.rows); n > 0 {
		switch last := p.rows[n-1]; compareRows(last, r) {
		case 0:
			return fmt.Errorf("the finding is in line %d already", last.line)
		case 1:
			return fmt.Errorf("out of order: it belongs before line %d", last.line)
		}
	}
	p.rows = append(p.rows, r)
	return nil
}

// compareRows orders rows by module, file, line and check.
func compareRows(a, b row) int {
	return cmp.Or(
		cmp.Compare(a.module, b.module),
		cmp.Compare(a.at.file, b.at.file),
		cmp.Compare(a.at.line, b.at.line),
		cmp.Compare(a.check, b.check),
	)
}

// parsePlace reads file:line, the file relative to its module.
func parsePlace(text string) (place, error) {
	file, line, _ := strings.Cut(text, ":")
	n, err := strconv.Atoi(line)
	if err != nil || n < 1 || strconv.Itoa(n) != line || !fs.ValidPath(file) || !strings.HasSuffix(file, ".go") {
		return place{}, fmt.Errorf("place %q: want file.go:line, relative to the module", text)
	}
	return place{file, n}, nil
}

// readCount reads a row of the table of checks. It may name several checks.
func (p *recordParser) readCount(cells []string) error {
	findings, err := strconv.ParseUint(cells[1], 10, 31)
	right, err2 := strconv.ParseUint(cells[2], 10, 31)
	if err != nil || err2 != nil {
		return fmt.Errorf("%q and %q: want two numbers", cells[1], cells[2])
	}
	for name := range strings.SplitSeq(cells[0], ", ") {
		if !slices.Contains(p.checks, name) {
			return fmt.Errorf("there is no check %q", name)
		}
		if _, ok := p.counts[name]; ok {
			return fmt.Errorf("%s is counted twice", name)
		}
		p.counts[name] = count{int(findings), int(right)}
	}
	return nil
}

// readClean reads the modules without findings: in backquotes, with commas
// between them and a full stop behind.
func (p *recordParser) readClean(text string) error {
	list, ok := strings.CutSuffix(text, ".")
	if !ok {
		return fmt.Errorf("a line that begins with %q ends with a full stop", cleanPrefix)
	}
	for item := range strings.SplitSeq(list, ", ") {
		m := quoted.FindStringSubmatch(item)
		if m == nil || !moduleForm.MatchString(m[1]) {
			return fmt.Errorf("%s: want `path@version`", item)
		}
		p.clean = append(p.clean, m[1])
	}
	return nil
}

// finish looks at what only the whole file shows.
func (p *recordParser) finish() error {
	if len(p.rows) == 0 {
		return fmt.Errorf("no table with the head %q", rowHead)
	}
	got := make(map[string]count)
	for _, r := range p.rows {
		if slices.Contains(p.clean, r.module) {
			return fmt.Errorf("%s is named as having no findings, and has one in line %d", r.module, r.line)
		}
		c := got[r.check]
		if r.verdict != isLost {
			c.findings++
		}
		if r.verdict == isTrue {
			c.right++
		}
		got[r.check] = c
	}
	for _, name := range p.checks {
		c, ok := p.counts[name]
		_, used := got[name]
		if (ok || used) && c != got[name] {
			return fmt.Errorf("%s: %d findings, %d true by the rows; the table of checks says %d, %d",
				name, got[name].findings, got[name].right, c.findings, c.right)
		}
	}
	return nil
}

// modules returns the modules of a record, sorted.
func (r *record) modules() []string {
	all := slices.Clone(r.clean)
	for _, row := range r.rows {
		all = append(all, row.module)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// of returns the rows of one module, in order.
func (r *record) of(module string) []row {
	var rows []row
	for _, row := range r.rows {
		if row.module == module {
			rows = append(rows, row)
		}
	}
	return rows
}

// choose returns the modules of a record that the arguments name, by path or
// by path@version, in the order of the record; all if there are no arguments.
func (r *record) choose(args []string) ([]string, error) {
	all := r.modules()
	if len(args) == 0 {
		return all, nil
	}
	wanted := make(map[string]bool)
	for _, arg := range args {
		named := false
		for _, m := range all {
			if path, _, _ := strings.Cut(m, "@"); arg == m || arg == path {
				wanted[m], named = true, true
			}
		}
		if !named {
			return nil, fmt.Errorf("the record has no module %s", arg)
		}
	}
	return slices.DeleteFunc(all, func(m string) bool { return !wanted[m] }), nil
}
