package analyzer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gatherlint/gatherlint/analyzer"
)

// explained is what is said of testdata/src/explained, by spawner.
var explained = sync.OnceValues(func() (map[string]*analyzer.Explanation, error) {
	dir, err := filepath.Abs(repoFile("testdata"))
	if err != nil {
		return nil, err
	}
	a := analyzer.New(nil)
	if err := a.Flags.Set(analyzer.ExplainFlag, "true"); err != nil {
		return nil, err
	}
	out := map[string]*analyzer.Explanation{}
	var problems collector // nothing is expected of the findings: there are none
	for _, r := range analysistest.Run(&problems, dir, sparing(a), "explained") {
		if r.Err != nil {
			return nil, r.Err
		}
		for _, d := range r.Diagnostics {
			x, err := analyzer.ParseExplanation(d.Message)
			if err != nil || d.Category != analyzer.ExplainCategory {
				return nil, err
			}
			out[x.Spawner] = x
		}
	}
	return out, nil
})

// What "gatherlint explain" says of each example, as a person reads it.
func TestExplain(t *testing.T) {
	all, err := explained()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, x := range all {
		names = append(names, name)
		text := x.Text(filepath.Base)
		path := "testdata/golden/explain/" + name + ".txt"
		got, err := os.ReadFile(repoFile(path))
		if err != nil && !*update {
			t.Fatalf("%v; %s", err, repair(t))
		}
		same(t, path, string(got), text)
	}
	slices.Sort(names)
	if got, want := strings.Join(names, " "), "Crane.spareOne Crane.start Lock.Man NewLock NewWinch assumed clean escaping opaque pooled silenced stuck t.Go wrapped"; got != want {
		t.Errorf("there are explanations of %s, want %s", got, want)
	}
}

// The reasons why nothing is said are the ones that the examples were written for.
func TestExplainReasons(t *testing.T) {
	all, err := explained()
	if err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string][]string{
		"Crane.spareOne": {"Crane.spareOne starts no task; it works with c.mu", "misseddone: "},
		"Crane.start":    {"c.idle: it is stored in a struct field"},
		"NewWinch":       {"missedwait: Winch.turn goes round for ever", fmt.Sprintf("the other %d checks find nothing", len(checkNames())-1)},
		"assumed":        {"failed: whether task 1 has written it when assumed uses it is not known: f.Take may wait for that"},
		"clean":          {"every use of it is seen", "no goroutine blocks for ever", fmt.Sprintf("none of the %d checks finds anything", len(checkNames())), "not judged\n  nothing\n"},
		"escaping":       {"out: it is passed to sink.Drain, whose body is not seen"},
		"opaque":         {"its body is not seen", "find(work): its body is not seen, so what it does"},
		"pooled":         {"p is a pool.ContextPool", "p.Wait gives all errors", "it cancels its context at the first error", "p: "},
		"stuck":          {"stuckwait: ", "in what was explored", "blocked for ever"},
		"silenced":       {"droppedwait: ", "; silenced by a directive"},
		"wrapped":        {"c is a jobs.Crew", "c: when the tasks of jobs.Crew run is not known"},
		"t.Go":           {"example.org/wrappers/sealed.Tank is no group that is known", "-groups=example.org/wrappers/sealed.Tank=TYPE"},
	} {
		if all[name] == nil {
			t.Errorf("nothing is said of %s", name)
			continue
		}
		text := all[name].Text(filepath.Base)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: there is no %q in\n%s", name, want, text)
			}
		}
	}
}

// Each folder of the checks is explained without a failure, and with all of its
// findings, however they come about; one of them is explained the same twice.
func TestExplainFolders(t *testing.T) {
	for _, name := range checkNames() {
		p := pass(t, name)
		a := analyzer.New(nil)
		if err := a.Flags.Set(analyzer.ExplainFlag, "true"); err != nil {
			t.Fatal(err)
		}
		said, err := diagnose(a, p)
		if err != nil || len(said) == 0 {
			t.Fatalf("%s: %d explanations, %v", name, len(said), err)
		}
		var texts []string
		for _, d := range said {
			x, err := analyzer.ParseExplanation(d.Message)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, x.Text(filepath.Base))
		}
		all := strings.Join(texts, "\n")
		for _, d := range folders()[name].reported {
			if d.Category == name && !strings.Contains(all, d.Message) {
				t.Errorf("%s: no explanation has the finding %q", p.Fset.Position(d.Pos), d.Message)
			}
		}
		if name != "stuckwait" { // in which there is something of everything
			continue
		}
		again, err := diagnose(a, p)
		if err != nil || !slices.EqualFunc(said, again, func(a, b analysis.Diagnostic) bool { return a.Message == b.Message }) {
			t.Errorf("%s: the second time the explanations differ (%v)", name, err)
		}
	}
}
