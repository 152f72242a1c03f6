package survey

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/depth"
	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/relevant"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// export exports the summaries of the functions that matter.
func (e surveyor) export(g *relevant.Set) {
	exported := func(fn *ssa.Function) bool {
		obj, _ := fn.Object().(*types.Func)
		return obj != nil && fn.Parent() == nil && g.Summaries[obj] && len(fn.Params) <= model.MaxParams
	}
	depth.Bound(e.Flow, exported, model.PackageSummaries, model.MaxSummaryInstrs)
	for _, fn := range e.Funcs {
		if !exported(fn) {
			continue
		}
		e.Begin(model.MaxSummaryInstrs)
		e.BodyOf(e.RootFrame(fn)) // within the bound
		e.fanOuts(fn)             // finds the groups that count bare goroutines
		if s := e.summarize(fn); !s.Empty() {
			e.Pass.ExportObjectFact(fn.Object(), s)
		}
	}
}

// summarize describes fn by the ops of its model whose object is a parameter.
func (e surveyor) summarize(fn *ssa.Function) *facts.Summary {
	root := e.RootFrame(fn)
	body := e.BodyOf(root)
	s := &facts.Summary{Params: make([]facts.ParamSummary, len(fn.Params)), Results: make([]facts.ResultSummary, fn.Signature.Results().Len())}
	z := &summarizer{e: e, root: root, s: s, usesCtx: make([]bool, len(fn.Params))}
	z.ops(body, false)
	for i, p := range fn.Params {
		if known.IsContext(p.Type()) {
			s.Params[i].Values = !z.usesCtx[i] && !s.Params[i].Watches && !s.Params[i].SpawnsCtx
		}
		if g := e.GroupAt(flow.Origin{Val: p, Frame: root}); g != nil && z.stored(p) {
			s.Params[i].Stores = true
		}
	}
	z.results(fn)
	return s
}

type summarizer struct {
	e       surveyor
	root    *flow.Frame
	s       *facts.Summary
	usesCtx []bool // the parameter goes somewhere that is not understood
}

// param is the index of the parameter that a source is, -1 for others.
func (z *summarizer) param(s flow.Origin) int {
	if s.Frame != z.root || s.Path != "" {
		return -1
	}
	for i, p := range z.root.Fn.Params {
		if s.Val == ssa.Value(p) {
			return i
		}
	}
	return -1
}

func (z *summarizer) ops(body *model.Body, spawned bool) {
	model.EachOp(body, func(op *model.Op) bool {
		z.op(op, spawned)
		for _, c := range op.Cases {
			z.op(c, spawned)
		}
		return true
	})
}

func (z *summarizer) op(op *model.Op, spawned bool) {
	if !spawned {
		z.tells(op)
	}
	if op.Group != nil {
		z.wrap(op, spawned)
		if i := z.param(z.e.OriginOf[op.Group]); i >= 0 {
			p := &z.s.Params[i]
			switch op.Kind {
			case model.OpSpawn:
				p.Spawns = true
				p.TaskFails = p.TaskFails || op.Task.Fails == model.Yes
				p.Loops = p.Loops || op.Task.InLoop
				if j := z.param(z.e.OriginOf[op.Task]); j >= 0 {
					z.s.Params[j].Spawns = true
				}
			case model.OpLimit:
				p.Limits = true
			case model.OpWait:
				p.Waits = p.Waits || !spawned
				p.Stores = p.Stores || spawned // somebody else waits
			case model.OpDone:
				p.Dones = p.Dones || !spawned
			}
		}
	}
	if op.Chan != nil {
		if i := z.param(z.e.OriginOf[op.Chan]); i >= 0 {
			p := &z.s.Params[i]
			switch {
			case spawned:
				p.Stores = true // a goroutine works on it when the caller goes on
			case op.Kind == model.OpSend:
				p.Sends = true
			case op.Kind == model.OpReceive || op.Kind == model.OpRange:
				p.Receives = true
			case op.Kind == model.OpClose:
				p.Closes = true
			}
		}
	}
	for _, u := range op.Uses {
		for _, r := range model.Roots(u.Ctx) {
			i := z.param(z.e.OriginOf[r])
			if i < 0 {
				continue
			}
			switch {
			case u.Kind == model.UseDerive || u.Kind == model.UseErr || u.Kind == model.UseReturn || u.Cancels == model.No:
			case u.Cancels == model.Yes && spawned:
				z.s.Params[i].SpawnsCtx = true
			case u.Cancels == model.Yes:
				z.s.Params[i].Watches = true
			default:
				z.usesCtx[i] = true
			}
		}
	}
	if op.Kind == model.OpSpawn && op.Task != nil {
		if op.Task.Body == nil {
			for i, p := range z.root.Fn.Params {
				if known.IsContext(p.Type()) {
					z.usesCtx[i] = true
				}
			}
		}
		z.ops(op.Task.Body, true)
	}
}

