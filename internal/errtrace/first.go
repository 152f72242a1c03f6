package errtrace

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Errors after the first.
//
// Several tasks put their errors where there is room for all of them: a channel
// with a buffer, a slice with a slot for each. Or they put them where there is
// room for one: a variable. Once all tasks are done the spawner takes what it
// wants. This file finds two ways in which it ends up with one error of several:
//
// A FirstRead takes one error from a full container. It comes after a Wait of the
// group on every path, so that all errors are there: no sibling is stopped by it,
// nothing is gained by leaving the rest. Either it is one receive outside loops,
// the only one on the channel; or it stands in a loop over the channel or slice,
// and from the way on which the element is an error no path leads back into the
// loop or uses the container again. Elements are errors, or structs with an error.
//
// An Overwrite stores an error to a variable of the spawner from a task that runs
// several times (or from two tasks), without asking what the variable holds: the
// last failure, or even the last success, wins. The value stored does not derive
// from the variable (errors.Join, multierror.Append and the like do), the store is
// not in a literal that a call is given (Once.Do), and no condition that the store
// depends on reads anything the tasks share.
//
// An error that the task also stores somewhere else is not lost with its container.
//
// Ignored: containers in fields, errors that are sent or stored by functions that
// are not followed, and order (a variable read between two stores).

// FirstReads lists them for the spawner, in source order.
func (e *Tracer) FirstReads(f *model.FanOut) []*model.FirstRead {
	if f.Group.Kind == model.Bare || !several(f) {
		return nil
	}
	var found []sortedRead
	r := &readFinder{e: e, f: f, fr: e.FrameOf[f.Body]}
	r.puts = r.allPuts()
	if len(r.puts) == 0 {
		return nil
	}
	r.waits()
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			if x := r.read(in); x != nil && !known.PromisesFirst(e.Positions.NoteAt(in.Pos())) {
				found = append(found, sortedRead{x, in.Pos()})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b sortedRead) int { return cmp.Compare(a.at, b.at) })
	var out []*model.FirstRead
	for _, x := range found {
		out = append(out, x.FirstRead)
	}
	return out
}

// sortedRead is a read with the place of its instruction.
type sortedRead struct {
	*model.FirstRead
	at token.Pos
}

// several reports whether more than one task runs.
func several(f *model.FanOut) bool {
	return len(f.Tasks) > 1 || len(f.Tasks) == 1 && f.Tasks[0].InLoop
}

// An errorPut is a store or send of an error by a task.
type errorPut struct {
	task *model.Task
	at   model.Span
	in   ssa.Instruction // the first one
	from []*model.Task   // those that do
	many bool            // more than one can, in one run of the spawner
}

// allPuts are the containers of the spawner that tasks put errors into.
func (r *readFinder) allPuts() map[flow.Origin]*errorPut {
	out := map[flow.Origin]*errorPut{}
	for _, t := range r.f.Tasks {
		r.e.eachInstr(r.e.FrameOf[t.Body], func(in ssa.Instruction, fr *flow.Frame) {
			var into, val ssa.Value
			switch in := in.(type) {
			case *ssa.Send:
				if value.HoldsError(in.X.Type()) {
					into, val = in.Chan, in.X
				}
			case *ssa.Select:
				if in.Blocking {
					for _, st := range in.States {
						if st.Send != nil && value.HoldsError(st.Send.Type()) {
							into, val = st.Chan, st.Send
						}
					}
				}
			case *ssa.Store:
				if ia, ok := slotOf(in.Addr); ok && known.IsError(in.Val.Type()) && !source.IsNil(in.Val) {
					into, val = ia.X, in.Val
				}
			}
			if into == nil || keptTwice(val) || source.Recorded(val) {
				return
			}
			for _, s := range r.e.Resolve(into, fr) {
				if s.Frame != r.fr || s.Path != "" {
					continue
				}
				if out[s] == nil {
					out[s] = &errorPut{task: t, at: model.SpanAt(in.Pos()), in: in}
				}
				p, again := out[s], func(other *model.Task) bool { return r.together(other, t) }
				made, here := s.Val.(ssa.Instruction)
				p.many = p.many || here && r.runsMany(t, made.Block()) || slices.ContainsFunc(p.from, again)
				p.from = append(p.from, t)
			}
		})
	}
	return out
}

