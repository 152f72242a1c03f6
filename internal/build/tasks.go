package build

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// goStmt models a go statement.
func (b *bodyBuilder) goStmt(in *ssa.Go) *model.Op {
	syn := b.e.Positions.Call(in.Call.Pos())
	op := &model.Op{Kind: model.OpSpawn, At: model.SpanAt(b.fr.Pos(in.Pos())), Text: "go"}
	var expr ast.Expr
	if syn != nil {
		expr = syn.Fun
		op.At = model.Span{Pos: in.Pos(), End: syn.End()}
		if lit, ok := syn.Fun.(*ast.FuncLit); ok {
			op.At.End = lit.Type.End()
		}
	}
	op.Task = b.task(op, in, in.Call.Value, expr, flow.CallArgs(&in.Call))
	b.contextArgs(op, in, syn)
	for _, u := range op.Uses {
		u.Callee = op.Task.What
		if op.Task.Body != nil {
			u.Cancels, _ = endsWith(op.Task.Body, u.Ctx)
		}
	}
	if in.Call.IsInvoke() {
		op.Task.What = source.Short(expr)
	}
	return op
}

// nameless reports whether a function is written where it is used: as a literal, or as the
// result of one that is called at once.
func nameless(expr ast.Expr) bool {
	switch x := ast.Unparen(expr).(type) {
	case *ast.FuncLit:
		return true
	case *ast.CallExpr:
		return nameless(x.Fun)
	}
	return false
}

// task models what is spawned.
func (b *bodyBuilder) task(op *model.Op, in ssa.CallInstruction, fnval ssa.Value, expr ast.Expr, args []ssa.Value) *model.Task {
	t := &model.Task{At: op.At, Text: op.At, What: "function literal", InLoop: b.e.RunsMany(in.Block(), b.fr), Spawn: op, Fails: model.Unknown, Keeps: model.Unknown}
	if expr != nil {
		t.Text = model.SpanOf(expr)
		if !nameless(expr) {
			t.What = source.Short(expr)
		}
	}
	if sig, ok := fnval.Type().Underlying().(*types.Signature); ok && !known.ReturnsError(sig) {
		t.Fails = model.No
	}
	for fr := b.fr; fr.Site != nil && !fr.Spawned; fr = fr.Caller {
		t.InLoop = t.InLoop || b.e.RunsMany(fr.Site.Block(), fr.Caller)
	}
	var runs flow.Origin
	if s := b.e.Resolve(fnval, b.fr); len(s) == 1 {
		runs = s[0]
	}
	b.e.OriginOf[t] = runs
	if mc, isLit := fnval.(*ssa.MakeClosure); isLit {
		for _, v := range mc.Bindings {
			b.holds(t, v)
			for _, call := range b.heldCalls(v, in) {
				t.Holds = append(t.Holds, b.e.object(call))
			}
		}
	}
	for _, a := range args {
		b.holds(t, a)
	}
	target, ok := b.e.FuncTarget(fnval, b.fr)
	if op.Text == "go" {
		target, ok = b.e.Target(in.Common(), b.fr)
	}
	if ctx, cancels := b.cancelFunc(in.Common()); cancels && op.Text == "go" {
		t.Body = &model.Body{Name: t.What, At: op.At, Blocks: []*model.Block{{Ops: []*model.Op{{Kind: model.OpCancel, At: op.At, Text: t.What, Ctx: ctx}}}}}
		return t
	}
	if start := b.goStart(op, in); start != nil {
		t.Body = &model.Body{Name: t.What, At: op.At, Blocks: []*model.Block{{Ops: []*model.Op{start}}}}
		return t
	}
	if !ok || b.e.Foreign(target.Fn) || len(target.Fn.Blocks) == 0 || b.e.Full() {
		if t.Fails == model.Unknown {
			t.Fails = model.Yes // given from outside with an error result: it may fail
		}
		if mk, isCall := runs.Val.(*ssa.Call); isCall && runs.Path == "" {
			t.Body = b.madeTask(mk, runs.Frame)
		}
		t.OneOf = b.listed(in, fnval, true)
		return t
	}
	if args == nil {
		args = lent(target.Fn, in.Common())
	}
	child := b.e.Enter(b.fr, in, target, args, true)
	if child == nil {
		return t
	}
	if g := op.Group; g != nil && g.Contract != nil && g.Contract.TaskCtx {
		child.Group = g
	}
	t.Body, t.ReturnsError = b.e.BodyOf(child), known.ReturnsError(child.Fn.Signature)
	if t.Fails == model.Unknown {
		t.Fails = b.e.Fails(child)
		t.Tells = value.TellsErrors(child.Fn)
		if t.Keeps = b.e.KeepsErrors(child, child); source.OnlySignals(child.Fn) {
			t.Keeps = model.Yes
		}
	}
	return t
}