// stored reports whether a group parameter is handed on to code that is not
// followed. Groups of parameters start out as handed, so the marks are looked
// for in the function itself.
func (z *summarizer) stored(p *ssa.Parameter) bool {
	stored := false
	for _, blk := range z.root.Fn.Blocks {
		for _, in := range blk.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok || st.Val == ssa.Value(p) {
				continue // the parameter's own cell
			}
			if _, local := st.Addr.(*ssa.Alloc); local || !z.e.Groups.Is(st.Val.Type()) {
				continue
			}
			for _, s := range z.e.Resolve(st.Val, z.root) {
				stored = stored || z.param(s) >= 0
			}
		}
	}
	return stored
}

func (z *summarizer) results(fn *ssa.Function) {
	for i := range z.s.Results {
		t := fn.Signature.Results().At(i).Type()
		var sources []flow.Origin
		var errs []*model.Err
		for _, ret := range source.Returns(fn) {
			if i >= len(ret.Results) {
				continue
			}
			sources = flow.Union(sources, z.e.Resolve(ret.Results[i], z.root))
			if known.IsError(t) {
				errs = append(errs, z.e.ErrsOf(ret.Results[i], z.root, 0)...)
			}
		}
		switch {
		case known.IsContext(t):
			z.contextResult(fn, i, sources)
		case known.IsError(t):
			z.errorResult(i, errs)
		case known.HoldsGroup(t):
			z.s.Results[i].Fresh = z.fresh(sources)
		case known.IsChan(t) && len(sources) == 1:
			if mk, ok := sources[0].Val.(*ssa.MakeChan); ok && sources[0].Path == "" {
				if c, ok := mk.Size.(*ssa.Const); ok {
					z.s.Results[i].Cap = value.ConstText(c)
				}
			}
		}
	}
}

func (z *summarizer) contextResult(fn *ssa.Function, i int, sources []flow.Origin) {
	if len(sources) != 1 || sources[0].IsZero() {
		return
	}
	c := z.e.ContextOf(sources[0])
	r := &z.s.Results[i]
	switch c.Kind {
	case model.CtxNever:
		r.Never = true
	case model.CtxOfGroup:
		for j := range z.s.Results {
			if j == i || !z.e.Groups.Is(fn.Signature.Results().At(j).Type()) {
				continue
			}
			r.GroupOf = j + 1
		}
		if from := model.Roots(c.Group.Parent); len(from) == 1 {
			r.From = z.param(z.e.OriginOf[from[0]]) + 1
		}
	case model.CtxDerived, model.CtxRoot:
		if from := model.Roots([]*model.Ctx{c}); len(from) == 1 {
			r.From = z.param(z.e.OriginOf[from[0]]) + 1
		}
	}
}

func (z *summarizer) errorResult(i int, errs []*model.Err) {
	always, only := len(errs) > 0, true
	for _, x := range errs {
		always = always && x.Kind == model.ErrNil
		only = only && (x.Kind == model.ErrNil || x.Kind == model.ErrCtx)
	}
	for _, x := range errs {
		if !only || x.Kind != model.ErrCtx {
			continue
		}
		for _, r := range model.Roots(x.Ctx) {
			if j := z.param(z.e.OriginOf[r]); j >= 0 {
				z.s.Params[j].ErrOf = true
			}
		}
	}
	z.s.Results[i].Nil = always
}
