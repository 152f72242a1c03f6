package race

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/order"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Accesses that come to nothing once a goroutine has been started: what is set where it
// is nil has been set by then, and what a goroutine does with a message of others may
// come after whatever its spawner does next.

// setAlready reports whether a write of the spawner is made only where the place is nil, and
// the spawner has set it on the same condition before the start.
func (x *racer) setAlready(b *access, start *model.Op) bool {
	from := x.o.Instr(start)
	if nilTest(b.in) == nil || from == nil {
		return false
	}
	return slices.ContainsFunc(x.places.of(b.memory).list, func(u user) bool {
		if u.who != 0 || u.a == b || u.a.Body != x.root || u.a.path != b.path {
			return false
		}
		test := nilTest(u.a.in)
		return test != nil && from.Parent() == test.Parent() && test.Dominates(from.Block())
	})
}

// nilTest is the block that asks whether a place is nil, just before the instruction
// sets it there, nil if it is no such store.
func nilTest(in ssa.Instruction) *ssa.BasicBlock {
	st, ok := in.(*ssa.Store)
	if !ok || source.IsNil(st.Val) || len(st.Block().Preds) != 1 {
		return nil
	}
	test := st.Block().Preds[0]
	cond, ok := test.Instrs[len(test.Instrs)-1].(*ssa.If)
	if !ok || test.Succs[0] != st.Block() || test.Succs[1] == st.Block() {
		return nil
	}
	cmp, ok := cond.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL || !source.IsNil(cmp.Y) {
		return nil
	}
	ld, ok := cmp.X.(*ssa.UnOp)
	if !ok || ld.Op != token.MUL || !flow.SamePlace(ld.X, st.Addr) {
		return nil
	}
	return test
}

// awaitsOthers reports whether a goroutine comes to an access only with a message on a
// channel that was not made here, nor by the runtime, and that the spawner does not send on: who
// sends it may do so after all that the spawner does.
func (x *racer) awaitsOthers(who *order.Actor, a *access) bool {
	within := func(op *model.Op) bool {
		return op.Into != nil && (op.Into == a.Body || op.Contains(func(o *model.Op) bool { return o.Into == a.Body }))
	}
	if !x.hearsOthers(who) {
		return false
	}
	heard := false
	w := &model.Walk{Body: who.Body, Step: func(op *model.Op, stage int, _ *model.Path) (int, model.Verdict) {
		switch {
		case x.fromOthers(op):
			heard = true
			return stage, model.Cut
		case a.Body != who.Body && within(op):
			return stage, model.Hit
		}
		return stage, model.GoOn
	}}
	if a.Body == who.Body {
		t := x.e.touches[a.Body]
		w.Marks = func(b *model.Block) []model.Mark { return t.marks[b.Index] }
		w.Mark = func(m model.Mark, stage int, _ *model.Path) (int, model.Verdict) {
			if m == model.Mark(a) {
				return stage, model.Hit
			}
			return stage, model.GoOn
		}
	}
	return w.Find() == nil && !w.Spent() && heard
}

// hearsOthers reports whether a goroutine receives such a message at all.
func (x *racer) hearsOthers(who *order.Actor) bool {
	hears, asked := x.hears[who]
	if !asked {
		hears = slices.ContainsFunc(order.OpsOf(who.Body), func(op *model.Op) bool {
			return x.fromOthers(op) || slices.ContainsFunc(op.Cases, x.fromOthers)
		})
		x.hears[who] = hears
	}
	return hears
}

// fromOthers reports whether an op receives a message of code that is not seen here.
func (x *racer) fromOthers(op *model.Op) bool {
	if op.Kind != model.OpReceive && op.Kind != model.OpRange || op.Deferred {
		return false
	}
	ch := op.Chan
	return ch != nil && !ch.Local && !ch.Fills && !ch.Later && !slices.ContainsFunc(order.OpsOf(x.root), func(o *model.Op) bool {
		return (o.Kind == model.OpSend || o.Kind == model.OpClose) && o.Chan == ch
	})
}

// madeBy reports whether the access keeps the object that the call gives which is handed the
// literal that starts the task: an object that is made with a literal has it called later.
func (x *racer) madeBy(start *model.Op, b *access) bool {
	call, isCall := x.o.Instr(start).(*ssa.Call)
	st, isStore := b.in.(*ssa.Store)
	if !isCall || !isStore || start.Kind != model.OpCall || start.Into != nil {
		return false
	}
	v := st.Val
	if part, ok := v.(*ssa.Extract); ok {
		v = part.Tuple
	}
	if v != ssa.Value(call) || known.IsError(st.Val.Type()) {
		return false
	}
	switch st.Val.Type().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Struct:
		return true
	}
	return false
}