// goStart is what a go statement does that calls the method of a group which starts a
// task, as go g.Go(f) does; nil for others.
func (b *bodyBuilder) goStart(op *model.Op, in ssa.CallInstruction) *model.Op {
	fn := source.Callee(in.Common())
	if op.Text != "go" || !b.e.Groups.Starts(fn) || len(source.Args(in.Common())) != 2 {
		return nil
	}
	syn := b.e.Positions.Call(in.Common().Pos())
	start := &model.Op{Kind: model.OpCall, At: op.At}
	if syn != nil {
		start.At, start.Text = model.SpanOf(syn), source.Short(syn.Fun)
	}
	start, _ = b.groupCall(start, in, fn, syn)
	return start
}

// holds notes the variable that the task is given with v.
func (b *bodyBuilder) holds(t *model.Task, v ssa.Value) {
	if c := flow.CellOf(v, b.fr); c.Cell != nil {
		t.Holds = append(t.Holds, b.e.object(c))
	}
	if t.Answers == "" && known.IsAnswer(v.Type()) {
		t.Answers = b.e.NameIn(v, b.fr)
	}
}

// receiver is the object that a method is called on: a local or package variable, or what
// the function was given. The results of two calls may be the same object, and so may two
// elements, so these are none.
func (b *bodyBuilder) receiver(c *ssa.CallCommon) *model.Object {
	fn := source.Callee(c)
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	from := b.e.Resolve(source.Args(c)[0], b.fr)
	if len(from) != 1 || strings.ContainsAny(from[0].Path, "*[") {
		return nil
	}
	switch from[0].Val.(type) {
	case *ssa.Alloc, *ssa.Parameter, *ssa.Global:
		return b.e.object(from[0])
	}
	return nil
}

// object is what the model knows a variable (a Variable), the results of a call, or what a
// method is called on (an Origin) as.
func (e *Builder) object(of any) *model.Object {
	o := e.named[of]
	if o == nil {
		o = &model.Object{ID: len(e.named)}
		e.named[of] = o
	}
	return o
}

// heldCalls are the calls whose results a captured variable may hold.
func (b *bodyBuilder) heldCalls(v ssa.Value, at ssa.Instruction) []*ssa.Call {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out []*ssa.Call
	for _, s := range b.e.HeldBy(a, at, b.fr) {
		if call, ok := s.Val.(*ssa.Call); ok && s.Path == "" {
			out = append(out, call)
		}
	}
	return out
}

// madeTask models a task that a call outside the package makes from a context
// and, mostly, a function: a wrapper that traces, counts or retries. What it was
// given it uses when it runs. It is nil when no context is among the arguments.
func (b *bodyBuilder) madeTask(mk *ssa.Call, fr *flow.Frame) *model.Body {
	w := &bodyBuilder{e: b.e, fr: fr}
	syn := b.e.Positions.Call(mk.Call.Pos())
	op := &model.Op{Kind: model.OpCall, At: model.SpanAt(mk.Pos())}
	if syn != nil {
		op.At, op.Text = model.SpanOf(syn), source.Short(syn.Fun)
	}
	w.contextArgs(op, mk, syn)
	if len(op.Uses) == 0 {
		return nil
	}
	for _, u := range op.Uses {
		u.Cancels = model.Yes
	}
	for _, a := range mk.Call.Args {
		t, ok := b.e.FuncTarget(a, fr)
		if !ok || !known.IsFunc(a.Type()) || b.e.Foreign(t.Fn) {
			continue
		}
		if child := b.e.Enter(fr, mk, t, lent(t.Fn, &mk.Call), true); child != nil {
			op.Lits = append(op.Lits, b.e.BodyOf(child))
		}
	}
	return &model.Body{Name: op.Text, At: op.At, Blocks: []*model.Block{{Ops: []*model.Op{op}}}}
}
