package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
	"github.com/gatherlint/gatherlint/internal/schedule"
	"github.com/gatherlint/gatherlint/internal/survey"
)

const megabyte = 1 << 20

const (
	// freeGarbage is how much a package may allocate before garbage is collected.
	// The types of all packages stay in memory: a collection takes as long as a
	// small package, and would be counted for whichever happens to be measured.
	freeGarbage = 600 * megabyte
	// closeGarbage is likewise, while the memory that is in use is measured.
	closeGarbage = 30 * megabyte
	// sampled is how often memory is looked at meanwhile.
	sampled = 5 * time.Millisecond
)

// A cost is what one package costs.
type cost struct {
	path  string
	check time.Duration // to parse and type-check it
	pass  time.Duration // to analyse it
	// memory is how much more than before was in use at most while the package
	// was analysed; garbage that was not collected yet counts. In bytes.
	memory uint64
	// scenes are explored, unless the budget of the package is spent before; open are
	// those and the others whose own budget is.
	scenes, open int
}

// ratio is the analysis as a multiple of parsing and checking.
func (c cost) ratio() float64 { return float64(c.pass) / float64(max(c.check, time.Microsecond)) }

// measure analyses the packages that the patterns name, all checks on, and tells
// what each costs. What is reported of a package goes to report, in order.
func measure(ctx context.Context, dir string, o *options, report io.Writer) ([]cost, error) {
	packages, err := list(ctx, dir, o.patterns)
	if err != nil {
		return nil, err
	}
	c := newClosure()
	full := analyzer.New(&analyzer.Options{Checks: cmp.Or(o.checks, "all")})
	facts := analyzer.New(&analyzer.Options{FactsOnly: true})
	var costs []cost
	for _, p := range packages {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		collectAfter(freeGarbage)
		before := cpuTime()
		src, err := c.check(p)
		check := cpuTime() - before
		switch {
		case src.pkg == nil || err != nil && !p.DepOnly:
			fmt.Fprintf(report, "%s is left out: %v\n", p.ImportPath, err)
			continue
		case err != nil:
			continue // cannot be analysed, but is good enough to import
		case p.DepOnly && p.Standard:
			continue // has no facts
		case p.DepOnly:
			if _, err := facts.Run(c.pass(src, facts, func(analysis.Diagnostic) {})); err != nil {
				return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
			}
			continue
		}
		x, err := c.cost(src, full, report, dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		x.check = check
		costs = append(costs, x)
	}
	return costs, nil
}

// cost analyses a package. One that allocates much is analysed again, for its
// memory.
func (c *closure) cost(p *checked, a *analysis.Analyzer, report io.Writer, dir string) (cost, error) {
	var found []analysis.Diagnostic
	x := cost{path: p.ImportPath}
	run := func() error {
		found = nil
		_, err := a.Run(c.pass(p, a, func(d analysis.Diagnostic) { found = append(found, d) }))
		return err
	}
	collectAfter(freeGarbage)
	allocated := allocations()
	before := cpuTime()
	if err := run(); err != nil {
		return x, err
	}
	x.pass = cpuTime() - before
	x.memory = allocations() - allocated
	x.scenes, x.open = c.explored(p, a)
	for _, d := range found {
		c.print(report, d, dir)
	}
	if x.memory < closeGarbage {
		return x, nil
	}
	collectAfter(closeGarbage)
	peak := watch()
	if err := run(); err != nil {
		return x, err
	}
	x.memory = min(x.memory, peak())
	return x, nil
}

// explored counts the scenes of a package, and those that get no verdict because a budget is
// spent. It models the package anew.
func (c *closure) explored(p *checked, a *analysis.Analyzer) (scenes, open int) {
	model, _ := survey.Model(c.pass(p, a, func(analysis.Diagnostic) {}), nil)
	for _, r := range schedule.PlayAll(slices.Concat(model.Scenes, model.Lives)) { // there are no test files
		scenes++
		if r.Spent || r.Skipped {
			open++
		}
	}
	return scenes, open
}

// print writes what is reported at a place, with the steps.
func (c *closure) print(w io.Writer, d analysis.Diagnostic, dir string) {
	fmt.Fprintf(w, "%s: %s\n", c.place(d, dir), d.Message)
	for _, r := range d.Related {
		fmt.Fprintf(w, "\t%s: %s\n", c.place(analysis.Diagnostic{Pos: r.Pos}, dir), r.Message)
	}
	for _, f := range d.SuggestedFixes {
		fmt.Fprintf(w, "\tfix: %s\n", f.Message)
		for _, e := range f.TextEdits {
			fmt.Fprintf(w, "\t\t%s: %q\n", c.place(analysis.Diagnostic{Pos: e.Pos}, dir), e.NewText)
		}
	}
}

func (c *closure) place(d analysis.Diagnostic, dir string) string {
	pos := c.fset.Position(d.Pos)
	if rel, err := filepath.Rel(dir, pos.Filename); err == nil {
		pos.Filename = filepath.ToSlash(rel)
	}
	return pos.String()
}

// collectAfter collects garbage when so many bytes more are allocated. What there
// is already is collected now, if it is worth it or is not to be counted.
func collectAfter(bytes uint64) {
	if bytes < freeGarbage || inUse() > live()+freeGarbage/4 {
		runtime.GC()
	}
	debug.SetGCPercent(int(max(1, bytes*100/max(live(), megabyte))))
}

// live is what was in use after the last collection, and inUse what is now,
// garbage included. In bytes.
func live() uint64  { return read("/gc/heap/live:bytes") }
func inUse() uint64 { return read("/memory/classes/heap/objects:bytes") }

// allocations is how much was allocated since the process began, in bytes.
func allocations() uint64 { return read("/gc/heap/allocs:bytes") }

func read(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// watch looks at the memory in use until the result is called, which tells how
// much more than at first it was at most, in bytes.
func watch() func() uint64 {
	first := inUse()
	peak := first
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			peak = max(peak, inUse())
			select {
			case <-stop:
				return
			case <-time.After(sampled):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		return peak - first
	}
}

// printCosts writes the packages that take longest to analyse, and the sums.
func printCosts(w io.Writer, costs []cost, top int) {
	slices.SortFunc(costs, func(a, b cost) int {
		return cmp.Or(cmp.Compare(b.pass, a.pass), cmp.Compare(a.path, b.path))
	})
	var check, pass time.Duration
	scenes, open := 0, 0
	for _, x := range costs {
		check, pass = check+x.check, pass+x.pass
		scenes, open = scenes+x.scenes, open+x.open
	}
	fmt.Fprintf(w, "%-60s %8s %8s %6s %7s %7s %7s\n", "package", "check s", "pass s", "ratio", "MB", "scenes", "no end")
	for i, x := range costs {
		if i == top {
			break
		}
		fmt.Fprintf(w, "%-60s %8.2f %8.2f %6.1f %7d %7d %7d\n", x.path, x.check.Seconds(), x.pass.Seconds(), x.ratio(), x.memory/megabyte, x.scenes, x.open)
	}
	fmt.Fprintf(w, "%-60s %8.2f %8.2f %6.1f %7s %7d %7d\n", fmt.Sprintf("all %d packages", len(costs)), check.Seconds(), pass.Seconds(), float64(pass)/float64(max(check, 1)), "", scenes, open)
}
