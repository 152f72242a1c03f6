package errtrace

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/source"
)

// An errTrail is the way of one error from the test that found it.
type errTrail struct {
	e       *Tracer
	fr      *flow.Frame
	val     ssa.Value  // the value that was tested
	cell    *ssa.Alloc // the variable it was read from, nil if there is none
	from    *ssa.BasicBlock
	failing *ssa.BasicBlock
	reached map[*ssa.BasicBlock]bool

	kept bool        // some path leaves a trace
	log  *ssa.Call   // the first call that logs it
	end  *ssa.Return // the first return that is reached with nothing to say
}

// newErrTrail is nil where the error's variable is shared with other functions.
func newErrTrail(e *Tracer, fr *flow.Frame, v ssa.Value, from, failing *ssa.BasicBlock) *errTrail {
	t := &errTrail{e: e, fr: fr, val: v, from: from, failing: failing, reached: map[*ssa.BasicBlock]bool{}}
	if ld, ok := v.(*ssa.UnOp); ok {
		cell, ok := ld.X.(*ssa.Alloc)
		if !ok || captured(cell) {
			return nil
		}
		t.cell = cell
	}
	return t
}

// captured reports whether a literal holds the variable, or its address is used.
func captured(cell *ssa.Alloc) bool {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != ssa.Value(cell) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// branch reports whether only the failing way leads to b.
func (t *errTrail) branch(b *ssa.BasicBlock) bool {
	return len(t.failing.Preds) == 1 && t.failing.Dominates(b)
}

// follow visits what can be reached, nearest first.
func (t *errTrail) follow() {
	t.fate(t.val, t.from)
	todo := []*ssa.BasicBlock{t.failing}
	for len(todo) > 0 && !t.kept {
		b := todo[0]
		todo = todo[1:]
		if b.Dominates(t.from) {
			t.kept = true // round again: the next item, or another attempt
			return
		}
		if t.reached[b] {
			continue
		}
		t.reached[b] = true
		if t.block(b) {
			todo = append(todo, b.Succs...)
		}
	}
}

// fate notes what becomes of one reading of the error before or after the test.
func (t *errTrail) fate(v ssa.Value, at *ssa.BasicBlock) {
	switch f, log := fateOf(v, 0); {
	case f == fateKept:
		t.kept = true
	case f == fateLogged && t.log == nil && at != t.from:
		t.log = log
	}
}

// block looks at one block; false ends the path there.
func (t *errTrail) block(b *ssa.BasicBlock) bool {
	only, cleared := t.branch(b), false
	for _, in := range b.Instrs {
		switch in := in.(type) {
		case *ssa.UnOp:
			if t.cell != nil && in.X == ssa.Value(t.cell) && !cleared {
				t.fate(in, b)
			}
		case *ssa.Store:
			if t.cell != nil && in.Addr == ssa.Value(t.cell) {
				if c, ok := in.Val.(*ssa.Const); ok && c.IsNil() {
					cleared = true // a named result before it is returned
					continue
				}
				t.kept = true // another attempt, or another form of the error
				return false
			}
			if only && !localAddr(in.Addr) && !source.Unread(in) {
				t.kept = true
			}
		case *ssa.Send:
			t.kept = t.kept || only || known.IsError(in.X.Type()) // the error that was to be repaired, maybe
		case *ssa.MapUpdate, *ssa.Select, *ssa.Go, *ssa.Panic:
			t.kept = t.kept || only
		case *ssa.Call:
			t.kept = t.kept || only && !idle(t.e, in)
		case *ssa.Return:
			if n := len(in.Results); n == 0 || !known.IsError(in.Results[n-1].Type()) || nilResult(in) {
				if n > 0 && !known.IsError(in.Results[n-1].Type()) {
					t.kept = true // it tells in another way
				}
				if t.end == nil {
					t.end = in
				}
				return false
			}
			t.kept = t.kept || only
			return false
		}
	}
	return true
}

// localAddr reports whether a store goes to memory of the function itself.
func localAddr(addr ssa.Value) bool {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		case *ssa.Alloc:
			return !captured(a) || a.Comment == "varargs" || a.Comment == "slicelit" || a.Comment == "complit"
		default:
			return false
		}
	}
}

// nilResult reports whether a return statement gives a nil error.
func nilResult(ret *ssa.Return) bool {
	i := len(ret.Results) - 1
	v := ret.Results[i]
	if c, ok := v.(*ssa.Const); ok {
		return c.IsNil()
	}
	ld, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	cell, ok := ld.X.(*ssa.Alloc)
	if !ok || captured(cell) {
		return false
	}
	st, _ := source.LastStore(cell, ret.Block(), source.IndexOf(ret.Block(), ld))
	if st == nil {
		return false
	}
	c, ok := st.Val.(*ssa.Const)
	return ok && c.IsNil()
}

// idle reports whether a call in the branch leaves no trace of the failure: it
// logs, ends or unlocks something, or is made for its result.
func idle(e *Tracer, call *ssa.Call) bool {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() != "close" && b.Name() != "delete"
	}
	if source.OnlyLogs(call) {
		return true
	}
	if refs := call.Referrers(); refs != nil && len(*refs) > 0 {
		return true
	}
	if _, ok := e.Positions.Stmts[e.Positions.Call(call.Pos())]; !ok && call.Call.Signature().Results().Len() > 0 {
		return true // a part of another expression
	}
	name := known.FuncName(source.Callee(&call.Call))
	switch known.RoleOf(name) {
	case known.RoleSleep, known.RoleLock, known.RoleUnlock, known.RoleRelease:
		return true
	}
	if source.Callee(&call.Call) == nil {
		return false
	}
	method := source.Callee(&call.Call).Name()
	return known.IsCleanupName(method) && !known.IsCancelFunc(callRecv(call))
}

func callRecv(call *ssa.Call) types.Type {
	if args := source.Args(&call.Call); len(args) > 0 {
		return args[0].Type()
	}
	return types.Typ[types.Invalid]
}
