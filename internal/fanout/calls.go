package fanout

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// call models one call, deferred or not; nil when it does not matter.
func (b *bodyBuilder) call(in ssa.CallInstruction, deferred bool) *Op {
	c := in.Common()
	syn := b.e.text.call(c.Pos())
	op := &Op{Kind: OpCall, At: spanAt(b.pos(c.Pos())), Deferred: deferred}
	if syn != nil {
		op.At, op.Text = spanOf(syn), short(syn.Fun)
	}
	if bi, ok := c.Value.(*ssa.Builtin); ok {
		if bi.Name() == "recover" {
			op.Kind = OpRecover
			if v := callValue(in); v != nil {
				op.Gives = b.e.event(v, b.fr)
			}
			return op
		}
		if bi.Name() != "close" {
			return nil
		}
		op.Kind = OpClose
		op.Chan, op.Text = b.channel(c.Args[0])
		return op
	}
	fn := staticFunc(c)
	name := funcName(fn)
	if v := callValue(in); v != nil {
		op.Gives = b.e.event(v, b.fr)
	}
	if fn != nil {
		if op.Text == "" {
			op.Text = fn.Name()
		}
		if neverReturns(fn) {
			op.Kind = exits(fn)
			return op
		}
		if recv := fn.Signature().Recv(); recv != nil {
			if b.e.known.is(recv.Type()) && len(callArgs(c)) > 0 {
				if op, handled := b.groupCall(op, in, fn, syn); handled {
					return op
				}
			}
		}
		if g := gatherings[name]; g != nil {
			return b.gather(op, in, g, syn)
		}
		if b.e.known.makes(fn) {
			return b.makeGroup(op, in, fn, syn)
		}
		if done, handled := b.knownCall(op, in, name, syn); handled {
			return done
		}
	}
	if cleanupName(op.Text) && len(callArgs(c)) > 0 {
		op.object = cellOf(callArgs(c)[0], b.fr)
		if s := b.e.resolve(callArgs(c)[0], b.fr); len(s) == 1 && s[0].path == "" {
			op.maker, _ = s[0].val.(*ssa.Call)
		}
	}
	if ctx, ok := b.cancelFunc(c); ok {
		op.Kind, op.Ctx = OpCancel, ctx
		op.Cause = len(c.Args) == 1 && !isNilConst(c.Args[0])
		return op
	}
	if t, ok := b.e.target(c, b.fr); ok && !b.e.foreign(t.fn) && len(t.fn.Blocks) > 0 && b.e.spent < maxInstrs {
		if child := b.e.enter(b.fr, in, t, c.Args, false); child != nil {
			op.Into = b.e.bodyOf(child)
			if sig := c.Signature(); op.Gives != nil && returnsError(sig) {
				op.Gives.fallible, op.Gives.last = op.Into, sig.Results().Len()-1
			}
			b.contextArgs(op, in, syn)
			for _, u := range op.Uses {
				clean := false
				u.Cancels, clean = endsWith(op.Into, u.Ctx)
				u.Cleanup = u.Cleanup || clean
			}
			return op
		}
	}
	b.outside(op, in, fn, syn)
	return op
}

// knownCall handles the functions of the table; handled is false for others.
func (b *bodyBuilder) knownCall(op *Op, in ssa.CallInstruction, name string, syn *ast.CallExpr) (_ *Op, handled bool) {
	c := in.Common()
	args := callArgs(c)
	switch role := roleOf(name); role {
	case roleNone:
		return nil, false
	case roleValue:
		return nil, true
	case roleDerive:
		op.Kind = OpDerive
		op.Uses = []*Use{b.use(UseDerive, args[0], b.e.text.arg(syn, 0), op.Text)}
		op.Uses[0].Cleanup = b.cleanup(in)
		if v := callValue(in); v != nil {
			op.Made, op.Repeats = b.e.contextOf(source{val: v, fr: b.fr}), b.fr.repeats(in)
		}
	case roleCause, roleAfter:
		kind := UseCause
		if role == roleAfter {
			kind = UseAfter
		}
		op.Uses = []*Use{b.use(kind, args[0], b.e.text.arg(syn, 0), op.Text)}
	case roleCtxErr:
		op.Kind = OpCtxErr
		u := b.use(UseErr, args[0], b.e.text.receiver(syn), op.Text)
		u.Cleanup = b.cleanup(in)
		op.Ctx, op.Uses = u.Ctx, []*Use{u}
	case roleSleep:
		op.Kind = OpSleep
	case roleLock, roleUnlock:
		op.Kind = OpLock
		if role == roleUnlock {
			op.Kind = OpUnlock
		}
		op.Lock, op.Read = b.lock(args[0]), strings.Contains(name, ").R")
	case roleRelease:
		op.Kind = OpRelease
		op.Sem, op.N = b.sem(args[0]), b.e.sizeOf(args[1], b.fr)
	case roleGoexit:
		op.Kind = OpGoexit
	case roleAcquire:
		op.Kind = OpAcquire
		op.Sem, op.N = b.sem(args[0]), b.e.sizeOf(args[2], b.fr)
		b.contextArgs(op, in, syn)
		for _, u := range op.Uses {
			u.Cancels = Yes
		}
	case roleCancels:
		b.contextArgs(op, in, syn)
		for _, u := range op.Uses {
			u.Cancels = Yes
		}
	}
	return op, true
}

