package fanout

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Calls of the functions that make groups, and of the methods of groups.

// group is the group behind a group value, nil if there is not exactly one.
func (b *bodyBuilder) group(v ssa.Value, expr ast.Expr) *Group {
	if !b.e.known.is(v.Type()) {
		return nil
	}
	var found []*Group
	for _, s := range b.e.resolve(v, b.fr) {
		if !s.zero() {
			found = append(found, b.e.groupOf(s))
		}
	}
	if len(found) != 1 {
		for _, g := range found {
			g.Handed = Yes // one of several: what is done to it here is not known
		}
		return nil
	}
	b.nameGroup(found[0], expr)
	return found[0]
}

// makeGroup models a call that makes a group, or a configured copy of one.
func (b *bodyBuilder) makeGroup(op *Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) *Op {
	v := callValue(in)
	if v == nil || b.e.known.configures(v) {
		return nil
	}
	op.Kind = OpMakeGroup
	op.Group = b.e.groupOf(source{val: v, idx: b.e.known.result(fn), fr: b.fr})
	b.nameGroup(op.Group, nil)
	b.contextArgs(op, in, syn)
	for _, u := range op.Uses {
		u.Kind, u.Cancels, u.Cleanup = UseGroup, Yes, b.cleanup(in)
	}
	op.Repeats = b.fr.repeats(in)
	return op
}

// groupCall models a method call of a group; handled is false for methods that
// make another group.
func (b *bodyBuilder) groupCall(op *Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) (_ *Op, handled bool) {
	args := callArgs(in.Common())
	contract, m, known := b.e.known.method(fn)
	op.Group = b.group(args[0], b.e.text.receiver(syn))
	if g := op.Group; g != nil {
		g.Kind, g.Contract = contract.Kind, contract // a field does not tell by the type of its object
		if contract.asks == fn.Name() {
			g.asked, g.HasCtx, g.CtxUsed = true, true, Yes
		}
		if contract.joins != "" && contract.joins == fn.Name() {
			g.Handed = Yes // whoever has the channel can wait
		}
		g.Told = g.Told || contract.hook == fn.Name() && b.e.givesFunc(args[1:], b.fr)
	}
	if !known {
		return nil, !b.e.known.makes(fn) || b.e.known.same(fn)
	}
	op.Kind = m.does
	switch m.does {
	case OpSpawn:
		op.Try = m.try
		if m.try {
			op.Result = b.fate(in, syn)
		}
		return b.spawnAll(op, in, args[1+m.fn], m.fn, syn), true
	case OpWait:
		op.Converts = b.conversions(callValue(in))
		if contract.Errors() {
			op.Result = b.fate(in, syn)
		}
	case OpLimit:
		op.N = b.e.sizeOf(args[1], b.fr)
		if op.Group != nil {
			op.Group.Limit = true
		}
	case OpAdd:
		op.N = b.e.sizeOf(args[1], b.fr)
	}
	return op, true
}

// givesFunc reports whether a function, and not only nil, is among the arguments.
func (e *engine) givesFunc(args []ssa.Value, fr *frame) bool {
	for _, a := range args {
		for _, s := range e.resolve(a, fr) {
			if !s.zero() && s.path == "" && isFunc(s.val.Type()) {
				return true
			}
		}
	}
	return false
}

// spawnAll models the start of a task, or of all those in a variadic argument;
// the last one is returned for the caller to add.
func (b *bodyBuilder) spawnAll(op *Op, in ssa.CallInstruction, task ssa.Value, arg int, syn *ast.CallExpr) *Op {
	tasks := []ssa.Value{task}
	if sl, ok := task.(*ssa.Slice); ok {
		tasks = nil
		if list, ok := sl.X.(*ssa.Alloc); ok {
			tasks = elements(list)
		}
	}
	var last *Op
	for i, t := range tasks {
		var expr ast.Expr
		if syn != nil {
			expr = b.e.text.arg(syn, arg+i)
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
func (b *bodyBuilder) gather(op *Op, in ssa.CallInstruction, c *Contract, syn *ast.CallExpr) *Op {
	args := callArgs(in.Common())
	if len(args) <= c.task {
		return op
	}
	key := source{val: callValue(in), path: "()", fr: b.fr}
	g := b.e.groups[key]
	if g == nil {
		g = &Group{src: key, id: len(b.e.groups), Kind: c.Kind, Contract: c, Name: op.Text, How: c.Name(), Made: op.At, CtxUsed: Yes, Handed: No}
		b.e.groups[key] = g
	}
	b.contextArgs(op, in, syn)
	start := &Op{Kind: OpSpawn, At: op.At, Text: op.Text, Group: g}
	start.Task = b.task(start, in, args[c.task], b.e.text.arg(syn, c.task), nil)
	start.Task.InLoop = true
	if c.workers > 0 {
		n := b.e.sizeOf(args[c.workers], b.fr)
		start.Task.InLoop = n == nil || len(n.Terms) > 0 || n.Const > 1
	}
	b.add(start)
	op.Kind, op.Group = OpWait, g
	if c.Errors() {
		op.Result = b.fate(in, syn)
	}
	return op
}
