package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/report"
)

// A baseline is the file of the flag -baseline: findings that are not reported.
type baseline struct {
	name    string // as the user wrote it
	dir     string // where its names of files begin: a real path
	entries []report.Known
	known   map[string]int // their fingerprints, with how many other returns each is about
}

// readBaseline reads the file of the options. All errors are errors of usage.
func (e env) readBaseline(o *options) (*baseline, error) {
	path := absolute(e.dir, o.baseline)
	b := &baseline{name: o.baseline, dir: filepath.Dir(path), known: map[string]int{}}
	if dir, err := filepath.EvalSymlinks(b.dir); err == nil {
		b.dir = dir
	}
	data, err := readRegular(path, maxAsked)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.write:
		return b, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, badUsage{fmt.Errorf("-baseline %s: no such file; -write-baseline makes it", o.baseline)}
	case err != nil:
		return nil, badUsage{fmt.Errorf("-baseline %s: %w", o.baseline, reason(err))}
	}
	if b.entries, err = report.ParseBaseline(data); err != nil {
		return nil, badUsage{fmt.Errorf("-baseline %s: %w", o.baseline, err)}
	}
	for _, k := range b.entries {
		b.known[k.Fingerprint] = k.Returns
	}
	return b, nil
}

// entry is a finding as the baseline has it.
func (b *baseline) entry(f finding, r report.Finding) report.Known {
	file := parsePosn(f.Posn).file
	if rel, err := filepath.Rel(b.dir, file); err == nil && filepath.IsAbs(file) {
		file = rel
	}
	return report.Known{Fingerprint: r.Fingerprint, Check: r.Check, Package: r.Package, File: filepath.ToSlash(file), Message: r.Message, Returns: r.OtherReturns()}
}

// has reports whether a finding is in the baseline, and about no more returns than there.
func (b *baseline) has(f *report.Finding) bool {
	returns, ok := b.known[f.Fingerprint]
	return ok && f.OtherReturns() <= returns
}

// split sorts out the entries that were not found: those that are gone, and those
// of which this run cannot tell, because it did not look there.
func (b *baseline) split(o *options, r *result, compiled, found map[string]bool) (gone, open []report.Known) {
	packages := map[string]bool{}
	for _, p := range r.packages {
		packages[p.ImportPath], packages[p.ImportPath+"_test"] = true, true
	}
	for _, k := range b.entries {
		file := absolute(b.dir, filepath.FromSlash(k.File))
		switch {
		case found[k.Fingerprint]:
		case r.failed || !ran(o.checks, k.Check):
			open = append(open, k)
		case packages[k.Package] && (compiled[file] || missing(file)), !packages[k.Package] && missing(filepath.Dir(file)):
			gone = append(gone, k)
		default:
			open = append(open, k)
		}
	}
	return gone, open
}

// ran says whether a check is among those that the list selects. What is reported
// about directives is no check, and comes with all of them.
func ran(list, check string) bool {
	isCheck := slices.ContainsFunc(analyzer.Checks(), func(c analyzer.Check) bool { return c.Name == check })
	return !isCheck || slices.ContainsFunc(rules(list, nil), func(r report.Rule) bool { return r.Name == check })
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// save writes a baseline, as a whole or not at all.
func (b *baseline) save(e env, entries []report.Known) error {
	data, err := report.Baseline(entries)
	if err != nil {
		return err
	}
	out, err := e.open(b.name)
	if err != nil {
		return err
	}
	defer out.discard()
	if _, err := out.Write(data); err != nil {
		return err
	}
	return out.commit()
}

// writeBaseline puts what is found into the baseline, beside entries of which this
// run cannot tell whether they still occur, and returns the exit code.
func (e env) writeBaseline(v *view) int {
	if v.failed {
		return e.failf("%s not written: not everything could be analysed", v.baseline.name)
	}
	entries := v.open
	for i, f := range v.shown {
		entries = append(entries, v.baseline.entry(f, v.report.Findings[i]))
	}
	if err := v.baseline.save(e, entries); err != nil {
		return e.failf("cannot write %s: %v", v.baseline.name, err)
	}
	kept := ""
	if len(v.open) > 0 {
		kept = fmt.Sprintf("; kept %d of what this run did not look at", len(v.open))
	}
	fmt.Fprintf(e.stdout, "wrote %s to %s%s\n", plural(len(v.shown), "finding"), report.Plain(v.baseline.name), kept)
	return exitClean
}

// tellGone says which entries of the baseline no longer occur, or takes them out of
// it. The result is false if that fails.
func (e env) tellGone(o *options, v *view) bool {
	if v.baseline == nil || len(v.gone) == 0 {
		return true
	}
	name, n := v.baseline.name, plural2(len(v.gone), "entry", "entries")
	if !o.prune {
		verb := "occur"
		if len(v.gone) == 1 {
			verb = "occurs"
		}
		fmt.Fprintf(e.stderr, "gatherlint: %s: %s no longer %s; -prune-baseline takes out:\n%s", name, n, verb, listed(v.gone))
		return true
	}
	rest := slices.DeleteFunc(slices.Clone(v.baseline.entries), func(k report.Known) bool { return slices.Contains(v.gone, k) })
	if err := v.baseline.save(e, rest); err != nil {
		e.failf("cannot write %s: %v", name, err)
		return false
	}
	fmt.Fprintf(e.stderr, "gatherlint: took %s out of %s:\n%s", n, name, listed(v.gone))
	return true
}

// listed is a line for each entry, up to a number that can be read, and one for those
// that read alike.
func listed(entries []report.Known) string {
	const most = 20
	var lines []string
	times := map[string]int{}
	for _, k := range entries {
		line := fmt.Sprintf("    %s: %s: %s", k.File, k.Check, k.Message)
		if times[line]++; times[line] == 1 {
			lines = append(lines, line)
		}
	}
	var b strings.Builder
	rest := len(entries)
	for _, line := range lines[:min(len(lines), most)] {
		rest -= times[line]
		b.WriteString(line)
		if n := times[line]; n > 1 {
			fmt.Fprintf(&b, " (%d of these)", n)
		}
		b.WriteString("\n")
	}
	if rest > 0 {
		fmt.Fprintf(&b, "    and %d more\n", rest)
	}
	return b.String()
}
