package analyzer_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	programsFlag  = flag.Int("programs", 40, "TestGenerated: how many programs to make")
	seedFlag      = flag.Int64("seed", 1, "TestGenerated: of the programs and their schedules")
	schedulesFlag = flag.Int("schedules", 30, "TestGenerated: how often each program runs")
	seenFlag      = flag.String("observations", "", "TestGenerated: write what the runs have shown to a `file`, a line of JSON for each program")
	keepFlag      = flag.Bool("keep", false, "TestGenerated: keep the programs of disagreements in testdata/generated/kept")
)

// TestGenerated compares the verdicts of the analyzer with what programs do. It
// makes programs at random, runs each over many schedules, and analyses them.
//
//   - An operation that the analyzer calls stuck has to be seen blocked for ever
//     in some run. What 30 schedules do not show gets 20 times as many, and what
//     they do not show 300 times as many.
//   - What is seen blocked for ever has to be in a report, or the program is
//     unknown. The analyzer is silent about a goroutine that ends with the parent
//     context, so a leftover counts if it is there with the parent cancelled; a
//     Wait that does not return counts in any case. And it assumes that one call
//     fails: what hangs only if several do is counted and is no disagreement.
//
// Runs are a sample: a report that none has shown is printed, and few are borne.
// A hang that is not reported is an error.
//
// The programs of testdata/generated are always in: those of past disagreements,
// and those where a person can tell.
// A longer run, and one that keeps what it finds:
//
//	go test ./analyzer -run '^TestGenerated$' -v -programs 2000 -seed 7 -schedules 100 -keep
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	all := append(storedPrograms(t, "kept"), storedPrograms(t, "known")...)
	kept := len(all)
	for i := range *programsFlag {
		p, err := makeProgram(*seedFlag, i+1)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	r := newRunner(t, all)
	every := make([]int, len(all))
	for i := range every {
		every[i] = i
	}
	seen := r.observe(t, every, *seedFlag, *schedulesFlag, claimed)
	said := verdicts(t, filepath.Join(r.dir, "generated"))
	var again []int
	for i, p := range all {
		if _, known := said[p.name]; !known {
			t.Errorf("%s has no verdict", p.name)
		}
		if len(newComparison(p, seen[i], said[p.name]).unseen) > 0 {
			again = append(again, i)
		}
	}
	for round, times := range []int{20, 300} {
		var left []int
		for i, o := range r.observe(t, again, *seedFlag+1+int64(round), times**schedulesFlag, sought) {
			states := seen[i].States
			for _, s := range o.States {
				if !slices.ContainsFunc(states, s.same) {
					s.Sought = true
					states = append(states, s)
				}
			}
			o.States = states
			seen[i] = o
			if len(newComparison(all[i], o, said[all[i].name]).unseen) > 0 {
				left = append(left, i)
			}
		}
		slices.Sort(left)
		again = left
	}
	var sum summary
	for i, p := range all {
		c := newComparison(p, seen[i], said[p.name])
		sum.add(p, seen[i], said[p.name], c)
		if text := c.text(); text != "" {
			if len(c.missed) > 0 {
				t.Errorf("%s: %s\n%s", p.name, text, numbered(p.text))
			} else {
				t.Logf("%s: %s\n%s", p.name, text, numbered(p.text))
			}
			if *keepFlag && i >= kept {
				keepProgram(t, p)
			}
		}
	}
	t.Logf("seed %d, %d schedules each, and %d stored programs\n%s", *seedFlag, *schedulesFlag, kept, sum.text())
	if most := max(1, len(all)/500); sum.unseen > most {
		t.Errorf("%d programs have a report that no run has shown, want %d at most", sum.unseen, most)
	}
	writeObservations(t, seen)
}

// earlyCounts says whether a hang counts that needs a parent context that is
// cancelled early. The analyzer assumes that it lives.
const earlyCounts = true

// claimed is the largest number of workers and of items for which the analyzer claims
// to find what hangs. What it reports may need more: a buffer of three that somebody has
// to overfill, and a few more that have been taken. So it is looked for with sought.
const (
	claimed = 3
	sought  = 6
)

// A comparison is where the analyzer and the runs differ.
type comparison struct {
	unseen []int            // lines that are reported and were never seen blocked
	missed map[int]*outcome // lines that were seen and are not reported: a run
	beyond bool             // something hangs only if several calls fail
}

func newComparison(p program, o *observation, v verdict) comparison {
	c := comparison{missed: map[int]*outcome{}}
	canonical, waits := linesOf(p)
	reported, seen := map[int]bool{}, map[int]bool{}
	for _, together := range v.Stuck {
		for _, line := range together {
			reported[canonical(line)] = true
		}
	}
	isReported := func(line int) bool { return reported[canonical(line)] }
	for _, s := range o.States {
		for _, l := range s.Blocked {
			for _, line := range l {
				seen[canonical(line)] = true
			}
			counts := s.Parent == endedLate || s.Parent == endedEarly && earlyCounts || waits[l[0]]
			if !counts || s.Sought || len(v.Unknown) > 0 || slices.ContainsFunc(l, isReported) {
				continue
			}
			line := canonical(l[0])
			if s.Simplest.Failures > 1 {
				c.beyond = true
			} else if before := c.missed[line]; before == nil || s.Simplest.simpler(*before) {
				c.missed[line] = &s.Simplest
			}
		}
	}
	for _, line := range slices.Sorted(maps.Keys(reported)) {
		if !seen[line] {
			c.unseen = append(c.unseen, line)
		}
	}
	return c
}

