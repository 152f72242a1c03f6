package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// With the option, and with the flag, each step begins with what ParseStep reads,
// and goes on with what it says without.
func TestActors(t *testing.T) {
	flagged := analyzer.New(nil)
	for name, value := range map[string]string{"checks": "droppedwait", "actors": "true"} {
		if err := flagged.Flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	p := pass(t, "droppedwait")
	plain, err := diagnose(analyzer.New(&analyzer.Options{Checks: "droppedwait"}), p)
	if err != nil || len(plain) == 0 {
		t.Fatalf("%d findings, %v", len(plain), err)
	}
	named := 0
	option := analyzer.New(&analyzer.Options{Checks: "droppedwait", Actors: true})
	for how, a := range map[string]*analysis.Analyzer{"option": option, "flag": flagged} {
		got, err := diagnose(a, p)
		if err != nil || len(got) != len(plain) {
			t.Fatalf("%s: %d findings, %v, want %d", how, len(got), err, len(plain))
		}
		for i, d := range got {
			for j, r := range d.Related {
				without := analyzer.ParseStep(plain[i].Related[j].Message)
				s := analyzer.ParseStep(r.Message)
				if r.Message == plain[i].Related[j].Message || s.Text != without.Text || s.Number != j+1 || without.Number != j+1 {
					t.Errorf("%s: %q for %q", how, r.Message, plain[i].Related[j].Message)
				}
				if s.Actor.Kind != "" {
					named++
				}
			}
		}
	}
	if named == 0 {
		t.Error("no step has an actor")
	}
}
