package errtrace

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// A varStore is a store of an error to a variable of the spawner by a task.
type varStore struct {
	task *model.Task
	st   *ssa.Store
	many bool // the task runs several times with the one variable
}

// Overwrites lists the stores of errors that may replace another task's error: those of
// tasks to shared variables, one for each variable, and those of what the spawner takes.
// They are in source order.
func (e *Tracer) Overwrites(f *model.FanOut) []*model.Overwrite {
	r := &readFinder{e: e, f: f, fr: e.FrameOf[f.Body]}
	if r.fr == nil || !several(f) {
		return nil
	}
	var out []*model.Overwrite
	if f.Group.Kind != model.Bare {
		r.waits()
		out = r.shared()
	}
	if r.puts = r.allPuts(); len(r.puts) > 0 {
		out = append(out, r.replaced()...)
	}
	slices.SortStableFunc(out, func(a, b *model.Overwrite) int { return cmp.Compare(a.At.Pos, b.At.Pos) })
	return out
}

// shared lists the variables of the spawner that several tasks store errors to.
func (r *readFinder) shared() []*model.Overwrite {
	e, f := r.e, r.f
	byVar := map[flow.Variable][]varStore{}
	var order []flow.Variable
	for _, t := range f.Tasks {
		task := e.FrameOf[t.Body]
		e.eachInstr(task, func(in ssa.Instruction, fr *flow.Frame) {
			st, ok := in.(*ssa.Store)
			if !ok || !known.IsError(st.Val.Type()) || source.IsNil(st.Val) || value.IsLocalTo(st.Addr, fr, task) {
				return
			}
			key := e.sharedCell(st.Addr, fr)
			if key.Cell == nil || key.Frame != r.fr {
				return
			}
			if derives(st.Val, st.Addr, 0) || e.guarded(st, fr) || tellsAlso(st) {
				return // it looks at what is there, or none is lost
			}
			if byVar[key] == nil {
				order = append(order, key)
			}
			byVar[key] = append(byVar[key], varStore{task: t, st: st, many: r.runsMany(t, key.Cell.(*ssa.Alloc).Block())})
		})
	}
	var out []*model.Overwrite
	for _, key := range order {
		if x := r.overwrite(key, byVar[key]); x != nil {
			out = append(out, x)
		}
	}
	return out
}

// tellsAlso reports whether the function of a store writes what it stores to a log too, or
// gives it to a function that does: there every one can be read.
func tellsAlso(st *ssa.Store) bool {
	for _, blk := range st.Parent().Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok || !slices.ContainsFunc(value.Wrapped(call.Common()), func(v ssa.Value) bool { return sameRead(v, st.Val) }) {
				continue
			}
			to, fn := source.Callee(call.Common()), call.Common().StaticCallee()
			if to != nil && known.Tells(to) || fn != nil && fn.Signature.Results().Len() == 0 && value.TellsErrors(fn) {
				return true
			}
		}
	}
	return false
}

// sameRead reports whether two values are one, or reads of one variable that has not been
// set in between.
func sameRead(x, y ssa.Value) bool {
	a, isRead := x.(*ssa.UnOp)
	b, both := y.(*ssa.UnOp)
	if !isRead || !both || a.X != b.X {
		return x == y
	}
	cell, ok := a.X.(*ssa.Alloc)
	if !ok {
		return false
	}
	first, unset := source.ReachingStores(cell, a)
	last, stillUnset := source.ReachingStores(cell, b)
	return !unset && !stillUnset && slices.Equal(first, last)
}

// sharedCell is the variable of another function that a literal stores to.
func (e *Tracer) sharedCell(addr ssa.Value, fr *flow.Frame) flow.Variable {
	for {
		fv, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		b, home := fr.Binding(fv)
		if b == nil {
			return flow.Variable{}
		}
		addr, fr = b, home
	}
	if a, ok := addr.(*ssa.Alloc); ok {
		return flow.Variable{Cell: a, Frame: fr}
	}
	return flow.Variable{}
}

// runsMany reports whether the task runs several times with one container that
// was made in the block made of the spawner: some loop starts the task and does
// not make the container anew.
func (r *readFinder) runsMany(t *model.Task, made *ssa.BasicBlock) bool {
	if !t.InLoop {
		return false
	}
	site, direct := spawnBlock(r.e.FrameOf[t.Body], r.fr)
	if site == nil || !direct {
		return true // the loop is in a function that the spawner calls
	}
	for _, l := range r.e.LoopsOf(r.fr) {
		if l.Body[site] && !l.Body[made] {
			return true
		}
	}
	return false
}

// together reports whether two tasks are different ones that one run of the spawner can start
// both.
func (r *readFinder) together(s, t *model.Task) bool {
	if s == t {
		return false // one of several ways through the same task
	}
	one, _ := spawnBlock(r.e.FrameOf[s.Body], r.fr)
	two, _ := spawnBlock(r.e.FrameOf[t.Body], r.fr)
	if one == nil || two == nil || one == two {
		return true
	}
	next := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs }
	met := model.Reaches(one.Succs, two, next) || model.Reaches(two.Succs, one, next)
	return met && !value.OtherSides(one.Instrs[0], two.Instrs[0])
}

// spawnBlock is the block of root that starts task, or calls what does; direct
// says that it is root itself that starts it.
func spawnBlock(task, root *flow.Frame) (blk *ssa.BasicBlock, direct bool) {
	for fr := task; fr != nil && fr.Site != nil; fr = fr.Caller {
		if fr.Caller == root {
			return fr.Site.Block(), fr == task
		}
	}
	return nil, false
}

