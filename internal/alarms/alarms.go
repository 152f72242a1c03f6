// Package alarms finds receives from a timer on whose channel nothing comes any more.
//
//	case <-t.C:
//		flush()
//	case x := <-in:
//		if !t.Stop() {
//			<-t.C
//		}
//		t.Reset(d)
//
// A timer fires once. What it has sent is received in the first case; Stop is false after that,
// as it is when the timer was stopped before, and the receive that is to drain the channel blocks
// for ever. It is asked of each place after which a timer is idle (a receive from its channel, a
// Stop) whether the function can come from there to such a receive without setting it again.
//
// Which way a branch goes is known where it asks Stop, and free where it asks which case was
// taken, whether a call has failed, or whether a range is over. Of all others it is required that
// both ways lead there: a flag may remember that the timer has fired.
//
// Ignored: timers that are not made by the function or one around it, and not kept in a field of
// its object that only it and who makes the object name; timers that are handed on, or put in the
// place of another one.
package alarms

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/build"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/method"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// A timer is what one is known by in a function: where it is made, or the field that holds it.
type timer struct {
	made  ssa.Value
	field *types.Var
}

// A finder looks through one function for what it does to one timer.
type finder struct {
	b     *build.Builder
	fn    *ssa.Function
	timer timer
	// leads says of each block whether an idle timer is received from in it, or behind it.
	leads map[*ssa.BasicBlock]*ssa.UnOp
}

// Idle are pairs of ops of a function: after the first a timer is idle, and the second receives
// from it all the same.
func Idle(b *build.Builder, fn *ssa.Function) (out [][2]*model.Op) {
	for _, t := range timersOf(fn) {
		f := &finder{b: b, fn: fn, timer: t}
		if !f.ownsTimer() {
			continue
		}
		f.search()
		out = append(out, f.pairs()...)
	}
	return out
}

// timersOf are the timers that a function receives from outside of a select.
func timersOf(fn *ssa.Function) (out []timer) {
	method.EachInstr(fn, func(in ssa.Instruction) {
		if u, ok := in.(*ssa.UnOp); ok && u.Op == token.ARROW {
			if t := ofChannel(u.X, fn); t != (timer{}) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	})
	return out
}

// ofChannel is the timer whose channel a value is, the zero timer if it is none or not known.
func ofChannel(ch ssa.Value, fn *ssa.Function) timer {
	ld, ok := method.Stored(ch).(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return timer{}
	}
	f, ok := ld.X.(*ssa.FieldAddr)
	if !ok || !isTimer(f.X.Type()) {
		return timer{}
	}
	return timerOf(f.X, fn)
}

// timerOf is the timer that a value points to.
func timerOf(v ssa.Value, fn *ssa.Function) timer {
	v = method.Stored(v)
	if call, ok := v.(*ssa.Call); ok && known.MakesTimer(source.Callee(&call.Call)) {
		return timer{made: call}
	}
	ld, ok := v.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL {
		return timer{}
	}
	if cell, ok := ld.X.(*ssa.FreeVar); ok {
		if call, ok := captured(cell, fn).(*ssa.Call); ok && known.MakesTimer(source.Callee(&call.Call)) {
			return timer{made: call}
		}
		return timer{}
	}
	return timer{field: ownField(ld.X, fn)}
}

// captured is the value of a variable of the function around a literal, if that has one
// assignment, or else nil.
func captured(cell *ssa.FreeVar, fn *ssa.Function) (only ssa.Value) {
	i := slices.Index(fn.FreeVars, cell)
	for _, ref := range *fn.Referrers() {
		made, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		outer, ok := made.Bindings[i].(*ssa.Alloc)
		if !ok {
			return nil
		}
		for _, use := range *outer.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == ssa.Value(outer) {
				if only != nil {
					return nil
				}
				only = st.Val
			}
		}
	}
	return only
}

// ownField is the field of the receiver, or of that of the method around a literal, that stands
// at an address, nil if there is none.
func ownField(addr ssa.Value, fn *ssa.Function) *types.Var {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	of := method.Stored(f.X)
	if ld, ok := of.(*ssa.UnOp); ok && fn.Parent() != nil {
		if cell, ok := ld.X.(*ssa.FreeVar); ok {
			of, fn = captured(cell, fn), fn.Parent()
		}
	}
	if fn.Signature.Recv() == nil || of != ssa.Value(fn.Params[0]) {
		return nil
	}
	return value.FieldOf(f)
}

