// Package analyzer runs gatherlint's checks as one go/analysis pass.
package analyzer

import (
	"golang.org/x/tools/go/analysis"
)

// Analyzer is gatherlint with its default settings.
var Analyzer = New(nil)

// Options are the settings of the analyzer. The zero value means the defaults.
type Options struct {
	// Checks says which checks run: a comma-separated list of "default",
	// "all", names to add, and "-name" to take away. Empty means "default".
	Checks string `json:"checks"`
}

// New returns an analyzer with the given options; nil means the defaults.
func New(o *Options) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name: "gatherlint",
		Doc:  "gatherlint: report fan-outs whose cancellation, errors or goroutines get lost",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	}
	return a
}
