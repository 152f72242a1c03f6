package build

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/facts"
	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// call models one call, deferred or not; nil when it does not matter.
func (b *bodyBuilder) call(in ssa.CallInstruction, deferred bool) *model.Op {
	c := in.Common()
	syn := b.e.Positions.Call(c.Pos())
	op := &model.Op{Kind: model.OpCall, At: model.SpanAt(b.fr.Pos(c.Pos())), Deferred: deferred}
	if syn != nil {
		op.At, op.Text = model.SpanOf(syn), source.Short(syn.Fun)
	}
	if bi, ok := c.Value.(*ssa.Builtin); ok {
		if bi.Name() == "recover" {
			op.Kind = model.OpRecover
			if v := source.CallOf(in); v != nil {
				op.Gives = b.e.event(v, b.fr)
			}
			return op
		}
		if bi.Name() != "close" {
			return nil
		}
		op.Kind = model.OpClose
		op.Chan, op.Text = b.channel(c.Args[0], true)
		return op
	}
	fn := source.Callee(c)
	name := known.FuncName(fn)
	if v := source.CallOf(in); v != nil && c.Signature().Results().Len() > 0 {
		op.Gives = b.e.event(v, b.fr)
	}
	if fn != nil {
		if op.Text == "" {
			op.Text = fn.Name()
		}
		if known.NeverReturns(fn) {
			op.Kind, op.EndsTest = known.ExitOp(fn), known.EndsTest(fn)
			return op
		}
		if recv := fn.Signature().Recv(); recv != nil {
			if b.e.Groups.Is(recv.Type()) && len(source.Args(c)) > 0 {
				if op, handled := b.groupCall(op, in, fn, syn); handled {
					return op
				}
			}
		}
		if g := known.Gatherer(name); g != nil {
			return b.gather(op, in, g, syn)
		}
		if b.e.Groups.Makes(fn) {
			return b.makeGroup(op, in, fn, syn)
		}
		if done, handled := b.knownCall(op, in, name, syn); handled {
			return done
		}
	}
	op.Ends = b.ended(op.Text, c)
	if ctx, ok := b.cancelFunc(c); ok {
		op.Kind, op.Ctx = model.OpCancel, ctx
		op.Cause = len(c.Args) == 1 && !source.IsNil(c.Args[0])
		return op
	}
	if t, ok := b.e.Target(c, b.fr); ok && !b.e.Foreign(t.Fn) && len(t.Fn.Blocks) > 0 && !b.e.Full() {
		if child := b.e.Enter(b.fr, in, t, flow.CallArgs(c), false); child != nil {
			op.Into = b.e.BodyOf(child)
			if sig := c.Signature(); op.Gives != nil && known.ReturnsError(sig) {
				op.Gives.Fallible, op.Gives.Last = op.Into, sig.Results().Len()-1
			}
			b.followed(op, in, syn)
			op.Iterates = b.iterates(op, in)
			return op
		}
	}
	if !b.runOnce(op, in) {
		b.outside(op, in, fn, syn)
	}
	op.Iterates = b.iterates(op, in)
	return op
}

// followed says what becomes of the contexts that a function with a body is given, and
// of the result of a method whose object holds a group.
func (b *bodyBuilder) followed(op *model.Op, in ssa.CallInstruction, syn *ast.CallExpr) {
	if c := in.Common(); source.MethodCall(c) && known.HoldsGroup(source.Callee(c).Signature().Recv().Type()) {
		op.Result = b.fate(in, syn)
	}
	b.contextArgs(op, in, syn)
	for _, u := range op.Uses {
		clean := false
		u.Cancels, clean = endsWith(op.Into, u.Ctx)
		u.Cleanup = u.Cleanup || clean
	}
}

// ended is what a call brings to an end, if it is named like a clean-up: the variable
// that it is called on, and what the call made that made its object.
func (b *bodyBuilder) ended(name string, c *ssa.CallCommon) []*model.Object {
	args := source.Args(c)
	if !known.IsCleanupName(name) || len(args) == 0 {
		return nil
	}
	var out []*model.Object
	if v := flow.CellOf(args[0], b.fr); v.Cell != nil {
		out = append(out, b.e.object(v))
	}
	if s := b.e.Resolve(args[0], b.fr); len(s) == 1 && s[0].Path == "" {
		if call, ok := s[0].Val.(*ssa.Call); ok {
			out = append(out, b.e.object(call))
		}
	}
	return out
}

