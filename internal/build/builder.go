package build

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/given"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// A Builder holds what one run on one package knows. It lives as long as the run.
type Builder struct {
	*value.Values

	// Bodies are the functions that were modelled, by activation, and FrameOf the
	// other way round.
	Bodies  map[*flow.Frame]*model.Body
	FrameOf map[*model.Body]*flow.Frame
	// OpIndex is for each op of a block the index of its instruction.
	OpIndex map[*model.Block][]int
	// OriginOf is where a *Chan, *Group, *Lock, *Sem, *Task or *Root of the model
	// comes from.
	OriginOf map[any]flow.Origin
	// Waits are the calls of methods that wait.
	Waits map[*model.Op]CallAt

	ctxs      map[flow.Origin]*model.Ctx
	ctxRoots  map[flow.Origin]*model.Root
	groups    map[flow.Origin]*model.Group
	storedIn  map[*model.Group]string // the field that a group is stored in, as a key (see fieldKey)
	vars      map[flow.Variable]*model.Var
	named     map[any]*model.Object // by the variable, or the call that made it
	chans     map[flow.Origin]*model.Chan
	locks     map[flow.Origin]*model.Lock
	sems      map[flow.Origin]*model.Sem
	events    map[flow.ValueIn]*model.Event
	summaries map[*types.Func]*facts.Summary
	given     *given.Callers
	spent     int // instructions modelled for the current root
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
func Model(pass *analysis.Pass, named []*model.Contract) (*model.Package, *Builder) {
	Summarize(pass, named)
	groups := facts.NewGroups(pass, named)
	r := relevant.Find(pass, groups, relevant.ForFanOuts)
	p := &model.Package{}
	b := newBuilder(pass, groups, r)
	if b != nil {
		b.Bound(func(fn *ssa.Function) bool { return b.stages(fn, 1) }, model.PackageModels, model.MaxInstrs)
		for _, fn := range b.Funcs {
			p.FanOuts = append(p.FanOuts, b.fanOuts(fn)...)
		}
		b.joinByField(p)
		p.Scenes = b.scenes()
		p.Lives = b.lives()
		p.Holders = b.holders(r)
		tasks := b.literals(p)
		for _, f := range p.FanOuts {
			f.Requests, f.TaskOf = b.requests(b.FrameOf[f.Body]), tasks[b.FrameOf[f.Body].Fn]
		}
	}
	return p, b
}

// literals are the function literals that are tasks, and the groups that wait for them.
func (e *Builder) literals(p *model.Package) map[*ssa.Function]*model.Group {
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
	if b := newBuilder(pass, groups, r); b != nil {
		b.export(r)
	}
	facts.ExportValues(pass, groups, r.Values)
	facts.ExportGoexit(pass)
}

// full reports whether the current root has drawn all that it may into its model.
func (e *Builder) full() bool { return e.spent >= model.MaxInstrs }

// newBuilder builds SSA for what is relevant; nil if that is nothing.
func newBuilder(pass *analysis.Pass, groups *facts.Groups, r *relevant.Set) *Builder {
	if r.Empty() {
		return nil
	}
	pkg := source.Load(pass, groups, r)
	return &Builder{
		Values:    &value.Values{Flow: flow.New(pkg)},
		Bodies:    map[*flow.Frame]*model.Body{},
		FrameOf:   map[*model.Body]*flow.Frame{},
		OpIndex:   map[*model.Block][]int{},
		OriginOf:  map[any]flow.Origin{},
		Waits:     map[*model.Op]CallAt{},
		ctxs:      map[flow.Origin]*model.Ctx{},
		ctxRoots:  map[flow.Origin]*model.Root{},
		groups:    map[flow.Origin]*model.Group{},
		storedIn:  map[*model.Group]string{},
		vars:      map[flow.Variable]*model.Var{},
		named:     map[any]*model.Object{},
		chans:     map[flow.Origin]*model.Chan{},
		locks:     map[flow.Origin]*model.Lock{},
		sems:      map[flow.Origin]*model.Sem{},
		events:    map[flow.ValueIn]*model.Event{},
		summaries: map[*types.Func]*facts.Summary{},
		given:     given.New(pkg),
	}
}