// ownsTimer reports whether nobody but the function sets the timer again.
func (f *finder) ownsTimer() bool {
	top := f.fn
	for top.Parent() != nil {
		top = top.Parent()
	}
	if f.timer.field != nil {
		d := f.b.DeclOf(f.fn.Syntax())
		beside := func(t source.Touch) bool {
			return f.b.DeclOf(t.In) != d && t.Kind != source.TouchMake && t.Kind != source.TouchAsk
		}
		if f.timer.field.Exported() || slices.ContainsFunc(f.b.Touches(f.timer.field), beside) {
			return false
		}
	}
	owns := true
	var look func(fn *ssa.Function)
	look = func(fn *ssa.Function) {
		method.EachInstr(fn, func(in ssa.Instruction) {
			owns = owns && !f.handsOn(in, fn) && (fn == f.fn || !f.setsLater(in, fn))
		})
		for _, lit := range fn.AnonFuncs {
			look(lit)
		}
	}
	look(top)
	return owns
}

// setsLater reports whether an instruction of another function sets the timer again, or one
// that may be it.
func (f *finder) setsLater(in ssa.Instruction, fn *ssa.Function) bool {
	call, ok := in.(ssa.CallInstruction)
	if !ok || !known.SetsTimer(source.Callee(call.Common())) {
		return false
	}
	t := timerOf(source.Args(call.Common())[0], fn)
	return t == f.timer || t == timer{}
}

// handsOn reports whether an instruction gives the timer to somebody who may set it again, or a
// literal may put another one in its place.
func (f *finder) handsOn(in ssa.Instruction, fn *ssa.Function) bool {
	is := func(v ssa.Value) bool { return v != nil && isTimer(v.Type()) && timerOf(v, fn) == f.timer }
	switch in := in.(type) {
	case ssa.CallInstruction:
		callee := source.Callee(in.Common())
		return !(callee != nil && known.PkgPath(callee) == "time") && slices.ContainsFunc(source.Args(in.Common()), is)
	case *ssa.Store:
		_, local := in.Addr.(*ssa.Alloc)
		_, around := in.Addr.(*ssa.FreeVar)
		return !local && is(in.Val) || around && isTimer(in.Val.Type())
	case *ssa.Return:
		return slices.ContainsFunc(in.Results, is)
	case *ssa.Send, *ssa.MapUpdate, *ssa.Phi, *ssa.MakeInterface:
		return slices.ContainsFunc(in.Operands(nil), func(v *ssa.Value) bool { return is(*v) })
	}
	return false
}

func isTimer(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	return ok && known.IsNamed(p.Elem(), "time", "Timer")
}

// sets reports whether an instruction sets the timer again, or makes another one in its place.
func (f *finder) sets(in ssa.Instruction) bool {
	if st, ok := in.(*ssa.Store); ok {
		return f.timer.field != nil && ownField(st.Addr, f.fn) == f.timer.field
	}
	v, ok := in.(ssa.Value)
	return ok && v == f.timer.made || f.setsLater(in, f.fn)
}

// receives is the plain receive from the timer that an instruction is, nil if it is none.
func (f *finder) receives(in ssa.Instruction) *ssa.UnOp {
	if u, ok := in.(*ssa.UnOp); ok && u.Op == token.ARROW && ofChannel(u.X, f.fn) == f.timer {
		return u
	}
	return nil
}

// search finds the blocks from whose beginning an idle timer is received from.
func (f *finder) search() {
	f.leads = map[*ssa.BasicBlock]*ssa.UnOp{}
	for changed := true; changed; {
		changed = false
		for _, blk := range f.fn.Blocks {
			if f.leads[blk] == nil {
				f.leads[blk] = f.from(blk, 0)
				changed = changed || f.leads[blk] != nil
			}
		}
	}
}

// from is the receive that a function comes to from an instruction of a block, nil if none.
func (f *finder) from(blk *ssa.BasicBlock, first int) *ssa.UnOp {
	for _, in := range blk.Instrs[first:] {
		if u := f.receives(in); u != nil {
			return u
		}
		if f.sets(in) {
			return nil
		}
	}
	ways := blk.Succs
	branch, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
	if !ok {
		if len(ways) == 1 {
			return f.leads[ways[0]]
		}
		return nil
	}
	yes, no := f.leads[ways[0]], f.leads[ways[1]]
	switch f.asks(branch.Cond) {
	case stopped:
		return no
	case fired:
		return no
	case free:
		if yes == nil {
			return no
		}
		return yes
	}
	if yes == nil || no == nil {
		return nil
	}
	return yes
}

// A question is what a condition asks.
type question int8

