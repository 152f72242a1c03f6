// Package plugin makes gatherlint a linter of golangci-lint, by its module
// plugin system. A program that contains golangci-lint imports it for its side
// effect.
package plugin

import (
	"fmt"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// Registering from an initialiser is how the plugin system works: golangci-lint
// looks the name up, and nothing else of this package is ever called.
func init() { register.Plugin("gatherlint", New) }

// The settings in .golangci.yml: those of the analyzer under their JSON names,
// and one of golangci-lint's own.
type settings struct {
	analyzer.Options

	// Steps puts the steps of a finding into its message.
	Steps bool `json:"steps"`
}

// New makes the linter out of the settings in .golangci.yml, or nil for the
// defaults. Unknown settings and unknown checks are errors.
func New(given any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[settings](given)
	if err != nil {
		return nil, fmt.Errorf("settings of gatherlint: %w", err)
	}
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("settings of gatherlint: %w", err)
	}
	return linter{s}, nil
}

type linter struct{ settings settings }

// BuildAnalyzers returns the one analyzer.
func (l linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{withoutRelated(analyzer.New(&l.settings.Options), l.settings.Steps)}, nil
}

// GetLoadMode asks for types. golangci-lint then analyses dependencies too,
// whose facts the analyzer needs.
func (l linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// withoutRelated returns the analyzer without the related information of its
// findings, which is their steps. golangci-lint makes an issue of its own of
// each. An issue of a step has no fix, so golangci-lint --fix would apply the
// fix of the finding and then fail because of its steps. And an issue on the
// line of another is hidden, so that a finding could vanish behind a step of
// one above.
//
// With steps, they go into the message. That is for those who ask: the message
// is what baselines and exclusion rules of golangci-lint match, and without
// steps it is the one that the other drivers print.
func withoutRelated(a *analysis.Analyzer, steps bool) *analysis.Analyzer {
	short := *a
	short.Run = func(pass *analysis.Pass) (any, error) {
		p := *pass
		p.Report = func(d analysis.Diagnostic) {
			if steps {
				d.Message += inOneLine(pass.Fset, d.Related)
			}
			d.Related = nil
			pass.Report(d)
		}
		return a.Run(&p)
	}
	return &short
}

// inOneLine writes steps as the end of a message: " (1 fetch.go:12 ...; 2 ...)",
// or "" if there are none.
func inOneLine(fset *token.FileSet, steps []analysis.RelatedInformation) string {
	var parts []string
	for _, related := range steps {
		at, s := fset.Position(related.Pos), analyzer.ParseStep(related.Message)
		parts = append(parts, fmt.Sprintf("%d %s:%d %s", s.Number, filepath.Base(at.Filename), at.Line, s.Text))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}
