package analyzer_test

import (
	"strings"
	"testing"

	"github.com/gatherlint/gatherlint/analyzer"
)

// Every step of everything that the golden transcripts show says who does it, so
// that a schedule can be drawn. What blocks for ever does so in the last step.
func TestEveryStepHasAnActor(t *testing.T) {
	page := readRepo(t, "docs/formats.md")
	ends := map[string]bool{"lostsend": true, "stuckwait": true, "misseddone": true}
	for _, name := range checkNames() {
		p := pass(t, name)
		found, err := folders()[name].all()
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d findings, %v", name, len(found), err)
		}
		objects := 0
		for _, d := range found {
			if d.Category != name {
				continue
			}
			var last analyzer.Step
			for _, r := range d.Related {
				last = analyzer.ParseStep(r.Message)
				if last.Actor.Kind == "" || last.Actor.Name == "" {
					t.Errorf("%s: %s: nobody does %q", p.Fset.Position(d.Pos), name, r.Message)
				}
				if !strings.Contains(page, "`"+last.Kind+"`") || last.Kind == "" {
					t.Errorf("%s: %s: docs/formats.md has no kind %q of step: %q", p.Fset.Position(d.Pos), name, last.Kind, r.Message)
				}
				if last.On.Kind != "" {
					objects++
					if last.On.Name == "" {
						t.Errorf("%s: %s: what %q is done to has no name", p.Fset.Position(d.Pos), name, r.Message)
					}
				}
			}
			if ends[name] && !last.Blocks {
				t.Errorf("%s: %s: the last step does not block: %q", p.Fset.Position(d.Pos), name, last.Text)
			}
		}
		if objects == 0 {
			t.Errorf("%s: no step is done to anything", name)
		}
	}
}