// knownCall handles the functions of the table; handled is false for others.
func (b *bodyBuilder) knownCall(op *model.Op, in ssa.CallInstruction, name string, syn *ast.CallExpr) (_ *model.Op, handled bool) {
	c := in.Common()
	args := source.Args(c)
	switch role := known.RoleOf(name); role {
	case known.RoleNone:
		return nil, false
	case known.RoleValue:
		return nil, true
	case known.RoleSignal: // a call that tells others
	case known.RoleDerive:
		op.Kind = model.OpDerive
		op.Uses = []*model.Use{b.use(model.UseDerive, args[0], b.e.Positions.Arg(syn, 0), op.Text)}
		op.Uses[0].Cleanup, op.Uses[0].Value = b.e.IsCleanup(in, b.fr), known.Derives(name) == model.AddsValue
		if v := source.CallOf(in); v != nil {
			op.Made, op.Repeats = b.e.ContextOf(flow.Origin{Val: v, Frame: b.fr}), Repeatedly(in, b.fr)
		}
	case known.RoleCause, known.RoleAfter:
		kind := model.UseCause
		if role == known.RoleAfter {
			kind = model.UseAfter
		}
		op.Uses = []*model.Use{b.use(kind, args[0], b.e.Positions.Arg(syn, 0), op.Text)}
	case known.RoleCtxErr:
		op.Kind = model.OpCtxErr
		u := b.use(model.UseErr, args[0], b.e.Positions.Receiver(syn), op.Text)
		u.Cleanup = b.e.IsCleanup(in, b.fr)
		op.Ctx, op.Uses = u.Ctx, []*model.Use{u}
	case known.RoleSleep:
		op.Kind = model.OpSleep
	case known.RoleStop:
		ticks, ok := b.e.TicksOf(args[0], b.fr)
		if !ok {
			return nil, true
		}
		op.Kind, op.Chan = model.OpStop, b.e.chanOf(ticks, "")
	case known.RoleLock, known.RoleUnlock:
		op.Kind = model.OpLock
		if role == known.RoleUnlock {
			op.Kind = model.OpUnlock
		}
		op.Lock, op.Read = b.lock(args[0], op.Text)
		op.Read = op.Read || strings.Contains(name, ").R")
	case known.RoleCondWait:
		l := b.lockOf(b.e.CondLock(args[0], in, b.fr), args[0])
		b.add(&model.Op{Kind: model.OpUnlock, At: op.At, Text: op.Text, Lock: l, Deferred: op.Deferred})
		op.Kind, op.Lock, op.Named = model.OpLock, l, model.HintWaits
	case known.RoleRelease:
		op.Kind = model.OpRelease
		op.Sem, op.N = b.sem(args[0]), b.e.SizeOf(args[1], b.fr)
	case known.RoleTryAcquire:
		op.Sem = b.sem(args[0])
	case known.RoleAcquire:
		op.Kind = model.OpAcquire
		op.Sem, op.N, op.Result = b.sem(args[0]), b.e.SizeOf(args[2], b.fr), b.fate(in, syn)
		b.contextArgs(op, in, syn)
		for _, u := range op.Uses {
			u.Cancels = model.Yes
		}
	case known.RoleCancels:
		b.contextArgs(op, in, syn)
		for _, u := range op.Uses {
			u.Cancels = model.Yes
		}
	}
	return op, true
}

// cancelFunc reports whether the call calls the CancelFunc of a context, and
// which contexts die.
func (b *bodyBuilder) cancelFunc(c *ssa.CallCommon) ([]*model.Ctx, bool) {
	if c.IsInvoke() || c.StaticCallee() != nil {
		return nil, false
	}
	return b.cancels(c.Value)
}

// cancels reports whether a function value is the CancelFunc of a context.
func (b *bodyBuilder) cancels(v ssa.Value) ([]*model.Ctx, bool) {
	sources := b.e.Resolve(v, b.fr)
	var out []*model.Ctx
	for _, s := range sources {
		if s.IsZero() {
			continue
		}
		call, ok := s.Val.(*ssa.Call)
		if !ok || s.Index != 1 || s.Path != "" || known.RoleOf(known.FuncName(source.Callee(&call.Call))) != known.RoleDerive {
			return nil, false
		}
		out = append(out, b.e.ContextOf(flow.Origin{Val: call, Frame: s.Frame}))
	}
	return out, len(out) > 0
}

