package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/analyzer"
)

// exitStale is the exit code of a record that does not hold.
const exitStale = 3

// onlyRecord is the error of flags that say nothing with -record.
func onlyRecord(fs *flag.FlagSet) error {
	var extra []string
	fs.Visit(func(f *flag.Flag) {
		if !slices.Contains([]string{"record", "dir", "tool"}, f.Name) {
			extra = append(extra, "-"+f.Name)
		}
	})
	if len(extra) > 0 {
		return fmt.Errorf("%s: not with -record", strings.Join(extra, ", "))
	}
	return nil
}

// runRecord holds the record against what is found today and returns the exit
// code.
func runRecord(ctx context.Context, o *options, temp string, stdout, stderr io.Writer) int {
	r, modules, err := readRecord(o)
	if err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 2
	}
	tool, err := buildTool(ctx, o, temp)
	if err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 1
	}
	return hold(r, modules, stdout, stderr, func(module, checks string) (findings []finding, partial, err error) {
		dir := filepath.Join(temp, "module")
		if o.dir != "" {
			dir = filepath.Join(o.dir, strings.ReplaceAll(module, "/", "_"))
		} else {
			defer os.RemoveAll(dir) // one copy at a time is large enough
		}
		if dir, err = filepath.Abs(dir); err != nil {
			return nil, nil, err
		}
		if err := fetch(ctx, module, dir, temp); err != nil {
			return nil, nil, err
		}
		return find(ctx, tool, dir, checks, []string{"./..."})
	})
}

// readRecord reads the record and chooses the modules.
func readRecord(o *options) (*record, []string, error) {
	text, err := os.ReadFile(o.record)
	if err != nil {
		return nil, nil, err
	}
	names, err := checkNames("all")
	if err != nil {
		return nil, nil, err
	}
	r, err := parseRecord(o.record, string(text), names)
	if err != nil {
		return nil, nil, err
	}
	modules, err := r.choose(o.patterns)
	return r, modules, err
}

// checkNames returns the names of the checks that a list of checks selects,
// sorted.
func checkNames(list string) ([]string, error) {
	selected, err := analyzer.Options{Checks: list}.Selected()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range selected {
		names = append(names, c.Name)
	}
	return names, nil
}

// A finder fetches a module and returns its findings, sorted, with checks as for
// gatherlint. The error partial says which packages could not be analysed.
type finder func(module, checks string) (findings []finding, partial, err error)

// hold compares the rows of the modules with what is found, prints each row and
// returns the exit code. A module that cannot be analysed does not keep the
// others from it; of one that was analysed in part only, rows may be missing.
func hold(r *record, modules []string, stdout, stderr io.Writer, find finder) int {
	byDefault, err := checkNames("default")
	if err != nil {
		fmt.Fprintf(stderr, "corpus: %v\n", err)
		return 1
	}
	code := 0
	var all tally
	for _, module := range modules {
		rows := r.of(module)
		findings, partial, err := find(module, selection(rows, byDefault))
		if err == nil {
			c := match(rows, findings)
			all.add(c)
			err = c.print(stdout, module)
		}
		if err := errors.Join(err, partial); err != nil {
			fmt.Fprintf(stderr, "corpus: %s: %v\n", module, err)
			code = 1
		}
	}
	fmt.Fprintf(stdout, "total of %d modules: %s\n", all.modules, all)
	if code == 0 && all.stale() {
		code = exitStale
	}
	return code
}

// selection is the list of checks for gatherlint that finds the rows: those
// that run by default, and others that have a row. A check of the default is not
// named, as some report more when they are.
func selection(rows []row, byDefault []string) string {
	list := []string{"default"}
	for _, r := range rows {
		if !slices.Contains(byDefault, r.check) {
			list = append(list, r.check)
		}
	}
	slices.Sort(list[1:])
	return strings.Join(slices.Compact(list), ",")
}

// A comparison is the rows of one module beside its findings.
type comparison struct {
	rows  []row
	found []bool    // whether the row of this index is found
	extra []finding // findings of no row
}

// match finds the rows among the findings. A row stands for all findings of its
// check in its line.
func match(rows []row, findings []finding) *comparison {
	c := &comparison{rows: rows, found: make([]bool, len(rows))}
	for _, f := range findings {
		i := slices.IndexFunc(rows, func(r row) bool { return r.at == f.at && r.check == f.check })
		if i < 0 {
			c.extra = append(c.extra, f)
		} else {
			c.found[i] = true
		}
	}
	slices.SortStableFunc(c.extra, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.check, b.check))
	})
	return c
}

// What has become of a row, in the order of the summary. A record holds if
// each of its rows is one of the first three.
const (
	found      = "found"
	stillFalse = "still false"
	stillLost  = "still lost"
	notFound   = "NOT FOUND"
	mended     = "MENDED"
	foundAgain = "FOUND AGAIN"
)

// state says what has become of a row.
func (r row) state(isFound bool) string {
	switch {
	case r.verdict == isTrue && isFound:
		return found
	case r.verdict == isTrue:
		return notFound
	case r.verdict == isFalse && isFound:
		return stillFalse
	case r.verdict == isFalse:
		return mended
	case isFound:
		return foundAgain
	}
	return stillLost
}

// print writes each row with what has become of it, then the findings of no row.
func (c *comparison) print(w io.Writer, module string) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n", module)
	for i, r := range c.rows {
		state := r.state(c.found[i])
		fmt.Fprintf(out, "%-11s %s %s", state, r.at, r.check)
		if state != found {
			fmt.Fprintf(out, ": %s", r.why)
		}
		fmt.Fprintln(out)
	}
	for _, f := range c.extra {
		message := strings.TrimPrefix(f.message, f.check+": ")
		fmt.Fprintf(out, "%-11s %s %s: %s\n", "no row", f.at, f.check, message)
	}
	var t tally
	t.add(c)
	fmt.Fprintf(out, "%s\n\n", t)
	return out.Flush()
}

// A tally counts rows by what has become of them.
type tally struct {
	modules, rows, extra int
	byState              map[string]int
}

// add counts the rows of one module.
func (t *tally) add(c *comparison) {
	if t.byState == nil {
		t.byState = make(map[string]int)
	}
	t.modules++
	t.rows += len(c.rows)
	t.extra += len(c.extra)
	for i, r := range c.rows {
		t.byState[r.state(c.found[i])]++
	}
}

// stale says whether a row is not as the record says.
func (t tally) stale() bool {
	return t.byState[notFound]+t.byState[mended]+t.byState[foundAgain] > 0
}

// String is the summary.
func (t tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows", t.rows)
	for _, s := range []string{found, stillFalse, stillLost, notFound, mended, foundAgain} {
		if n := t.byState[s]; n > 0 {
			fmt.Fprintf(&b, ", %d %s", n, s)
		}
	}
	fmt.Fprintf(&b, "; %d findings in no row", t.extra)
	return b.String()
}
