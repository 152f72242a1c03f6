package fanout

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Summary says what a function does with its parameters and results, for
// callers in other packages. It is the one fact of the analyzer. Only functions
// that work on groups, channels or contexts beside them have one; a missing
// Summary means that nothing is known.
//
// It is plain data without positions, paths or maps, so that its encoding is
// the same on every machine and build caches stay warm.
type Summary struct {
	Params  []ParamSummary // receiver first
	Results []ResultSummary
	Wraps   Wrap
}

// A Wrap is what a method does with a group that its receiver holds. A type with
// a method that starts its argument there, and one that waits, is a group itself.
type Wrap struct {
	Spawns int  // 1 + the parameter that is started as a task, the receiver counted
	Waits  bool // it waits for the tasks
	Errs   bool // its last result is the error of a task
}

// ParamSummary is what a function may do with one parameter.
type ParamSummary struct {
	Spawns    bool // a group: tasks are started under it; a function: it is such a task
	TaskFails bool // a group: such a task can return an error
	Loops     bool // a group: any number of tasks are started
	SpawnsCtx bool // a context: tasks started under a group parameter depend on it
	Waits     bool // a group: Wait is called
	Dones     bool // a WaitGroup: Done is called
	Limits    bool // a group: SetLimit is called
	Stores    bool // a group, a channel: it is kept, handed on, or used by a goroutine
	Sends     bool // a channel
	Receives  bool // a channel
	Closes    bool // a channel
	Watches   bool // a context: some work ends with it
	Values    bool // a context: only values are read from it
	ErrOf     bool // a context: the error result reports its end
	Quits     bool // a test: the goroutine can end through it
}

// ResultSummary is what a result is.
type ResultSummary struct {
	From    int    // 1 + the parameter that a context result derives from
	Never   bool   // a context that never ends
	GroupOf int    // 1 + the result that is the group of this group context
	Nil     bool   // an error result that is always nil
	Fresh   bool   // an object made here that holds a group
	Cap     string // capacity of a channel made here, "" if it is not
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// maxParams bounds the size of a fact; functions with more parameters have none.
const maxParams = 16

func (s *Summary) String() string {
	var parts []string
	for i, p := range s.Params {
		var words []string
		for _, w := range []struct {
			on   bool
			name string
		}{
			{p.Spawns, "spawns"}, {p.TaskFails, "fails"}, {p.Loops, "loops"}, {p.SpawnsCtx, "in tasks"},
			{p.Waits, "waits"}, {p.Dones, "done"}, {p.Limits, "limits"}, {p.Stores, "stores"},
			{p.Sends, "sends"}, {p.Receives, "receives"}, {p.Closes, "closes"}, {p.Watches, "watches"},
			{p.Values, "values"}, {p.ErrOf, "errof"}, {p.Quits, "quits"},
		} {
			if w.on {
				words = append(words, w.name)
			}
		}
		if words != nil {
			parts = append(parts, fmt.Sprintf("%d %s", i, strings.Join(words, "+")))
		}
	}
	for i, r := range s.Results {
		switch {
		case r.GroupOf > 0:
			parts = append(parts, fmt.Sprintf("result %d context of group %d", i, r.GroupOf-1))
		case r.Never:
			parts = append(parts, fmt.Sprintf("result %d never ends", i))
		case r.From > 0:
			parts = append(parts, fmt.Sprintf("result %d from %d", i, r.From-1))
		case r.Nil:
			parts = append(parts, fmt.Sprintf("result %d nil", i))
		case r.Fresh:
			parts = append(parts, fmt.Sprintf("result %d made here", i))
		case r.Cap != "":
			parts = append(parts, fmt.Sprintf("result %d channel of %s", i, r.Cap))
		}
	}
	switch w := s.Wraps; {
	case w.Spawns > 0:
		parts = append(parts, fmt.Sprintf("starts %d", w.Spawns-1))
	case w.Errs:
		parts = append(parts, "waits for errors")
	case w.Waits:
		parts = append(parts, "waits")
	}
	return strings.Join(parts, ", ")
}

func (s *Summary) empty() bool { return s.String() == "" }

func (s *Summary) param(i int) ParamSummary {
	if s == nil || i >= len(s.Params) {
		return ParamSummary{}
	}
	return s.Params[i]
}

// ctxAnswer is whether work depends on a context parameter; fallback is what
// the signature suggests.
func (p ParamSummary) ctxAnswer(fallback Answer) Answer {
	switch {
	case p.Watches:
		return Yes
	case p.Values:
		return No
	}
	return fallback
}

// importSummary is the Summary that the package of fn exported, nil if none.
func importSummary(pass *analysis.Pass, fn *types.Func) *Summary {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
		return nil
	}
	var s Summary
	if pass.ImportObjectFact(fn.Origin(), &s) {
		return &s
	}
	return nil
}

