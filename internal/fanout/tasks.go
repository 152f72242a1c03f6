package fanout

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// goStmt models a go statement.
func (b *bodyBuilder) goStmt(in *ssa.Go) *Op {
	syn := b.e.text.call(in.Call.Pos())
	op := &Op{Kind: OpSpawn, At: spanAt(b.pos(in.Pos())), Text: "go"}
	var expr ast.Expr
	if syn != nil {
		expr = syn.Fun
		op.At = Span{in.Pos(), syn.End()}
		if lit, ok := syn.Fun.(*ast.FuncLit); ok {
			op.At.End = lit.Type.End()
		}
	}
	op.Task = b.task(op, in, in.Call.Value, expr, in.Call.Args)
	b.contextArgs(op, in, syn)
	for _, u := range op.Uses {
		u.Callee = op.Task.What
		if op.Task.Body != nil {
			u.Cancels, _ = endsWith(op.Task.Body, u.Ctx)
		}
	}
	if in.Call.IsInvoke() {
		op.Task.What = short(expr)
	}
	return op
}

// task models what is spawned.
func (b *bodyBuilder) task(op *Op, in ssa.CallInstruction, fnval ssa.Value, expr ast.Expr, args []ssa.Value) *Task {
	t := &Task{At: op.At, Text: op.At, What: "function literal", InLoop: inLoop(in.Block()), Spawn: op, Fails: Unknown, Keeps: Unknown}
	if expr != nil {
		t.Text = spanOf(expr)
		if _, ok := ast.Unparen(expr).(*ast.FuncLit); !ok {
			t.What = short(expr)
		}
	}
	if sig, ok := fnval.Type().Underlying().(*types.Signature); ok && !returnsError(sig) {
		t.Fails = No
	}
	for fr := b.fr; fr.site != nil && !fr.spawned; fr = fr.caller {
		t.InLoop = t.InLoop || inLoop(fr.site.Block())
	}
	if s := b.e.resolve(fnval, b.fr); len(s) == 1 {
		t.src = s[0]
	}
	if mc, isLit := fnval.(*ssa.MakeClosure); isLit {
		for _, v := range mc.Bindings {
			t.captures = append(t.captures, cellOf(v, b.fr))
			t.holds = append(t.holds, b.heldCalls(v, in)...)
		}
	}
	for _, a := range args {
		t.captures = append(t.captures, cellOf(a, b.fr))
	}
	target, ok := b.e.funcTarget(fnval, b.fr)
	if _, isGo := in.(*ssa.Go); isGo {
		target, ok = b.e.target(in.Common(), b.fr)
	}
	if ctx, cancels := b.cancelFunc(in.Common()); cancels && op.Text == "go" {
		t.Body = &Body{Name: t.What, At: op.At, Blocks: []*Block{{Ops: []*Op{{Kind: OpCancel, At: op.At, Text: t.What, Ctx: ctx}}}}}
		return t
	}
	if !ok || b.e.foreign(target.fn) || len(target.fn.Blocks) == 0 {
		if t.Fails == Unknown {
			t.Fails = Yes // given from outside with an error result: it may fail
		}
		if mk, isCall := t.src.val.(*ssa.Call); isCall && t.src.path == "" {
			t.Body = b.madeTask(mk, t.src.fr)
		}
		return t
	}
	if args == nil {
		args = lent(target.fn, in.Common())
	}
	child := b.e.enter(b.fr, in, target, args, true)
	if child == nil {
		return t
	}
	if g := op.Group; g != nil && g.Contract != nil && g.Contract.TaskCtx {
		child.group = g
	}
	t.fr, t.Body = child, b.e.bodyOf(child)
	if t.Fails == Unknown {
		t.Fails = b.e.fails(child)
		t.Keeps = b.e.keepsErrors(child, child)
	}
	return t
}

// heldCalls are the calls whose results a captured variable may hold.
func (b *bodyBuilder) heldCalls(v ssa.Value, at ssa.Instruction) []*ssa.Call {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out []*ssa.Call
	for _, s := range b.e.resolver().cell(a, at, b.fr, false) {
		if call, ok := s.val.(*ssa.Call); ok && s.path == "" {
			out = append(out, call)
		}
	}
	return out
}

// madeTask models a task that a call outside the package makes from a context
// and, mostly, a function: a wrapper that traces, counts or retries. What it was
// given it uses when it runs. It is nil when no context is among the arguments.
func (b *bodyBuilder) madeTask(mk *ssa.Call, fr *frame) *Body {
	w := &bodyBuilder{e: b.e, fr: fr}
	syn := b.e.text.call(mk.Call.Pos())
	op := &Op{Kind: OpCall, At: spanAt(mk.Pos())}
	if syn != nil {
		op.At, op.Text = spanOf(syn), short(syn.Fun)
	}
	w.contextArgs(op, mk, syn)
	if len(op.Uses) == 0 {
		return nil
	}
	for _, u := range op.Uses {
		u.Cancels = Yes
	}
	for _, a := range mk.Call.Args {
		t, ok := b.e.funcTarget(a, fr)
		if !ok || !isFunc(a.Type()) || b.e.foreign(t.fn) {
			continue
		}
		if child := b.e.enter(fr, mk, t, lent(t.fn, &mk.Call), true); child != nil {
			op.Lits = append(op.Lits, b.e.bodyOf(child))
		}
	}
	return &Body{Name: op.Text, At: op.At, Blocks: []*Block{{Ops: []*Op{op}}}}
}