// derives reports whether a value is made from what the variable held: joined
// errors, a wrapped one.
func derives(v, addr ssa.Value, depth int) bool {
	if depth > 6 || v == nil {
		return depth > 6
	}
	if ld, ok := v.(*ssa.UnOp); ok {
		if ld.X == addr {
			return true
		}
		if cell, ok := ld.X.(*ssa.Alloc); ok {
			stores, _ := source.ReachingStores(cell, ld)
			return slices.ContainsFunc(stores, func(st *ssa.Store) bool { return derives(st.Val, addr, depth+1) })
		}
		return false
	}
	if sl, ok := v.(*ssa.Slice); ok {
		if arr, ok := sl.X.(*ssa.Alloc); ok {
			return slices.ContainsFunc(source.Elements(arr), func(x ssa.Value) bool { return derives(x, addr, depth+1) })
		}
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	return slices.ContainsFunc(in.Operands(nil), func(op *ssa.Value) bool { return derives(*op, addr, depth+1) })
}

// guarded reports whether a condition that the store depends on reads something
// that the tasks share: whether it is the first, say.
func (e *Tracer) guarded(st *ssa.Store, fr *flow.Frame) bool {
	for d := st.Block().Idom(); d != nil; d = d.Idom() {
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if readsShared(cond.Cond, 0) {
			return true
		}
	}
	return false
}

// readsShared reports whether a value depends directly on a captured variable or
// on memory behind a pointer, or is the answer of a call that takes one.
func readsShared(v ssa.Value, depth int) bool {
	if depth > 5 {
		return true
	}
	switch v := v.(type) {
	case *ssa.FreeVar, *ssa.Global, *ssa.Parameter:
		return true
	case *ssa.UnOp:
		if cell, ok := v.X.(*ssa.Alloc); ok {
			if known.IsError(v.Type()) {
				return false
			}
			stores, _ := source.ReachingStores(cell, v)
			return slices.ContainsFunc(stores, func(st *ssa.Store) bool {
				if _, isCall := st.Val.(*ssa.Call); isCall {
					return readsShared(st.Val, depth+1)
				}
				_, isParam := st.Val.(*ssa.Parameter)
				return !isParam && readsShared(st.Val, depth+1)
			})
		}
		return readsShared(v.X, depth+1)
	case *ssa.BinOp:
		return readsShared(v.X, depth+1) || readsShared(v.Y, depth+1)
	case *ssa.FieldAddr:
		return readsShared(v.X, depth+1)
	case *ssa.IndexAddr:
		return readsShared(v.X, depth+1)
	case *ssa.Call:
		if known.IsError(v.Type()) {
			return false
		}
		return isBool(v.Type()) && slices.ContainsFunc(source.Args(&v.Call), func(a ssa.Value) bool { return readsShared(a, depth+1) })
	}
	return false
}

// overwrite judges the stores to one variable.
func (r *readFinder) overwrite(key flow.Variable, stores []varStore) *model.Overwrite {
	cell := key.Cell.(*ssa.Alloc)
	if known.IsLastName(cell.Comment) {
		return nil
	}
	var x *model.Overwrite
	for _, s := range stores {
		if s.task.Fails == model.Yes {
			continue // the group has the error too
		}
		if x == nil {
			if s.many {
				x = &model.Overwrite{Task: s.task, At: model.SpanAt(s.st.Pos()), Name: cell.Comment, Clears: mayBeNil(s.st)}
			}
			for _, o := range stores {
				if x == nil && r.together(o.task, s.task) {
					x = &model.Overwrite{Task: s.task, Other: o.task, At: model.SpanAt(s.st.Pos()), Name: cell.Comment, Clears: mayBeNil(s.st)}
				}
			}
		}
	}
	if x == nil {
		return nil
	}
	for _, ref := range *cell.Referrers() {
		if ld, ok := ref.(*ssa.UnOp); ok && r.after(ld) != nil && (!x.Read.Pos.IsValid() || ld.Pos() < x.Read.Pos) {
			x.Read = model.SpanAt(ld.Pos())
			if !ld.Pos().IsValid() {
				x.Read = model.SpanAt(r.f.At.Pos) // a named result
			}
		}
	}
	if !x.Read.Pos.IsValid() {
		return nil
	}
	return x
}

// mayBeNil reports whether a success stores to the variable too: no test that
// there is an error comes before the store.
func mayBeNil(st *ssa.Store) bool {
	switch v := st.Val.(type) {
	case *ssa.Call, *ssa.Extract:
		return !alwaysError(v)
	case *ssa.UnOp:
		cell, ok := v.X.(*ssa.Alloc)
		if !ok {
			return false
		}
		for d := st.Block(); d != nil; d = d.Idom() {
			for _, p := range d.Preds {
				cond, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
				if !ok || len(d.Preds) != 1 {
					continue
				}
				if c, ok := cond.Cond.(*ssa.BinOp); ok && known.IsError(c.X.Type()) {
					if ld, ok := c.X.(*ssa.UnOp); ok && ld.X == ssa.Value(cell) {
						return false
					}
				}
			}
		}
		return true
	}
	return false
}

// alwaysError reports whether a call makes an error.
func alwaysError(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	return known.IsErrorConstructor(known.FuncName(source.Callee(&call.Call))) || len(value.Wrapped(&call.Call)) > 0
}