// callValue is the call as a value; deferred calls have none.
func callValue(in ssa.CallInstruction) *ssa.Call {
	c, _ := in.(*ssa.Call)
	return c
}

// cancelFunc reports whether the call calls the CancelFunc of a context, and
// which contexts die.
func (b *bodyBuilder) cancelFunc(c *ssa.CallCommon) ([]*Ctx, bool) {
	if c.IsInvoke() || c.StaticCallee() != nil {
		return nil, false
	}
	return b.cancels(c.Value)
}

// cancels reports whether a function value is the CancelFunc of a context.
func (b *bodyBuilder) cancels(v ssa.Value) ([]*Ctx, bool) {
	sources := b.e.resolve(v, b.fr)
	var out []*Ctx
	for _, s := range sources {
		if s.zero() {
			continue
		}
		call, ok := s.val.(*ssa.Call)
		if !ok || s.idx != 1 || s.path != "" || roleOf(funcName(staticFunc(&call.Call))) != roleDerive {
			return nil, false
		}
		out = append(out, b.e.contextOf(source{val: call, fr: s.fr}))
	}
	return out, len(out) > 0
}

// contextArgs records the contexts among the arguments.
func (b *bodyBuilder) contextArgs(op *Op, in ssa.CallInstruction, syn *ast.CallExpr) {
	c := in.Common()
	method := methodCall(c)
	drains := false
	for _, a := range plainArgs(c) {
		if ch, ok := a.Type().Underlying().(*types.Chan); ok && ch.Dir() != types.SendOnly {
			drains = true
		}
	}
	for i, a := range plainArgs(c) {
		if !isContext(a.Type()) {
			continue
		}
		var expr ast.Expr
		if method {
			if i == 0 {
				continue // a context type's own method
			}
			expr = b.e.text.arg(syn, i-1)
		} else {
			expr = b.e.text.arg(syn, i)
		}
		u := b.use(UseCall, a, expr, op.Text)
		if expr == nil {
			u.At = op.At
		}
		u.Drains = drains
		u.Cleanup = b.cleanup(in) || cleanupName(op.Text)
		op.Uses = append(op.Uses, u)
	}
}

// endsWith reports whether some work in body ends with one of the contexts, and
// whether all such work is clean-up.
func endsWith(body *Body, ctx []*Ctx) (answer Answer, cleanup bool) {
	if len(ctx) == 0 {
		return Unknown, false
	}
	answer, cleanup = No, true
	EachOp(body, func(op *Op) bool {
		for _, u := range op.ownUses() {
			if u.Kind == UseDerive || u.Kind == UseErr || !MayEnd(ctx, u.Ctx) {
				continue
			}
			answer = max(answer, u.Cancels)
			if u.Cancels == Yes {
				cleanup = cleanup && u.Cleanup
			}
		}
		return true
	})
	return answer, cleanup && answer == Yes
}

// outside models a call whose body is not seen: another package, an interface,
// an unknown function value, or too deep. What a Summary says of it becomes
// ordinary Ops; without one, a call that takes a context and returns an error
// is taken to end with the context, as the context package asks of such calls.
func (b *bodyBuilder) outside(op *Op, in ssa.CallInstruction, fn *types.Func, syn *ast.CallExpr) {
	c := in.Common()
	b.contextArgs(op, in, syn)
	sig := c.Signature()
	for _, u := range op.Uses {
		u.Cancels = Unknown
		if (returnsError(sig) || returnsChan(sig)) && !b.fr.derives() {
			u.Cancels = Yes
		}
	}
	op.Given, op.brief = fn == nil, briefCall(c, fn)
	op.Quits, op.Failed = b.quitCall(c, fn), fn != nil && fn.Name() == "Failed" && pkgPath(fn) == "testing"
	sum := b.e.summary(fn)
	op.Opaque = sum == nil && (fn == nil || returnsError(sig) && (fn.Pkg() == b.e.pass.Pkg || strings.Contains(pkgPath(fn), ".")))
	for _, a := range plainArgs(c) {
		if isFunc(a.Type()) {
			if ctx, ok := b.cancels(a); ok {
				op.Ctx = append(op.Ctx, ctx...)
			}
		}
	}
	if sum != nil {
		b.apply(op, in, sum)
		for _, r := range sum.Results {
			if r.GroupOf > 0 && callValue(in) != nil {
				op.Kind = OpMakeGroup
				op.Group = b.e.groupOf(source{val: callValue(in), idx: r.GroupOf - 1, fr: b.fr})
			}
		}
	}
	for i, a := range plainArgs(c) {
		if !isFunc(a.Type()) {
			continue
		}
		if sum.param(i).Spawns {
			b.spawnGiven(op, in, sum, i, syn)
			continue
		}
		if t, ok := b.e.funcTarget(a, b.fr); ok && !b.e.foreign(t.fn) && b.e.spent < maxInstrs {
			if child := b.e.enter(b.fr, in, t, lent(t.fn, c), false); child != nil {
				op.Lits = append(op.Lits, b.e.bodyOf(child))
			}
		}
	}
}