// summary is what is known of a function of another package, as far as it is about
// more than how a goroutine ends.
func (e *engine) summary(fn *types.Func) *Summary {
	if s := e.imported(fn); !s.onlyQuits() {
		return s
	}
	return nil
}

// onlyQuits reports whether a Summary says nothing of groups, channels and
// contexts.
func (s *Summary) onlyQuits() bool {
	if s == nil || len(s.Results) > 0 {
		return false
	}
	for _, p := range s.Params {
		p.Quits = false
		if p != (ParamSummary{}) {
			return false
		}
	}
	return true
}

func (e *engine) imported(fn *types.Func) *Summary {
	if fn == nil {
		return nil
	}
	s, ok := e.summaries[fn]
	if !ok {
		s = importSummary(e.pass, fn)
		e.summaries[fn] = s
	}
	return s
}

// maxSummaryInstrs bounds the code that one Summary is computed from.
const maxSummaryInstrs = 3000

// exportValues exports the Summary of functions that take a context only to
// read values from it, or for the sake of an interface. Without it a caller in
// another package would take them to end with the context.
func exportValues(pass *analysis.Pass, groups *knownGroups, fns []*types.Func) {
	for _, fn := range fns {
		i := takesContext(fn)
		if i >= maxParams || groups.chanSignature(fn) {
			continue
		}
		s := &Summary{Params: make([]ParamSummary, i+1)}
		s.Params[i].Values = true
		pass.ExportObjectFact(fn, s)
	}
}

// export exports the summaries of the functions that the gate names.
func (e *engine) export(g *gated) {
	for _, fn := range e.funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || fn.Parent() != nil || !g.summaries[obj] || len(fn.Params) > maxParams {
			continue
		}
		e.spent = maxInstrs - maxSummaryInstrs
		e.bodyOf(e.rootFrame(fn)) // within the bound
		e.fanOuts(fn)             // finds the groups that count bare goroutines
		if s := e.summarize(fn); !s.empty() {
			e.pass.ExportObjectFact(obj, s)
		}
	}
}

// summarize describes fn by the ops of its model whose object is a parameter.
func (e *engine) summarize(fn *ssa.Function) *Summary {
	root := e.rootFrame(fn)
	body := e.bodyOf(root)
	s := &Summary{Params: make([]ParamSummary, len(fn.Params)), Results: make([]ResultSummary, fn.Signature.Results().Len())}
	z := &summarizer{e: e, root: root, s: s, usesCtx: make([]bool, len(fn.Params))}
	z.ops(body, false)
	for i, p := range fn.Params {
		if isContext(p.Type()) {
			s.Params[i].Values = !z.usesCtx[i] && !s.Params[i].Watches && !s.Params[i].SpawnsCtx
		}
		if g := e.groups[source{val: p, fr: root}]; g != nil && z.stored(p) {
			s.Params[i].Stores = true
		}
	}
	z.results(fn)
	return s
}

type summarizer struct {
	e       *engine
	root    *frame
	s       *Summary
	usesCtx []bool // the parameter goes somewhere that is not understood
}

// param is the index of the parameter that a source is, -1 for others.
func (z *summarizer) param(s source) int {
	if s.fr != z.root || s.path != "" {
		return -1
	}
	for i, p := range z.root.fn.Params {
		if s.val == ssa.Value(p) {
			return i
		}
	}
	return -1
}

func (z *summarizer) ops(body *Body, spawned bool) {
	EachOp(body, func(op *Op) bool {
		z.op(op, spawned)
		for _, c := range op.Cases {
			z.op(c, spawned)
		}
		return true
	})
}

