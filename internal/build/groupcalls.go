package build

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Calls of the functions that make groups, and of the methods of groups.

// group is the group behind a group value, nil if there is not exactly one.
func (b *bodyBuilder) group(v ssa.Value, expr ast.Expr) *model.Group {
	if !b.e.Groups.Is(v.Type()) {
		return nil
	}
	var found []*model.Group
	for _, s := range b.e.Resolve(v, b.fr) {
		if !s.IsZero() {
			found = append(found, b.e.GroupOf(s))
		}
	}
	if len(found) != 1 {
		for _, g := range found {
			g.Handed = model.Yes // one of several: what is done to it here is not known
		}
		return nil
	}
	b.nameGroup(found[0], expr)
	return found[0]
}

// makeGroup models a call that makes a group, or a configured copy of one.
func (b *bodyBuilder) makeGroup(op *model.Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) *model.Op {
	v := source.CallOf(in)
	if v == nil || b.e.configures(v) {
		return nil
	}
	op.Kind = model.OpMakeGroup
	op.Group = b.e.GroupOf(flow.Origin{Val: v, Index: b.e.Groups.Result(fn), Frame: b.fr})
	b.nameGroup(op.Group, nil)
	b.contextArgs(op, in, syn)
	for _, u := range op.Uses {
		u.Kind, u.Cancels, u.Cleanup = model.UseGroup, model.Yes, b.e.IsCleanup(in, b.fr)
	}
	op.Repeats = Repeatedly(in, b.fr)
	return op
}

// configures reports whether the group that v makes only goes into the making
// of another: pool.New() in pool.New().WithErrors().
func (e *Builder) configures(v *ssa.Call) bool {
	refs := v.Referrers()
	if refs == nil || len(*refs) != 1 {
		return false
	}
	next, ok := (*refs)[0].(*ssa.Call)
	if !ok {
		return false
	}
	fn := source.Callee(&next.Call)
	return e.Groups.Makes(fn) && !e.Groups.Same(fn)
}

// groupCall models a method call of a group; handled is false for methods that
// make another group, and for those that are named as locks.
func (b *bodyBuilder) groupCall(op *model.Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) (_ *model.Op, handled bool) {
	args := source.Args(in.Common())
	contract, m, ok := b.e.Groups.Method(fn)
	op.Group = b.group(args[0], b.e.Positions.Receiver(syn))
	if g := op.Group; g != nil {
		g.Kind, g.Contract = contract.Kind, contract // a field does not tell by the type of its object
		if contract.Asks == fn.Name() {
			g.HasCtx, g.CtxUsed = true, model.Yes
		}
		if contract.DoneChan != "" && contract.DoneChan == fn.Name() {
			g.Handed = model.Yes // whoever has the channel can wait
		}
		g.Told = g.Told || contract.Hook == fn.Name() && b.e.givesFunc(args[1:], b.fr)
	}
	if !ok {
		takes, gives := known.LocksByName(fn.Name())
		plain := takes || gives // its own lock: a call like others
		return nil, !plain && (!b.e.Groups.Makes(fn) || b.e.Groups.Same(fn))
	}
	op.Kind = m.Does
	switch m.Does {
	case model.OpSpawn:
		op.Try = m.Try
		if m.Try {
			op.Result = b.fate(in, syn)
		}
		return b.spawnAll(op, in, args[1+m.Arg], m.Arg, syn), true
	case model.OpWait:
		b.e.Waits[op] = CallAt{source.CallOf(in), b.fr}
		if contract.Errors() {
			op.Result, op.OnlyAsked = b.fate(in, syn), source.OnlyAsked(in)
		}
	case model.OpLimit:
		op.N = b.e.SizeOf(args[1], b.fr)
		if op.Group != nil {
			op.Group.Limit = true
		}
	case model.OpAdd:
		op.N = b.e.SizeOf(args[1], b.fr)
	}
	return op, true
}

// givesFunc reports whether a function, and not only nil, is among the arguments.
func (e *Builder) givesFunc(args []ssa.Value, fr *flow.Frame) bool {
	for _, a := range args {
		for _, s := range e.Resolve(a, fr) {
			if !s.IsZero() && s.Path == "" && known.IsFunc(s.Val.Type()) {
				return true
			}
		}
	}
	return false
}

// spawnAll models the start of a task, or of all those in a variadic argument;
// the last one is returned for the caller to add.
func (b *bodyBuilder) spawnAll(op *model.Op, in ssa.CallInstruction, task ssa.Value, arg int, syn *ast.CallExpr) *model.Op {
	tasks := []ssa.Value{task}
	if sl, ok := task.(*ssa.Slice); ok {
		tasks = nil
		if list, ok := sl.X.(*ssa.Alloc); ok {
			tasks = source.Elements(list)
		}
	}
	var last *model.Op
	for i, t := range tasks {
		var expr ast.Expr
		if syn != nil {
			expr = b.e.Positions.Arg(syn, arg+i)
		}
		one := *op
		one.Task = b.task(&one, in, t, expr, nil)
		if last != nil {
			b.add(last)
		}
		last = &one
	}
	if last == nil { // a list that comes from elsewhere
		op.Task = b.task(op, in, task, nil, nil)
		return op
	}
	return last
}

// gather models a function that starts tasks and waits for them itself: the
// start is added, the wait is returned.
func (b *bodyBuilder) gather(op *model.Op, in ssa.CallInstruction, c *model.Contract, syn *ast.CallExpr) *model.Op {
	args := source.Args(in.Common())
	if len(args) <= c.Task {
		return op
	}
	key := flow.Origin{Val: source.CallOf(in), Path: "()", Frame: b.fr}
	g := b.e.groups[key]
	if g == nil {
		g = &model.Group{Kind: c.Kind, Contract: c, Name: op.Text, How: c.Name(), Made: op.At, CtxUsed: model.Yes, Handed: model.No}
		b.e.groups[key], b.e.OriginOf[g] = g, key
	}
	b.contextArgs(op, in, syn)
	start := &model.Op{Kind: model.OpSpawn, At: op.At, Text: op.Text, Group: g}
	start.Task = b.task(start, in, args[c.Task], b.e.Positions.Arg(syn, c.Task), nil)
	start.Task.InLoop = true
	if c.Workers > 0 {
		n := b.e.SizeOf(args[c.Workers], b.fr)
		start.Task.InLoop = n == nil || len(n.Terms) > 0 || n.Const > 1
	}
	b.add(start)
	op.Kind, op.Group = model.OpWait, g
	if c.Errors() {
		op.Result = b.fate(in, syn)
	}
	return op
}
