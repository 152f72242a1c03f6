package analyzer

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gatherlint/gatherlint/internal/errtrace"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/race"
	"github.com/gatherlint/gatherlint/internal/rewrite"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/survey"
	"github.com/gatherlint/gatherlint/internal/waitresult"
)

// evidence is what the packages above the builder can tell of its model.
type evidence struct {
	*errtrace.Tracer
	*race.Finder
	*rewrite.Editor
	*source.Package
	*waitresult.Follower
}

var _ model.Evidence = evidence{}

// modelOf is the model of the package under analysis, with all that can be asked of it.
func modelOf(pass *analysis.Pass, groups []*model.Contract) *model.Package {
	p, b := survey.Model(pass, groups)
	if b == nil {
		return p
	}
	e := evidence{&errtrace.Tracer{Builder: b}, race.New(b), rewrite.New(b), b.Package, &waitresult.Follower{Builder: b}}
	for _, f := range p.FanOuts {
		f.Evidence = e
	}
	for _, s := range slices.Concat(p.Scenes, p.Lives) {
		s.Evidence = e
	}
	for _, h := range p.Holders {
		h.Evidence = e
	}
	return p
}