func (z *summarizer) op(op *Op, spawned bool) {
	if op.Group != nil {
		z.wrap(op, spawned)
		if i := z.param(z.e.sourceOf[op.Group]); i >= 0 {
			p := &z.s.Params[i]
			switch op.Kind {
			case OpSpawn:
				p.Spawns = true
				p.TaskFails = p.TaskFails || op.Task.Fails == Yes
				p.Loops = p.Loops || op.Task.InLoop
				if j := z.param(z.e.sourceOf[op.Task]); j >= 0 {
					z.s.Params[j].Spawns = true
				}
			case OpLimit:
				p.Limits = true
			case OpWait:
				p.Waits = p.Waits || !spawned
				p.Stores = p.Stores || spawned // somebody else waits
			case OpDone:
				p.Dones = p.Dones || !spawned
			}
		}
	}
	if op.Chan != nil {
		if i := z.param(z.e.sourceOf[op.Chan]); i >= 0 {
			p := &z.s.Params[i]
			switch {
			case spawned:
				p.Stores = true // a goroutine works on it when the caller goes on
			case op.Kind == OpSend:
				p.Sends = true
			case op.Kind == OpReceive || op.Kind == OpRange:
				p.Receives = true
			case op.Kind == OpClose:
				p.Closes = true
			}
		}
	}
	for _, u := range op.Uses {
		for _, r := range roots(u.Ctx) {
			i := z.param(z.e.sourceOf[r])
			if i < 0 {
				continue
			}
			switch {
			case u.Kind == UseDerive || u.Kind == UseErr || u.Kind == UseReturn || u.Cancels == No:
			case u.Cancels == Yes && spawned:
				z.s.Params[i].SpawnsCtx = true
			case u.Cancels == Yes:
				z.s.Params[i].Watches = true
			default:
				z.usesCtx[i] = true
			}
		}
	}
	if op.Kind == OpSpawn && op.Task != nil {
		if op.Task.Body == nil {
			for i, p := range z.root.fn.Params {
				if isContext(p.Type()) {
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
	for _, blk := range z.root.fn.Blocks {
		for _, in := range blk.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok || st.Val == ssa.Value(p) {
				continue // the parameter's own cell
			}
			if _, local := st.Addr.(*ssa.Alloc); local || !z.e.known.is(st.Val.Type()) {
				continue
			}
			for _, s := range z.e.resolve(st.Val, z.root) {
				stored = stored || z.param(s) >= 0
			}
		}
	}
	return stored
}

func (z *summarizer) results(fn *ssa.Function) {
	for i := range z.s.Results {
		t := fn.Signature.Results().At(i).Type()
		var sources []source
		var errs []*Err
		for _, ret := range returns(fn) {
			if i >= len(ret.Results) {
				continue
			}
			sources = union(sources, z.e.resolve(ret.Results[i], z.root))
			if isError(t) {
				errs = append(errs, z.e.errsOf(ret.Results[i], z.root, 0)...)
			}
		}
		switch {
		case isContext(t):
			z.contextResult(fn, i, sources)
		case isError(t):
			z.errorResult(i, errs)
		case holdsKnown(t):
			z.s.Results[i].Fresh = z.fresh(sources)
		case isChan(t) && len(sources) == 1:
			if mk, ok := sources[0].val.(*ssa.MakeChan); ok && sources[0].path == "" {
				if c, ok := mk.Size.(*ssa.Const); ok {
					z.s.Results[i].Cap = constText(c)
				}
			}
		}
	}
}

func (z *summarizer) contextResult(fn *ssa.Function, i int, sources []source) {
	if len(sources) != 1 || sources[0].zero() {
		return
	}
	c := z.e.contextOf(sources[0])
	r := &z.s.Results[i]
	switch c.Kind {
	case CtxNever:
		r.Never = true
	case CtxOfGroup:
		for j := range z.s.Results {
			if j == i || !z.e.known.is(fn.Signature.Results().At(j).Type()) {
				continue
			}
			r.GroupOf = j + 1
		}
		if from := roots(c.Group.Parent); len(from) == 1 {
			r.From = z.param(z.e.sourceOf[from[0]]) + 1
		}
	case CtxDerived, CtxRoot:
		if from := roots([]*Ctx{c}); len(from) == 1 {
			r.From = z.param(z.e.sourceOf[from[0]]) + 1
		}
	}
}

func (z *summarizer) errorResult(i int, errs []*Err) {
	always, only := len(errs) > 0, true
	for _, x := range errs {
		always = always && x.Kind == ErrNil
		only = only && (x.Kind == ErrNil || x.Kind == ErrCtx)
	}
	for _, x := range errs {
		if !only || x.Kind != ErrCtx {
			continue
		}
		for _, r := range roots(x.Ctx) {
			if j := z.param(z.e.sourceOf[r]); j >= 0 {
				z.s.Params[j].ErrOf = true
			}
		}
	}
	z.s.Results[i].Nil = always
}