const (
	unknown question = iota
	stopped          // whether Stop was in time
	fired            // whether the case of the timer was taken
	free             // what may be either way
)

// asks says what a condition asks of an idle timer.
func (f *finder) asks(cond ssa.Value) question {
	switch cond := method.Stored(cond).(type) {
	case *ssa.Call:
		if f.stops(cond) {
			return stopped
		}
	case *ssa.Extract:
		switch cond.Tuple.(type) {
		case *ssa.Next, *ssa.Select, *ssa.UnOp:
			return free
		}
	case *ssa.BinOp:
		if sel := selectOf(method.Stored(cond.X)); sel != nil {
			if n, ok := cond.Y.(*ssa.Const); ok && f.isCase(sel, n) {
				return fired
			}
			return free
		}
		if value.OfRange(cond.Block()) {
			return free
		}
		if (source.IsNil(cond.X) || source.IsNil(cond.Y)) && known.IsError(cond.X.Type()) {
			return callFailed(cond)
		}
	}
	return unknown
}

// callFailed is free if the error that is compared comes from a call just before.
func callFailed(cmp *ssa.BinOp) question {
	for _, v := range []ssa.Value{cmp.X, cmp.Y} {
		v = method.Stored(v)
		if x, ok := v.(*ssa.Extract); ok {
			v = x.Tuple
		}
		if call, ok := v.(*ssa.Call); ok && call.Block() == cmp.Block() {
			return free
		}
	}
	return unknown
}

// stops reports whether an instruction calls Stop of the timer.
func (f *finder) stops(in ssa.Instruction) bool {
	call, ok := in.(*ssa.Call)
	return ok && known.RoleOf(known.FuncName(source.Callee(&call.Call))) == known.RoleStop && timerOf(source.Args(&call.Call)[0], f.fn) == f.timer
}

// selectOf is the select that a value says the case of, nil if it is none.
func selectOf(v ssa.Value) *ssa.Select {
	x, ok := v.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return nil
	}
	sel, _ := x.Tuple.(*ssa.Select)
	return sel
}

// isCase reports whether the case of a select with this number receives from the timer.
func (f *finder) isCase(sel *ssa.Select, n *ssa.Const) bool {
	i, ok := constant.Int64Val(n.Value)
	return ok && i >= 0 && int(i) < len(sel.States) && sel.States[i].Dir == types.RecvOnly && ofChannel(sel.States[i].Chan, f.fn) == f.timer
}

// pairs are the places after which the timer is idle, with the receives that they lead to.
func (f *finder) pairs() (out [][2]*model.Op) {
	told := map[*ssa.UnOp]bool{}
	note := func(idle *model.Op, drains *ssa.UnOp) {
		if drains == nil || told[drains] || idle == nil {
			return
		}
		if op := f.b.OpAt(f.fn, drains); op != nil && !op.Deferred {
			told[drains] = true
			out = append(out, [2]*model.Op{idle, op})
		}
	}
	for _, blk := range f.fn.Blocks {
		for i, in := range blk.Instrs {
			switch in := in.(type) {
			case *ssa.If:
				cmp, ok := method.Stored(in.Cond).(*ssa.BinOp)
				if ok && f.asks(cmp) == fired {
					note(f.caseOp(cmp), f.leads[blk.Succs[0]])
				}
			case *ssa.UnOp:
				if f.receives(in) != nil {
					note(f.b.OpAt(f.fn, in), f.from(blk, i+1))
				}
			case *ssa.Call:
				if f.stops(in) {
					note(&model.Op{Kind: model.OpStop, At: model.SpanAt(in.Pos()), Text: f.b.CallText(in)}, f.afterStop(in, i))
				}
			}
		}
	}
	return out
}

// afterStop is the receive that a function comes to when a Stop was in time.
func (f *finder) afterStop(call *ssa.Call, i int) *ssa.UnOp {
	blk := call.Block()
	if branch, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If); ok && method.Stored(branch.Cond) == ssa.Value(call) {
		return f.leads[blk.Succs[0]]
	}
	return f.from(blk, i+1)
}

// caseOp is the op of the case that a comparison asks for.
func (f *finder) caseOp(cmp *ssa.BinOp) *model.Op {
	sel := f.b.OpAt(f.fn, selectOf(method.Stored(cmp.X)))
	i, ok := constant.Int64Val(cmp.Y.(*ssa.Const).Value)
	switch {
	case sel == nil || !ok:
		return nil
	case int(i) < len(sel.Cases):
		return sel.Cases[i]
	}
	return nil
}
