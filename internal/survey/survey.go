package survey

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/depth"
	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
)

// A surveyor looks through one package.
type surveyor struct {
	*build.Builder
	drawn *depth.Drawn
}

// Model models the fan-outs of the package under analysis and exports the summaries
// of its functions. The model is empty, and there is no builder, when no function of
// the package can matter. Named are the groups that the user has named beside those
// that are known.
//
// The summaries are those of Summarize, computed on their own: what the model of
// the fan-outs has seen beside a function, or of the functions that it calls,
// must not show in them. Importers see the same whether the package was named
// or not.
func Model(pass *analysis.Pass, named []*model.Contract) (*model.Package, *build.Builder) {
	Summarize(pass, named)
	groups := facts.NewGroups(pass, named)
	r := relevant.Find(pass, groups, relevant.ForFanOuts)
	p := &model.Package{}
	e := surveyor{Builder: build.New(pass, groups, r)}
	if e.Builder == nil {
		return p, nil
	}
	holds := func(fn *ssa.Function) bool {
		d, ok := fn.Syntax().(*ast.FuncDecl)
		return ok && r.Holders[d]
	}
	e.drawn = depth.Bound(e.Flow, func(fn *ssa.Function) bool { return e.stages(fn, 1) || holds(fn) }, model.PackageModels, model.MaxInstrs)
	for _, fn := range e.Funcs {
		p.FanOuts = append(p.FanOuts, e.fanOuts(fn)...)
	}
	e.joinByField(p)
	p.Scenes = e.scenes()
	u := e.users()
	p.Lives, p.Untried = e.lives(u)
	p.Holders = e.holders(r, u)
	tasks := e.literals(p)
	for _, f := range p.FanOuts {
		f.Requests, f.TaskOf = e.Requests(e.FrameOf[f.Body]), tasks[e.FrameOf[f.Body].Fn]
	}
	return p, e.Builder
}

// literals are the function literals that are tasks, and the groups that wait for them.
func (e surveyor) literals(p *model.Package) map[*ssa.Function]*model.Group {
	out := map[*ssa.Function]*model.Group{}
	for _, f := range p.FanOuts {
		for _, t := range f.Tasks {
			if fr := e.FrameOf[t.Body]; fr != nil && fr.Fn.Parent() != nil && len(f.Waits) > 0 {
				out[fr.Fn] = f.Group
			}
		}
	}
	return out
}

// Summarize only exports the summaries, for a package whose findings nobody
// asks for. The standard library has none: the table describes it.
func Summarize(pass *analysis.Pass, named []*model.Contract) {
	if known.IsStd(pass) {
		return
	}
	groups := facts.NewGroups(pass, named)
	r := relevant.Find(pass, groups, relevant.ForSummaries)
	if e := (surveyor{Builder: build.New(pass, groups, r)}); e.Builder != nil {
		e.export(r)
	}
	facts.ExportValues(pass, groups, r.Values)
	facts.ExportGoexit(pass)
}