// derives reports whether the frame is a call that is made for the context it
// returns: it has no error to give, so what it asks on the way is for a value in
// the context, and nobody waits for more.
func (fr *frame) derives() bool {
	sig := fr.fn.Signature
	if fr.caller == nil || returnsError(sig) {
		return false
	}
	for r := range sig.Results().Variables() {
		if isContext(r.Type()) {
			return true
		}
	}
	return false
}

// lent is the arguments of a literal that a call is given: its contexts are taken
// to be, or to derive from, the one context that the call is given too.
func lent(lit *ssa.Function, c *ssa.CallCommon) []ssa.Value {
	var ctx ssa.Value
	for _, a := range plainArgs(c) {
		if isContext(a.Type()) {
			if ctx != nil {
				return nil
			}
			ctx = a
		}
	}
	args := make([]ssa.Value, len(lit.Params))
	for i, p := range lit.Params {
		if isContext(p.Type()) {
			args[i] = ctx
		}
	}
	return args
}

// spawnGiven models a function that starts argument i as a task of a group that
// it is given too.
func (b *bodyBuilder) spawnGiven(op *Op, in ssa.CallInstruction, sum *Summary, i int, syn *ast.CallExpr) {
	c := in.Common()
	for j, a := range plainArgs(c) {
		g := b.group(a, nil)
		if g == nil || !sum.param(j).Spawns {
			continue
		}
		spawn := &Op{Kind: OpSpawn, At: op.At, Text: op.Text, Group: g}
		var expr ast.Expr
		if !methodCall(c) {
			expr = b.e.text.arg(syn, i)
		}
		spawn.Task = b.task(spawn, in, plainArgs(c)[i], expr, nil)
		spawn.Task.InLoop = spawn.Task.InLoop || sum.param(j).Loops
		b.add(spawn)
	}
}

// apply turns what a Summary says into Ops beside the call.
func (b *bodyBuilder) apply(op *Op, in ssa.CallInstruction, sum *Summary) {
	c := in.Common()
	for i, a := range plainArgs(c) {
		p := sum.param(i)
		if isContext(a.Type()) {
			for _, u := range op.Uses {
				if u.At == op.At || u.Text == b.nameOf(a) {
					u.Cancels = p.ctxAnswer(u.Cancels)
				}
			}
			continue
		}
		g := b.group(a, nil)
		if g == nil {
			continue
		}
		if p.Spawns {
			t := &Task{At: op.At, Text: op.At, What: op.Text, InLoop: p.Loops, Body: &Body{Name: op.Text, At: op.At}, Fails: Unknown, Keeps: Unknown}
			if p.TaskFails {
				t.Fails = Yes
			}
			inner := &Op{Kind: OpCall, At: op.At, Text: op.Text}
			for j, arg := range plainArgs(c) {
				if sum.param(j).SpawnsCtx {
					for _, u := range op.Uses {
						if u.Text == b.nameOf(arg) {
							w := *u
							w.Cancels = Yes
							inner.Uses = append(inner.Uses, &w)
							u.Cancels = No
						}
					}
				}
			}
			t.Body.Blocks = []*Block{{Ops: []*Op{inner}}}
			spawn := &Op{Kind: OpSpawn, At: op.At, Text: op.Text, Group: g, Task: t}
			t.Spawn = spawn
			b.add(spawn)
		}
		if p.Waits {
			b.add(&Op{Kind: OpWait, At: op.At, Text: op.Text, Group: g, Deferred: op.Deferred})
		}
		if p.Dones {
			b.add(&Op{Kind: OpDone, At: op.At, Text: op.Text, Group: g, Deferred: op.Deferred})
		}
	}
	for i, a := range plainArgs(c) {
		p := sum.param(i)
		if !isChan(a.Type()) {
			continue
		}
		ch, text := b.channel(a)
		if p.Sends {
			b.add(&Op{Kind: OpSend, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
		if p.Receives {
			b.add(&Op{Kind: OpReceive, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
		if p.Closes {
			b.add(&Op{Kind: OpClose, At: op.At, Text: text, Chan: ch, Deferred: op.Deferred})
		}
	}
}

// cleanupName reports whether a call is named like the end of something. Such
// calls are made on the caller's context on purpose: the group's is dead by
// then.
func cleanupName(text string) bool {
	name := strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	for _, verb := range []string{"shutdown", "rollback", "cleanup", "close", "stop", "abort", "release", "unlock", "revert", "undo", "teardown"} {
		if strings.HasPrefix(name, verb) || strings.HasSuffix(name, verb) {
			return true
		}
	}
	return false
}
