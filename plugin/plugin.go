// Package plugin makes gatherlint a linter of golangci-lint, by its module
// plugin system. A program that contains golangci-lint imports it for its side
// effect.
package plugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/analyzer"
)

// Registering from an initialiser is how the plugin system works: golangci-lint
// looks the name up, and nothing else of this package is ever called.
func init() { register.Plugin("gatherlint", New) }

// New makes the linter out of the settings in .golangci.yml: those of
// analyzer.Options under their JSON names, or nil for the defaults. Unknown
// settings and unknown checks are errors.
func New(settings any) (register.LinterPlugin, error) {
	o, err := register.DecodeSettings[analyzer.Options](settings)
	if err != nil {
		return nil, fmt.Errorf("settings of gatherlint: %w", err)
	}
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("settings of gatherlint: %w", err)
	}
	return linter{o}, nil
}

type linter struct{ options analyzer.Options }

// BuildAnalyzers returns the one analyzer.
func (l linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{withoutSteps(analyzer.New(&l.options))}, nil
}

// GetLoadMode asks for types. golangci-lint then analyses dependencies too,
// whose facts the analyzer needs.
func (l linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// withoutSteps returns the analyzer without the steps of its findings, which
// are related information. golangci-lint makes an issue of its own of each. An
// issue of a step has no fix, so golangci-lint --fix would apply the fix of the
// finding and then fail because of its steps. And an issue on the line of
// another is hidden, so that a finding could vanish behind a step of one above.
//
// No step is put into the message instead. Every message is fact; consequence,
// which the last step only repeats, and it is the message that baselines and
// exclusion rules of golangci-lint match: it stays what the other drivers
// print.
func withoutSteps(a *analysis.Analyzer) *analysis.Analyzer {
	short := *a
	short.Run = func(pass *analysis.Pass) (any, error) {
		p := *pass
		p.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			pass.Report(d)
		}
		return a.Run(&p)
	}
	return &short
}