// keptTwice reports whether the function that puts an error into a container stores
// it somewhere else too: then it is not lost with the container.
func keptTwice(v ssa.Value) bool {
	ld, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	cell, ok := ld.X.(*ssa.Alloc)
	if !ok || captured(cell) {
		return false
	}
	for _, ref := range *cell.Referrers() {
		other, ok := ref.(*ssa.UnOp)
		if !ok || other == ld {
			continue
		}
		for _, use := range *other.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Val == ssa.Value(other) && !localAddr(st.Addr) {
				return true
			}
		}
	}
	return false
}

// slotOf is the element that an address belongs to.
func slotOf(addr ssa.Value) (*ssa.IndexAddr, bool) {
	if fa, ok := addr.(*ssa.FieldAddr); ok {
		addr = fa.X
	}
	ia, ok := addr.(*ssa.IndexAddr)
	return ia, ok
}

// eachInstr visits the code that a task runs itself: its function and what that
// calls, but no literals given to others.
func (e *Tracer) eachInstr(task *flow.Frame, visit func(ssa.Instruction, *flow.Frame)) {
	var walk func(fr *flow.Frame)
	walk = func(fr *flow.Frame) {
		for _, blk := range fr.Fn.Blocks {
			for _, in := range blk.Instrs {
				visit(in, fr)
			}
		}
		for _, c := range fr.Calls() {
			if tg, ok := e.Target(c.Site.Common(), fr); ok && tg.Fn == c.Fn && !c.Spawned {
				walk(c)
			}
		}
	}
	if task != nil {
		walk(task)
	}
}

type readFinder struct {
	e      *Tracer
	f      *model.FanOut
	fr     *flow.Frame
	puts   map[flow.Origin]*errorPut
	joined []*ssa.Call
}

// waits finds the calls of Wait on the group in the spawner itself.
func (r *readFinder) waits() {
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if _, m, ok := r.e.Groups.Method(source.Callee(&call.Call)); !ok || m.Does != model.OpWait {
				continue
			}
			if s := r.e.Resolve(source.Args(&call.Call)[0], r.fr); len(s) == 1 && !s[0].IsZero() && r.e.GroupOf(s[0]) == r.f.Group {
				r.joined = append(r.joined, call)
			}
		}
	}
}

// after is the Wait that comes before in on every path, nil if there is none.
func (r *readFinder) after(in ssa.Instruction) *ssa.Call {
	for _, w := range r.joined {
		if source.Dominates(w, in) {
			return w
		}
	}
	return nil
}

// container is what in takes an element from: the receive's channel or the slice.
func (r *readFinder) container(in ssa.Instruction) (flow.Origin, bool) {
	var from ssa.Value
	switch in := in.(type) {
	case *ssa.UnOp:
		if in.Op == token.ARROW {
			from = in.X
		} else if ia, ok := slotOf(in.X); ok && in.Op == token.MUL {
			from = ia.X
		}
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send == nil && value.HoldsError(chanElem(st.Chan)) {
				from = st.Chan
			}
		}
	}
	if from == nil {
		return flow.Origin{}, false
	}
	for _, s := range r.e.Resolve(from, r.fr) {
		if r.puts[s] != nil && r.puts[s].many {
			return s, true
		}
	}
	return flow.Origin{}, false
}

func chanElem(v ssa.Value) types.Type {
	if c, ok := v.Type().Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return types.Typ[types.Invalid]
}

// read is the FirstRead that in is, nil if it is none.
func (r *readFinder) read(in ssa.Instruction) *model.FirstRead {
	src, ok := r.container(in)
	if !ok {
		return nil
	}
	w := r.after(in)
	if w == nil {
		return nil
	}
	p := r.puts[src]
	if mk, ok := src.Val.(*ssa.MakeChan); ok {
		if c, ok := mk.Size.(*ssa.Const); ok && c.Int64() < 2 {
			return nil // room for one: the others were never there
		}
	}
	x := &model.FirstRead{Task: p.task, Put: p.at, Wait: r.e.Positions.CallSpan(w), Read: r.span(in), Name: r.name(in)}
	_, x.Slot = in.(*ssa.UnOp)
	x.Slot = x.Slot && in.(*ssa.UnOp).Op == token.MUL
	if source.InLoop(in.Block()) {
		x.Loop = true
		return r.leaves(in, src, x)
	}
	if x.Slot || r.uses(src, in, nil) || r.promisesOne(src, in) {
		return nil
	}
	return x
}

