package build

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Where errors come from and where they go.

// ErrsOf lists what an error value may be. Errors that wrap another are followed
// through any function that takes an error and returns one.
func (e *Builder) ErrsOf(v ssa.Value, fr *flow.Frame, depth int) []*model.Err {
	var out []*model.Err
	for _, s := range e.Resolve(v, fr) {
		switch val := s.Val.(type) {
		case nil:
			out = append(out, &model.Err{Kind: model.ErrNil})
		case *ssa.Const:
			out = append(out, &model.Err{Kind: model.ErrNil})
		case *ssa.Call:
			if s.Path == "" {
				out = append(out, e.errOfCall(val, s.Frame, depth)...)
				continue
			}
			out = append(out, &model.Err{})
		default:
			out = append(out, &model.Err{})
		}
	}
	return out
}

func (e *Builder) errOfCall(call *ssa.Call, fr *flow.Frame, depth int) []*model.Err {
	fn := source.Callee(&call.Call)
	name := known.FuncName(fn)
	x := &model.Err{Kind: model.ErrCall, At: call.Pos(), Text: e.CalleeText(call, fn)}
	x.Named = known.CallHints(x.Text)
	if known.RoleOf(name) == known.RoleCtxErr {
		x.Kind, x.Ctx = model.ErrCtx, e.contexts(source.Args(&call.Call)[0], fr)
		if model.NeverEnds(x.Ctx) {
			return []*model.Err{{Kind: model.ErrNil}}
		}
		if fr.Caller == nil {
			x.CtxText = source.Short(e.Positions.Receiver(e.Positions.Call(call.Pos())))
		}
		return []*model.Err{x}
	}
	if known.FailsByContext(name) {
		for _, a := range source.Args(&call.Call) {
			if known.IsContext(a.Type()) {
				x.Kind, x.Ctx = model.ErrCtx, e.contexts(a, fr)
				if fr.Caller == nil {
					x.CtxText = source.Short(e.Positions.Arg(e.Positions.Call(call.Pos()), 0))
				}
			}
		}
		return []*model.Err{x}
	}
	if c, m, ok := e.Groups.Method(fn); ok && m.Does == model.OpWait && c.Errors() {
		x.Kind = model.ErrWait
		return []*model.Err{x}
	}
	if e.NeverFails(&call.Call) || e.quietMethod(call, fr) {
		return []*model.Err{{Kind: model.ErrNil}}
	}
	if known.FailsByCallback(name) && depth < model.MaxWraps {
		if out, ok := e.callbackErrs(call, fr, depth+1); ok {
			return out
		}
	}
	if sum := e.summary(fn); sum != nil {
		for i, a := range source.Args(&call.Call) {
			if sum.Param(i).ErrOf && known.IsContext(a.Type()) {
				x.Kind, x.Ctx = model.ErrCtx, e.contexts(a, fr)
				return []*model.Err{x}
			}
		}
	}
	if depth < model.MaxWraps && fn != nil && known.ReturnsError(fn.Signature()) {
		var out []*model.Err
		for _, w := range value.Wrapped(&call.Call) {
			out = append(out, e.ErrsOf(w, fr, depth+1)...)
		}
		if out != nil {
			return out
		}
	}
	return []*model.Err{x}
}

// quietMethod reports whether a method of an interface is called, with a context that
// never ends, on objects that are all made in the package: its end is why such
// methods fail as a rule, and another reason is not seen through the interface.
func (e *Builder) quietMethod(call *ssa.Call, fr *flow.Frame) bool {
	if !call.Call.IsInvoke() {
		return false
	}
	quiet := false
	for _, a := range call.Call.Args {
		if known.IsContext(a.Type()) {
			quiet = model.NeverEnds(e.contexts(a, fr))
		}
	}
	if !quiet {
		return false
	}
	all := e.Resolve(call.Call.Value, fr)
	for _, s := range all {
		if _, made := s.Val.(*ssa.Alloc); !made || s.Path != "" {
			return false
		}
	}
	return len(all) > 0
}

// callbackErrs lists what the literal or function that the call is given last may
// return, but for what only tells the call where to go on.
func (e *Builder) callbackErrs(call *ssa.Call, fr *flow.Frame, depth int) (out []*model.Err, ok bool) {
	args := source.PlainArgs(&call.Call)
	t, ok := e.FuncTarget(args[len(args)-1], fr)
	if !ok || e.Foreign(t.Fn) || !known.ReturnsError(t.Fn.Signature) {
		return nil, false
	}
	child := e.Enter(fr, call, t, nil, false)
	if child == nil {
		return nil, false
	}
	for _, ret := range source.Returns(t.Fn) {
		v := ret.Results[len(ret.Results)-1]
		skips := true
		for _, s := range e.Resolve(v, child) {
			g, isGlobal := s.Val.(*ssa.Global)
			skips = skips && isGlobal && g.Pkg != nil && known.IsSkip(g.Pkg.Pkg.Path(), g.Name())
		}
		if !skips {
			out = append(out, e.ErrsOf(v, child, depth)...)
		}
	}
	return append(out, &model.Err{Kind: model.ErrNil}), true
}