// contextArgs records the contexts among the arguments.
func (b *bodyBuilder) contextArgs(op *model.Op, in ssa.CallInstruction, syn *ast.CallExpr) {
	c := in.Common()
	method := source.MethodCall(c)
	drains := false
	for _, a := range source.PlainArgs(c) {
		if ch, ok := a.Type().Underlying().(*types.Chan); ok && ch.Dir() != types.SendOnly {
			drains = true
		}
	}
	for i, a := range source.PlainArgs(c) {
		if !known.IsContext(a.Type()) {
			continue
		}
		var expr ast.Expr
		if method {
			if i == 0 {
				continue // a context type's own method
			}
			expr = b.e.Positions.Arg(syn, i-1)
		} else {
			expr = b.e.Positions.Arg(syn, i)
		}
		u := b.use(model.UseCall, a, expr, op.Text)
		if expr == nil {
			u.At = op.At
		}
		u.Drains, u.Request = drains, known.MakesRequest(op.Text)
		u.Cleanup = b.e.IsCleanup(in, b.fr) || known.IsCleanupName(op.Text)
		op.Uses = append(op.Uses, u)
	}
}

// endsWith reports whether some work in body ends with one of the contexts, and
// whether all such work is clean-up.
func endsWith(body *model.Body, ctx []*model.Ctx) (answer model.Answer, cleanup bool) {
	if len(ctx) == 0 {
		return model.Unknown, false
	}
	answer, cleanup = model.No, true
	model.EachOp(body, func(op *model.Op) bool {
		for _, u := range op.DirectUses() {
			if u.Kind == model.UseDerive || u.Kind == model.UseErr || !model.MayEnd(ctx, u.Ctx) {
				continue
			}
			answer = max(answer, u.Cancels)
			if u.Cancels == model.Yes {
				cleanup = cleanup && u.Cleanup
			}
		}
		return true
	})
	return answer, cleanup && answer == model.Yes
}

// passesError reports whether a call gives back nothing but an error, and is given one: it
// makes something of that, and does not work until its context ends.
func passesError(c *ssa.CallCommon) bool {
	return c.Signature().Results().Len() == 1 && len(value.Wrapped(c)) > 0
}

// outside models a call whose body is not seen: another package, an interface,
// an unknown function value, or too deep. What a Summary says of it becomes
// ordinary Ops; without one, a call that takes a context and returns an error
// is taken to end with the context, as the context package asks of such calls.
func (b *bodyBuilder) outside(op *model.Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) {
	c := in.Common()
	b.contextArgs(op, in, syn)
	op.On = b.receiver(c)
	sig := c.Signature()
	for _, u := range op.Uses {
		u.Cancels = model.Unknown
		if (known.ReturnsError(sig) && !passesError(c) || known.ReturnsChan(sig)) && !b.fr.Derives() {
			u.Cancels = model.Yes
		}
	}
	givenCtx := slices.ContainsFunc(source.PlainArgs(c), func(a ssa.Value) bool { return known.IsContext(a.Type()) })
	op.Given, op.Brief = fn == nil, fn != nil && !givenCtx && known.IsBrief(fn)
	op.Quits, op.Failed = b.goexitCall(c, fn), known.AsksTest(fn)
	sum := b.e.summary(fn)
	op.Opaque = sum == nil && (fn == nil || known.ReturnsError(sig) && (fn.Pkg() == b.e.Pass.Pkg || strings.Contains(known.PkgPath(fn), ".")))
	for _, a := range source.PlainArgs(c) {
		switch {
		case known.IsFunc(a.Type()):
			if ctx, ok := b.cancels(a); ok {
				op.Ctx = append(op.Ctx, ctx...)
			}
		case known.IsChan(a.Type()):
			if ch, _ := b.channel(a, false); ch != nil {
				op.Hands = append(op.Hands, ch)
			}
		}
	}
	if sum != nil {
		b.apply(op, in, sum)
		for _, r := range sum.Results {
			if r.GroupOf > 0 && source.CallOf(in) != nil {
				op.Kind = model.OpMakeGroup
				op.Group = b.e.GroupOf(flow.Origin{Val: source.CallOf(in), Index: r.GroupOf - 1, Frame: b.fr})
			}
		}
	}
	for i, a := range source.PlainArgs(c) {
		if !known.IsFunc(a.Type()) {
			continue
		}
		if sum.Param(i).Spawns {
			b.spawnGiven(op, in, sum, i, syn)
			continue
		}
		if t, ok := b.e.FuncTarget(a, b.fr); ok && !b.e.Foreign(t.Fn) && !b.e.Full() {
			if child := b.e.Enter(b.fr, in, t, lent(t.Fn, c), false); child != nil {
				op.Lits = append(op.Lits, b.e.BodyOf(child))
			}
		}
	}
	if op.Given && !c.IsInvoke() {
		op.Lits = append(op.Lits, b.listed(in, c.Value, false)...)
	}
}

