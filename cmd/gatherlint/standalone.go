package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gatherlint/gatherlint/internal/report"
)

// standalone runs go vet with this executable as its tool, prints what it
// says, and returns the exit code.
func (e env) standalone(ctx context.Context, o *options) int {
	g, err := newGoCmd(e, o.dir)
	if err != nil {
		e.failf("%v", err)
		return codeOf(err)
	}
	v, err := g.look(ctx, o)
	if err != nil {
		e.failf("%v", err)
		return codeOf(err)
	}
	r := v.result
	switch {
	case o.json:
		e.printMessages(r)
		for _, obj := range r.objects {
			fmt.Fprintf(e.stdout, "%s\n", report.PlainJSON(obj.raw))
		}
		if r.failed {
			return exitFailed
		}
		return exitClean
	case o.diff:
		e.printMessages(r)
		return e.printDiff(v)
	case o.fix:
		return e.applyFixes(ctx, g, o, v)
	}
	e.printMessages(r)
	if o.write {
		return e.writeBaseline(v)
	}
	return e.report(o, v)
}

// A view is what a run shows: findings, and the fixes that it can make.
type view struct {
	*result
	shown  []finding
	report *report.Report // of what is shown
	source report.Source
	plan   *plan

	baseline   *baseline // nil without one
	gone, open []report.Known
}

// look analyses the packages of the command line and works out what to show. The
// error is that of load, or one of usage, which is found before the analysis.
func (g *goCmd) look(ctx context.Context, o *options) (*view, error) {
	v := &view{}
	var since *changes
	var err error
	if o.baseline != "" {
		if v.baseline, err = g.env.readBaseline(o); err != nil {
			return nil, err
		}
	}
	if o.newFrom != "" {
		if since, err = g.changesSince(ctx, o.newFrom); err != nil {
			return nil, err
		}
	}
	start := time.Now()
	r, err := g.load(ctx, o)
	if err != nil {
		return nil, err
	}
	sources := g.env.sourcesOf(o, r.packages)
	v.result, v.source = r, sources.read
	// Fingerprints count equal findings, so they are made before any is left out.
	all := r.findings()
	v.report = g.env.newReport(o, r, all, v.source)
	found := v.choose(all, func(f finding) bool {
		file := parsePosn(f.Posn).file
		return !(o.noTests && strings.HasSuffix(file, "_test.go")) && !g.skips(o, file) && (since == nil || since.touch(g, f))
	}, o.write)
	v.report.Rules = rules(o.checks, v.report.Findings)
	if v.baseline != nil {
		v.gone, v.open = v.baseline.split(o, r, sources.compiled, found)
	}
	v.plan = g.planFixes(r.packages, v.shown, start)
	v.report.Fixable = len(v.plan.applied)
	return v, nil
}

// choose leaves those findings to show that are wanted and, unless the baseline is
// to be written, not in it. It returns the fingerprints of all.
func (v *view) choose(all []finding, wanted func(finding) bool, write bool) map[string]bool {
	found := make(map[string]bool)
	var list []report.Finding
	for i, f := range v.report.Findings {
		found[f.Fingerprint] = true
		switch {
		case !wanted(all[i]):
		case !write && v.baseline != nil && v.baseline.has(&f):
			v.report.Known++
		default:
			v.shown, list = append(v.shown, all[i]), append(list, f)
		}
	}
	v.report.Findings = list
	return found
}

// printMessages writes the messages of a result to stderr.
func (e env) printMessages(r *result) {
	for _, m := range r.messages {
		// Say who speaks, where the line does not begin with a file or "go:".
		first, _, _ := strings.Cut(m, "\n")
		if !positioned.MatchString(first) && !strings.HasPrefix(m, "go: ") && !strings.HasPrefix(m, "# ") {
			m = "gatherlint: " + m
		}
		fmt.Fprintln(e.stderr, m)
	}
	if r.failed && len(r.objects) == 0 {
		fmt.Fprintln(e.stderr, "gatherlint: nothing was analysed")
	}
}

// code is the exit code for a number of findings.
func (r *result) code(findings int) int {
	switch {
	case r.failed:
		return exitFailed
	case findings > 0:
		return exitFindings
	}
	return exitClean
}

// printDiff prints what -fix would change. Findings that it would not remove
// are counted on stderr, so that stdout is a patch.
func (e env) printDiff(v *view) int {
	p := v.plan
	for _, c := range p.changes {
		name := e.rel(c.path)
		patch := unifiedDiff(name, string(c.old), string(c.new))
		if !harmless(patch) {
			fmt.Fprintf(e.stderr, "gatherlint: %s: change not printed: it has control characters, or a line that a CI would take for a command\n", name)
			continue
		}
		fmt.Fprint(e.stdout, patch)
	}
	e.printSkipped(p)
	n := len(v.shown)
	if left := n - len(p.applied); left > 0 {
		fmt.Fprintf(e.stderr, "gatherlint: %s of %d cannot be fixed automatically\n", plural(left, "finding"), n)
	}
	if p.failed {
		return exitFailed
	}
	return v.code(n)
}

// applyFixes writes the changes, analyses again and prints what remains.
func (e env) applyFixes(ctx context.Context, g *goCmd, o *options, v *view) int {
	p := v.plan
	if p.failed {
		e.printMessages(v.result)
		e.printSkipped(p)
		fmt.Fprintln(e.stderr, "gatherlint: no file was changed")
		return exitFailed
	}
	if err := writeChanges(p.changes); err != nil {
		e.printMessages(v.result)
		e.printSkipped(p)
		return e.failf("cannot apply the fixes: %v", err)
	}
	if len(p.changes) > 0 {
		again, err := g.look(ctx, o)
		if err != nil {
			return e.failf("fixes were applied to %s, then: %v", plural(len(p.changes), "file"), err)
		}
		v = again
	}
	e.printMessages(v.result)
	e.printSkipped(p)
	if len(p.applied) > 0 {
		applied := p.String(e)
		switch {
		case e.console != nil:
			fmt.Fprint(e.console, applied)
		case o.format == "text":
			fmt.Fprint(e.stdout, applied+"\n")
		default: // stdout is for a program
			fmt.Fprint(e.stderr, applied)
		}
	}
	return e.report(o, v)
}

// String says how many fixes were applied, and where: a line for each finding at
// the place that it had.
func (p *plan) String(e env) string {
	var b strings.Builder
	fmt.Fprintf(&b, "applied %s to %s\n", plural2(len(p.applied), "fix", "fixes"), plural(len(p.changes), "file"))
	for _, f := range p.applied {
		fmt.Fprintf(&b, "    %s: %s: %s\n", parsePosn(f.Posn).short(e), f.Category, f.Fixes[0].Message)
	}
	return report.Plain(b.String())
}

// printSkipped says which fixes are not applied, and why.
func (e env) printSkipped(p *plan) {
	for _, s := range slices.Sorted(slices.Values(p.skipped)) {
		fmt.Fprintf(e.stderr, "gatherlint: %s\n", s)
	}
}