// text says what is wrong, and how a run came to it.
func (c comparison) text() string {
	var out []string
	if len(c.unseen) > 0 {
		out = append(out, fmt.Sprintf("reported and never seen: lines %v", c.unseen))
	}
	for _, line := range slices.Sorted(maps.Keys(c.missed)) {
		run := c.missed[line]
		how := endedLate
		if run.Cancelled {
			how = endedEarly
		}
		out = append(out, fmt.Sprintf("seen and not reported: line %d, in schedule %d, n = %d, len(items) = %d, %d failed, the parent context %s",
			line, run.Schedule, run.N, run.Items, run.Failures, how))
	}
	return strings.Join(out, "; ")
}

// linesOf is how a program counts its lines: an operation of a select counts
// as the line of the select, and these are the lines that wait for a group.
func linesOf(p program) (canonical func(int) int, waits map[int]bool) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, p.name, p.text, parser.SkipObjectResolution)
	if err != nil {
		return func(line int) int { return line }, nil
	}
	line := func(n ast.Node) int { return fset.Position(n.Pos()).Line }
	selects := map[int]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectStmt); ok {
			for _, clause := range sel.Body.List {
				selects[line(clause)] = line(sel)
			}
		}
		return true
	})
	waits = map[int]bool{}
	for i, text := range strings.Split(p.text, "\n") {
		if strings.Contains(text, ".Wait()") {
			waits[i+1] = true
		}
	}
	return func(line int) int {
		if sel, ok := selects[line]; ok {
			return sel
		}
		return line
	}, waits
}

// storedPrograms are the programs of a folder in testdata/generated.
func storedPrograms(t *testing.T, folder string) []program {
	t.Helper()
	paths, err := filepath.Glob("testdata/generated/" + folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []program
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".go")
		out = append(out, program{strings.ToUpper(name[:1]) + name[1:], readRepo(t, "analyzer/"+filepath.ToSlash(path))})
	}
	return out
}

// keepProgram stores a program under a name that comes from its text.
func keepProgram(t *testing.T, p program) {
	t.Helper()
	hash := fnv.New32a()
	hash.Write([]byte(strings.ReplaceAll(p.text, p.name, "Prog")))
	name := fmt.Sprintf("Kept%08x", hash.Sum32())
	path := filepath.Join("testdata", "generated", "kept", strings.ToLower(name)+".go")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(p.text, p.name, name)), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s is kept as %s", p.name, path)
}

func numbered(text string) string {
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		fmt.Fprintf(&out, "%4d  %s\n", i+1, line)
	}
	return out.String()
}

// A summary is what the log says at the end.
type summary struct {
	programs, lines, stuck, leak, panics, unknown, reported, beyond int
	disagree, missed, early, unseen                                 int
	reasons                                                         map[string]int
}

func (s *summary) add(p program, o *observation, v verdict, c comparison) {
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	s.programs++
	s.lines += strings.Count(p.text, "\n")
	count(&s.stuck, len(o.States) > 0)
	count(&s.leak, slices.ContainsFunc(o.States, func(s *state) bool { return s.Parent != lives }))
	count(&s.panics, len(o.Panics) > 0)
	count(&s.unknown, len(v.Unknown) > 0)
	count(&s.reported, len(v.Stuck) > 0)
	count(&s.beyond, c.beyond)
	count(&s.disagree, len(c.missed)+len(c.unseen) > 0)
	count(&s.missed, len(c.missed) > 0)
	early := 0
	for _, run := range c.missed {
		count(&early, run.Cancelled)
	}
	count(&s.early, early > 0 && early == len(c.missed))
	count(&s.unseen, len(c.unseen) > 0)
	if s.reasons == nil {
		s.reasons = map[string]int{}
	}
	for _, reason := range v.Unknown {
		s.reasons[reason]++
	}
}

func (s *summary) text() string {
	share := func(n int) string { return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(max(s.programs, 1))) }
	out := fmt.Sprintf("%d programs of %d lines on average; %s hang in a run, %s still do with the parent context cancelled, %s panic in one\n",
		s.programs, s.lines/max(s.programs, 1), share(s.stuck), share(s.leak), share(s.panics))
	out += fmt.Sprintf("the analyzer reports %s, does not know about %s; %s hang beyond its hypothesis of one failure\n", share(s.reported), share(s.unknown), share(s.beyond))
	out += fmt.Sprintf("disagreements: %d programs; in %d a report was never seen, in %d a hang is not reported, in %d of these only if the parent context is cancelled early\n",
		s.disagree, s.unseen, s.missed, s.early)
	for _, reason := range slices.Sorted(maps.Keys(s.reasons)) {
		out += fmt.Sprintf("unknown in %d: %s\n", s.reasons[reason], reason)
	}
	return out
}

// writeObservations writes what the runs have shown, if the flag says where to.
func writeObservations(t *testing.T, seen map[int]*observation) {
	t.Helper()
	if *seenFlag == "" {
		return
	}
	var out strings.Builder
	for _, i := range slices.Sorted(maps.Keys(seen)) {
		text, err := json.Marshal(seen[i])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", text)
	}
	if err := os.WriteFile(*seenFlag, []byte(out.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}
