package analyzer_test

import (
	"strings"
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

// A step tells by data, not only by words, which call fails, where its error is
// tested, and which way the branch goes.
func TestStepData(t *testing.T) {
	p := pass(t, "misseddone")
	found, err := diagnose(analyzer.New(&analyzer.Options{Checks: "misseddone", Actors: true}), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if !strings.Contains(d.Message, "deliverAndCount") {
			continue
		}
		var kinds []string
		for _, r := range d.Related {
			s := analyzer.ParseStep(r.Message)
			kinds = append(kinds, s.Kind)
			if s.Kind != "fails" {
				continue
			}
			at, end := p.Fset.Position(r.Pos), p.Fset.Position(r.End)
			if call := (analyzer.Range{Line: at.Line, Column: at.Column, EndLine: end.Line, EndColumn: end.Column}); s.Call != call || call.Line != call.EndLine {
				t.Errorf("the call is at %s, the step at %s", s.Call, call)
			}
			if s.Err.Line != at.Line || s.Err.EndColumn-s.Err.Column != len("err") || s.Err.Column <= s.Call.EndColumn {
				t.Errorf("the error is at %s, the call at %s", s.Err, s.Call)
			}
			if s.Way != "then" {
				t.Errorf("the branch goes %q", s.Way)
			}
		}
		if got, want := strings.Join(kinds, " "), "starts calls fails returns blocks"; got != want {
			t.Errorf("the steps are: %s, want %s", got, want)
		}
		return
	}
	t.Error("no finding in deliverAndCount")
}