// promisesOne reports whether the code says in another way that one error is all it
// wants of the channel: it has taken one before, to stop at it, and only looks for
// one more; it returns what a closed channel gives; the variable is named so.
func (r *readFinder) promisesOne(src flow.Origin, in ssa.Instruction) bool {
	closed := false
	for _, b := range r.fr.Fn.Blocks {
		for _, x := range b.Instrs {
			if call, ok := x.(*ssa.Call); ok && source.Dominates(x, in) {
				if ch := closes(&call.Call); ch != nil && r.isFrom(ch, src, r.fr) {
					closed = true
				}
			}
			if from, ok := r.takenFrom(x); ok && x != in && slices.Contains(from, src) {
				return true
			}
		}
	}
	v, ok := in.(*ssa.UnOp)
	if !ok {
		return false
	}
	for _, ref := range *v.Referrers() {
		st, ok := ref.(*ssa.Store)
		if cell, isCell := storeCell(st); ok && isCell && known.IsFirstName(cell.Comment) {
			return true
		}
		_, returned := ref.(*ssa.Return)
		if closed && (returned || ok && source.IsCarrier(st)) {
			return true
		}
	}
	return false
}

func (r *readFinder) span(in ssa.Instruction) model.Span {
	if sel, ok := in.(*ssa.Select); ok {
		for _, st := range sel.States {
			if st.Send == nil && value.HoldsError(chanElem(st.Chan)) {
				return r.e.OpSpan(st.Pos, r.fr)
			}
		}
	}
	return r.e.OpSpan(in.Pos(), r.fr)
}

func (r *readFinder) name(in ssa.Instruction) string {
	switch in := in.(type) {
	case *ssa.UnOp:
		if ia, ok := slotOf(in.X); ok {
			return r.e.NameOf(ia.X)
		}
		return r.e.NameOf(in.X)
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send == nil && value.HoldsError(chanElem(st.Chan)) {
				return r.e.NameOf(st.Chan)
			}
		}
	}
	return "it"
}

// uses reports whether the container is used again besides by in and by the
// closing of a channel: in the blocks given, or anywhere after in.
func (r *readFinder) uses(src flow.Origin, in ssa.Instruction, blocks map[*ssa.BasicBlock]bool) bool {
	if blocks == nil {
		blocks = map[*ssa.BasicBlock]bool{}
		for _, b := range r.fr.Fn.Blocks {
			blocks[b] = r.after(b.Instrs[len(b.Instrs)-1]) != nil
		}
	}
	for _, b := range r.fr.Fn.Blocks {
		if !blocks[b] {
			continue
		}
		for _, x := range b.Instrs {
			if x == in || b == in.Block() && source.IndexOf(b, x) < source.IndexOf(b, in) {
				continue
			}
			if call, ok := x.(ssa.CallInstruction); ok {
				if bi, ok := call.Common().Value.(*ssa.Builtin); ok && (bi.Name() == "close" || bi.Name() == "len" || bi.Name() == "cap") {
					continue
				}
			}
			if r.mentions(x, src) {
				return true
			}
		}
	}
	return false
}

// mentions reports whether an instruction works with the container.
func (r *readFinder) mentions(x ssa.Instruction, src flow.Origin) bool {
	for _, op := range x.Operands(nil) {
		v := *op
		if v == nil {
			continue
		}
		switch v.Type().Underlying().(type) {
		case *types.Chan, *types.Slice, *types.Pointer:
		default:
			continue
		}
		if _, isLoad := x.(*ssa.UnOp); isLoad && x.(*ssa.UnOp).Op == token.MUL {
			if _, elem := slotOf(v); !elem {
				continue // only names it
			}
		}
		if ia, ok := slotOf(v); ok {
			v = ia.X
		}
		for _, s := range r.e.Resolve(v, r.fr) {
			if s == src {
				return true
			}
		}
	}
	return false
}
