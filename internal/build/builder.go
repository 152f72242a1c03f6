package build

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/given"
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
	// OriginOf is where a *Chan, *Group, *Lock, *Sem, *Task or *Root of the model is from.
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

// Begin begins with another root function, which may draw so many instructions into it.
func (e *Builder) Begin(most int) { e.spent = model.MaxInstrs - most }

// Full reports whether the current root has drawn all that it may into its model.
func (e *Builder) Full() bool { return e.spent >= model.MaxInstrs }

// StoredIn is the field that a group is stored in, as a key; "" if it is in none.
func (e *Builder) StoredIn(g *model.Group) string { return e.storedIn[g] }

// GroupAt is the group that comes from an origin, nil if none was seen.
func (e *Builder) GroupAt(s flow.Origin) *model.Group { return e.groups[s] }

// New builds SSA for what is relevant; nil if that is nothing.
func New(pass *analysis.Pass, groups *facts.Groups, r *relevant.Set) *Builder {
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

// OpAt is the op of an instruction of a function that is looked at on its own.
func (e *Builder) OpAt(fn *ssa.Function, in ssa.Instruction) *model.Op {
	b := e.BodyOf(e.RootFrame(fn)).Blocks[in.Block().Index]
	if k := slices.Index(e.OpIndex[b], source.IndexOf(in.Block(), in)); k >= 0 {
		return b.Ops[k]
	}
	return nil
}
