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
	start := time.Now()
	r, err := g.load(ctx, o)
	if err != nil {
		return e.failf("%v", err)
	}
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
		return e.printDiff(r, g.planFixes(r, start))
	case o.fix:
		return e.applyFixes(ctx, g, o, r, g.planFixes(r, start))
	}
	e.printMessages(r)
	return e.report(o, r)
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
func (e env) printDiff(r *result, p *plan) int {
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
	n := len(r.findings())
	if left := n - p.applied; left > 0 {
		fmt.Fprintf(e.stderr, "gatherlint: %s of %d without a change here\n", plural(left, "finding"), n)
	}
	if p.failed {
		return exitFailed
	}
	return r.code(n)
}

// applyFixes writes the changes, analyses again and prints what remains.
func (e env) applyFixes(ctx context.Context, g *goCmd, o *options, r *result, p *plan) int {
	if p.failed {
		e.printMessages(r)
		e.printSkipped(p)
		fmt.Fprintln(e.stderr, "gatherlint: no file was changed")
		return exitFailed
	}
	if err := writeChanges(p.changes); err != nil {
		e.printMessages(r)
		e.printSkipped(p)
		return e.failf("cannot apply the fixes: %v", err)
	}
	if len(p.changes) > 0 {
		again, err := g.load(ctx, o)
		if err != nil {
			return e.failf("fixes were applied to %s, then: %v", plural(len(p.changes), "file"), err)
		}
		r = again
	}
	e.printMessages(r)
	e.printSkipped(p)
	if p.applied > 0 {
		applied := fmt.Sprintf("applied %s to %s", plural2(p.applied, "fix", "fixes"), plural(len(p.changes), "file"))
		switch {
		case e.console != nil:
			fmt.Fprintln(e.console, applied)
		case o.format == "text":
			fmt.Fprint(e.stdout, applied+"\n\n")
		default: // stdout is for a program
			fmt.Fprintln(e.stderr, applied)
		}
	}
	return e.report(o, r)
}

// printSkipped says which fixes are not applied, and why.
func (e env) printSkipped(p *plan) {
	for _, s := range slices.Sorted(slices.Values(p.skipped)) {
		fmt.Fprintf(e.stderr, "gatherlint: %s\n", s)
	}
}
