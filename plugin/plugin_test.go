package plugin

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

func TestSettings(t *testing.T) {
	tests := []struct {
		name     string
		settings any
		wantErr  string
	}{
		{"none", nil, ""},
		{"empty", map[string]any{}, ""},
		{"checks", map[string]any{"checks": "default,-lostctx"}, ""},
		{"steps", map[string]any{"steps": true}, ""},
		{"steps in words", map[string]any{"steps": "yes"}, "settings of gatherlint: decoding settings: json: cannot unmarshal string into Go struct field settings.steps of type bool"},
		{"leaks in tests", map[string]any{"leaks-in-tests": true}, ""},
		{"unknown setting", map[string]any{"chekcs": "all"}, `settings of gatherlint: decoding settings: json: unknown field "chekcs"`},
		{"setting of other drivers", map[string]any{"FactsOnly": true}, `settings of gatherlint: decoding settings: json: unknown field "FactsOnly"`},
		{"list", map[string]any{"checks": []string{"all"}}, "settings of gatherlint: decoding settings: json: cannot unmarshal array into Go struct field settings.Options.checks of type string"},
		{"not a map", "all", "settings of gatherlint: decoding settings: json: cannot unmarshal string into Go value of type plugin.settings"},
	}
	for _, tt := range tests {
		_, err := New(tt.settings)
		if got := message(err); got != tt.wantErr {
			t.Errorf("%s: error %q, want %q", tt.name, got, tt.wantErr)
		}
	}
	_, err := New(map[string]any{"checks": "losctx"})
	if got, want := message(err), `settings of gatherlint: unknown check "losctx", did you mean lostctx; the checks are `; len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("error %q, want one that begins with %q", got, want)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// build makes the analyzer in the way of golangci-lint, by the name.
func build(t *testing.T, settings any) *analysis.Analyzer {
	t.Helper()
	newPlugin, err := register.GetPlugin("gatherlint")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(settings)
	if err != nil {
		t.Fatal(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", mode)
	}
	as, err := p.BuildAnalyzers()
	if err != nil || len(as) != 1 {
		t.Fatalf("%d analyzers, error %v", len(as), err)
	}
	if as[0].Name != "gatherlint" || analysis.Validate(as) != nil {
		t.Errorf("analyzer %q: %v", as[0].Name, analysis.Validate(as))
	}
	return as[0]
}

// Findings arrive without steps, with their fixes, and those of the checks in
// the settings only. Two plugins in one process do not share settings.
func TestFindings(t *testing.T) {
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	all := build(t, nil)
	one := build(t, map[string]any{"checks": "lostctx"})
	for _, tt := range []struct {
		analyzer *analysis.Analyzer
		want     []string
	}{
		{all, []string{"droppedwait", "lostctx", "missedwait", "racyerr"}}, // an example of lostctx leaves without a Wait on purpose
		{one, []string{"lostctx"}},
	} {
		got := map[string]bool{}
		fixes := 0
		// The results are compared here; the tests of the checks compare the
		// comments "want" with the steps there.
		for _, r := range analysistest.Run(silent{}, testdata, tt.analyzer, "droppedwait", "lostctx") {
			for _, d := range r.Diagnostics {
				got[d.Category] = true
				fixes += len(d.SuggestedFixes)
				if len(d.Related) > 0 {
					t.Errorf("%s: steps: %v", d.Message, d.Related)
				}
			}
		}
		var names []string
		for name := range got {
			names = append(names, name)
		}
		slices.Sort(names)
		if !slices.Equal(names, tt.want) || fixes == 0 {
			t.Errorf("findings of %v with %d fixes, want those of %v", names, fixes, tt.want)
		}
	}
}

// With the setting they are in the message, each with its line.
func TestSteps(t *testing.T) {
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	const want = "droppedwait: the error of g.Wait is dropped; a failed task looks like success" +
		" (1 example.go:13 deliverRound starts a task under g, in a loop; 2 "
	found := false
	for _, r := range analysistest.Run(silent{}, testdata, build(t, map[string]any{"steps": true}), "droppedwait") {
		for _, d := range r.Diagnostics {
			if len(d.Related) > 0 {
				t.Errorf("%s: steps: %v", d.Message, d.Related)
			}
			if strings.HasPrefix(d.Message, want) && strings.HasSuffix(d.Message, ")") {
				found = true
			}
		}
	}
	if !found {
		t.Errorf("no message begins with %q", want)
	}
}

// silent drops what analysistest says about the comments.
type silent struct{}

func (silent) Errorf(string, ...any) {}