// lent is the arguments of a literal that a call is given: its contexts are taken
// to be, or to derive from, the one context that the call is given too.
func lent(lit *ssa.Function, c *ssa.CallCommon) []ssa.Value {
	var ctx ssa.Value
	for _, a := range source.PlainArgs(c) {
		if known.IsContext(a.Type()) {
			if ctx != nil {
				return nil
			}
			ctx = a
		}
	}
	args := make([]ssa.Value, len(lit.Params))
	for i, p := range lit.Params {
		if known.IsContext(p.Type()) {
			args[i] = ctx
		}
	}
	return args
}

// spawnGiven models a function that starts argument i as a task of a group that
// it is given too.
func (b *bodyBuilder) spawnGiven(op *model.Op, in ssa.CallInstruction, sum *facts.Summary, i int, syn *ast.CallExpr) {
	c := in.Common()
	for j, a := range source.PlainArgs(c) {
		g := b.group(a, nil)
		if g == nil || !sum.Param(j).Spawns {
			continue
		}
		spawn := &model.Op{Kind: model.OpSpawn, At: op.At, Text: op.Text, Group: g}
		var expr ast.Expr
		if !source.MethodCall(c) {
			expr = b.e.Positions.Arg(syn, i)
		}
		spawn.Task = b.task(spawn, in, source.PlainArgs(c)[i], expr, nil)
		spawn.Task.InLoop = spawn.Task.InLoop || sum.Param(j).Loops
		b.add(spawn)
	}
}

// apply turns what a Summary says into Ops beside the call.
func (b *bodyBuilder) apply(op *model.Op, in ssa.CallInstruction, sum *facts.Summary) {
	c := in.Common()
	for i, a := range source.PlainArgs(c) {
		p := sum.Param(i)
		if known.IsContext(a.Type()) {
			for _, u := range op.Uses {
				if u.At == op.At || u.Text == b.e.NameOf(a) {
					u.Cancels = p.CtxAnswer(u.Cancels)
				}
			}
			continue
		}
		g := b.group(a, nil)
		if g == nil {
			continue
		}
		if p.Spawns {
			t := &model.Task{At: op.At, Text: op.At, What: op.Text, InLoop: p.Loops, Body: &model.Body{Name: op.Text, At: op.At}, Fails: model.Unknown, Keeps: model.Unknown}
			if p.TaskFails {
				t.Fails = model.Yes
			}
			inner := &model.Op{Kind: model.OpCall, At: op.At, Text: op.Text}
			for j, arg := range source.PlainArgs(c) {
				if sum.Param(j).SpawnsCtx {
					for _, u := range op.Uses {
						if u.Text == b.e.NameOf(arg) {
							w := *u
							w.Cancels = model.Yes
							inner.Uses = append(inner.Uses, &w)
							u.Cancels = model.No
						}
					}
				}
			}
			t.Body.Blocks = []*model.Block{{Ops: []*model.Op{inner}}}
			spawn := &model.Op{Kind: model.OpSpawn, At: op.At, Text: op.Text, Group: g, Task: t}
			t.Spawn = spawn
			b.add(spawn)
		}
		if p.Waits {
			b.add(&model.Op{Kind: model.OpWait, At: op.At, Text: op.Text, Group: g, Deferred: op.Deferred})
		}
		if p.Dones {
			b.add(&model.Op{Kind: model.OpDone, At: op.At, Text: op.Text, Group: g, Deferred: op.Deferred})
		}
	}
	for i, a := range source.PlainArgs(c) {
		p := sum.Param(i)
		if !known.IsChan(a.Type()) {
			continue
		}
		ch, text := b.channel(a, true)
		if p.Sends {
			b.add(&model.Op{Kind: model.OpSend, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
		if p.Receives {
			b.add(&model.Op{Kind: model.OpReceive, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
		if p.Closes {
			b.add(&model.Op{Kind: model.OpClose, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
	}
}