// CalleeText is what the author calls the function that is called.
func (e *Builder) CalleeText(call *ssa.Call, fn *types.Func) string {
	if syn := e.Positions.Call(call.Pos()); syn != nil {
		return source.Short(syn.Fun)
	}
	if fn != nil {
		return fn.Name()
	}
	return "call"
}

// Fails reports whether the function of fr can return a non-nil error: any call
// with an error result may fail, and a given error may be one. One that only
// reports the end of a context from outside is not a failure of its own: something
// else has failed or ended before.
func (e *Builder) Fails(fr *flow.Frame) model.Answer {
	answer := model.No
	for _, ret := range source.Returns(fr.Fn) {
		if len(ret.Results) == 0 {
			continue
		}
		for _, x := range e.ErrsOf(ret.Results[len(ret.Results)-1], fr, 0) {
			if x.Kind != model.ErrNil && !e.onlyHears(fr, x) {
				answer = model.Yes
			}
		}
	}
	return answer
}

// onlyHears reports whether an error that fr returns is that of a context made
// outside fr. A context with a time limit of its own is made inside.
func (e *Builder) onlyHears(fr *flow.Frame, x *model.Err) bool {
	if x.Kind != model.ErrCtx || len(x.Ctx) == 0 {
		return false
	}
	for _, c := range x.Ctx {
		if c.Kind == model.CtxUnknown {
			return false
		}
		for f := e.OriginOf[c.Root].Frame; f != nil; f = f.Caller {
			if f == fr {
				return false
			}
		}
	}
	return true
}

// KeepsErrors reports whether the function of fr, or a literal that it runs, puts an error
// somewhere besides its result: a variable or slot of another function, a channel, a
// collector that takes an error. Loggers take anything and keep nothing.
func (e *Builder) KeepsErrors(fr, task *flow.Frame) model.Answer {
	for _, blk := range fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			if st, ok := in.(*ssa.Store); ok && value.IsLocalTo(st.Addr, fr, task) {
				continue // a variable of the task itself, as its named result
			}
			if value.KeepsError(in) || value.KeepsTrace(in) && e.AfterFailure(in, fr) {
				return model.Yes
			}
		}
	}
	for _, c := range fr.Literals() {
		if e.KeepsErrors(c, task) == model.Yes {
			return model.Yes
		}
	}
	return model.No
}

// fate says what becomes of the result of a call, of several the last one.
func (b *bodyBuilder) fate(in ssa.CallInstruction, syn *ast.CallExpr) model.Result {
	call, ok := in.(*ssa.Call)
	if !ok {
		return model.Dropped // go and defer drop results
	}
	v := source.LastResult(call)
	if v != nil {
		if refs := v.Referrers(); refs != nil && len(*refs) > 0 {
			if len(*refs) == 1 {
				if st, ok := (*refs)[0].(*ssa.Store); ok && st.Val == v && !value.ReadAfter(st) {
					return model.Unread
				}
			}
			if b.fr.Deferred && b.tooLate(call) {
				return model.Unread
			}
			return model.Used
		}
	}
	if as, ok := b.e.Positions.Stmts[syn].(*ast.AssignStmt); ok && syn != nil {
		if b.e.Positions.Noted(as.Pos()) {
			return model.BlankNoted
		}
		return model.Blank
	}
	return model.Dropped
}

// tooLate reports whether the error of the call is put where nobody can read it any
// more, by a deferred literal that does nothing else.
func (b *bodyBuilder) tooLate(call *ssa.Call) bool {
	vals := []ssa.Value{source.LastResult(call)}
	late := false
	for _, blk := range call.Parent().Blocks {
		for _, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.Call:
				if _, builtin := in.Call.Value.(*ssa.Builtin); in != call && !builtin {
					return false
				}
			case *ssa.Go, *ssa.Defer, *ssa.Send, *ssa.Panic, *ssa.MapUpdate:
				return false
			case *ssa.UnOp:
				cell, ok := in.X.(*ssa.Alloc)
				if !ok || !known.IsError(in.Type()) {
					continue
				}
				if stores, _ := source.ReachingStores(cell, in); len(stores) == 1 && slices.Contains(vals, stores[0].Val) {
					vals = append(vals, in)
				}
			case *ssa.Store:
				_, local := in.Addr.(*ssa.Alloc)
				switch {
				case local:
				case slices.Contains(vals, in.Val) && flow.TooLate(in, b.fr):
					late = true
				default:
					return false
				}
			}
		}
	}
	return late
}
