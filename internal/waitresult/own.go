package waitresult

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
)

// Groups of the package's own, which keep the errors of their tasks themselves.
//
// A type holds a WaitGroup. One of its methods starts the function that it is given
// and keeps the error in a field; another one waits for the counter and gives the
// field back. Whoever calls it is told of the errors as by an errgroup.
//
// Only objects that the spawner makes and keeps for itself are looked at, and only
// where nobody else looks at the field: what another method tells of it, or a read of
// the field, is another way to the errors.

// OwnWaits lists the calls by which the spawner waits for such an object.
func (e *Follower) OwnWaits(f *model.FanOut) []*model.OwnWait {
	root := e.FrameOf[f.Body]
	if f.Group.Kind != model.WaitGroup || root == nil || len(f.Tasks) == 0 {
		return nil
	}
	var out []*model.OwnWait
	for _, w := range f.Waits {
		field, m := e.gives(w)
		if m == nil || m.Caller != root {
			continue
		}
		task, keeps := e.keeps(f, field, m)
		if !keeps || e.leaves(root, m) || e.seenElsewhere(root, m, field) {
			continue
		}
		model.EachOp(f.Body, func(op *model.Op) bool {
			if op.Into != nil && op.Into == e.Bodies[m] {
				name := op.Text
				if i := strings.LastIndexByte(name, '.'); i > 0 {
					name = name[:i]
				}
				out = append(out, &model.OwnWait{Op: op, Name: name, Task: task, Start: e.startOf(task, root)})
			}
			return true
		})
	}
	return out
}

// startOf is the call of root by which the task is started.
func (e *Follower) startOf(t *model.Task, root *flow.Frame) model.Span {
	if t == nil {
		return model.Span{}
	}
	fr := e.FrameOf[t.Body]
	for fr.Caller != nil && fr.Caller != root {
		fr = fr.Caller
	}
	if call, ok := fr.Site.(*ssa.Call); ok {
		return e.Positions.CallSpan(call)
	}
	return t.At
}

// gives is the method that waits by w and gives back a field of its receiver, nil if
// it is not one.
func (e *Follower) gives(w *model.Op) (field int, method *flow.Frame) {
	m := e.Waits[w].Fr
	if m == nil || m.Spawned || m.Site == nil {
		return -1, nil
	}
	res := m.Fn.Signature.Results()
	if res.Len() == 0 || !known.HoldsErrors(res.At(res.Len()-1).Type()) {
		return -1, nil
	}
	if field = source.GivesField(m.Fn); field < 0 {
		return -1, nil
	}
	return field, m
}

// keeps reports whether every task is started by a method of m's type that keeps its
// error in the field, and which of them can fail.
func (e *Follower) keeps(f *model.FanOut, field int, m *flow.Frame) (failing *model.Task, ok bool) {
	for _, t := range f.Tasks {
		task := e.FrameOf[t.Body]
		if task == nil {
			return nil, false
		}
		by := task
		for by != nil && !keepsIn(by.Fn, m.Fn, field) {
			by = by.Caller
		}
		if by == nil {
			return nil, false
		}
		for _, c := range task.Calls() {
			given := c.Site.Common().StaticCallee() == nil && !c.Site.Common().IsInvoke()
			if given && failing == nil && e.Fails(c) == model.Yes && e.KeepsErrors(c, c) != model.Yes {
				failing = t
			}
		}
	}
	return failing, true
}

// keepsIn reports whether fn is a method of m's type that keeps errors in the field.
func keepsIn(fn, m *ssa.Function, field int) bool {
	return sameReceiver(fn, m) && source.KeepsErrors(fn, field) >= 0
}

func sameReceiver(a, b *ssa.Function) bool {
	ra, rb := a.Signature.Recv(), b.Signature.Recv()
	if ra == nil || rb == nil {
		return false
	}
	na, nb := known.NamedType(ra.Type()), known.NamedType(rb.Type())
	return na != nil && nb != nil && na.Origin() == nb.Origin()
}

// onlyKept reports whether nothing but a method that keeps errors sets the field: it is
// nil until a task fails.
func (e *Follower) onlyKept(m *ssa.Function, field int) bool {
	for _, fn := range e.Funcs {
		if keepsIn(outermost(fn), m, field) {
			continue
		}
		for _, fa := range fieldsOf(fn, m, field) {
			for _, ref := range *fa.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(fa) {
					return false
				}
			}
		}
	}
	return true
}

// fieldsOf are the places where fn names the field of m's receiver, of whatever object.
func fieldsOf(fn, m *ssa.Function, field int) []*ssa.FieldAddr {
	var out []*ssa.FieldAddr
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if fa, ok := in.(*ssa.FieldAddr); ok && fa.Field == field && isOf(fa.X, m) {
				out = append(out, fa)
			}
		}
	}
	return out
}

// leaves reports whether code besides the spawner, what it calls and the methods of the
// type may have an object of m's type: one that the spawner was given, or has stored,
// returned or handed on.
func (e *Follower) leaves(root, m *flow.Frame) bool {
	for _, fr := range e.Frames(root) {
		if sameReceiver(outermost(fr.Fn), m.Fn) {
			continue
		}
		for _, b := range fr.Fn.Blocks {
			for _, in := range b.Instrs {
				if e.handsOn(in, fr, root, m.Fn) {
					return true
				}
			}
		}
		if fr == root && slices.ContainsFunc(fr.Fn.Params, func(p *ssa.Parameter) bool { return isOf(p, m.Fn) }) {
			return true
		}
	}
	return false
}

// handsOn reports whether an instruction gives an object of m's type to others, or
// takes one from where others have it.
func (e *Follower) handsOn(in ssa.Instruction, fr, root *flow.Frame, m *ssa.Function) bool {
	switch in := in.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.DebugRef, *ssa.MakeClosure:
		return false
	case *ssa.Return:
		if fr != root {
			return false
		}
	case *ssa.UnOp:
		switch in.X.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
			return false
		}
		return isOf(in, m)
	case *ssa.Store:
		if _, local := in.Addr.(*ssa.Alloc); local {
			return false
		}
	case ssa.CallInstruction:
		if callee := in.Common().StaticCallee(); callee != nil && (sameReceiver(callee, m) || slices.ContainsFunc(fr.Calls(), func(c *flow.Frame) bool { return c.Site == in })) {
			return false
		}
	}
	return slices.ContainsFunc(in.Operands(nil), func(op *ssa.Value) bool { return *op != nil && isOf(*op, m) })
}

// isOf reports whether v is an object of m's receiver type, or points to one.
func isOf(v ssa.Value, m *ssa.Function) bool {
	of, recv := known.NamedType(v.Type()), known.NamedType(m.Signature.Recv().Type())
	return of != nil && recv != nil && of.Origin() == recv.Origin()
}

// outermost is the function that a literal stands in, or fn.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// seenElsewhere reports whether the field is named by code of the fan-out that is
// neither m nor keeps errors in it.
func (e *Follower) seenElsewhere(root, m *flow.Frame, field int) bool {
	for _, fr := range e.Frames(root) {
		if fr.Fn != m.Fn && !keepsIn(outermost(fr.Fn), m.Fn, field) && len(fieldsOf(fr.Fn, m.Fn, field)) > 0 {
			return true
		}
	}
	return false
}
