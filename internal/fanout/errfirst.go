package fanout

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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

// A FirstRead is the one reading of several errors.
type FirstRead struct {
	Task *Task // one that puts errors in
	Put  Span  // where it does
	Wait Span  // the Wait after which all errors are there
	Read Span  // the receive, or the loop's test
	Ret  Span  // the return that leaves the others, zero if the spawner just goes on
	Name string
	Text string // how it is taken
	Loop bool   // it stands in a loop over all
	Slot bool   // the container is a slice
	at   token.Pos
}

// An Overwrite is a store to a shared error variable that may hold another's error.
type Overwrite struct {
	Task  *Task
	Other *Task // another task that stores it, nil if the same one runs several times
	At    Span
	Name  string
	// Clears: a later success sets the variable to nil.
	Clears bool
	Read   Span // where the spawner reads it
}

// FirstReads lists them for the spawner, in source order.
func (f *FanOut) FirstReads() []*FirstRead {
	if f.root == nil || f.Group.Kind == Bare || !f.several() {
		return nil
	}
	var out []*FirstRead
	r := &readFinder{f: f, fr: f.root, puts: f.puts()}
	if len(r.puts) == 0 {
		return nil
	}
	r.waits()
	for _, blk := range f.root.fn.Blocks {
		for _, in := range blk.Instrs {
			if x := r.read(in); x != nil {
				out = append(out, x)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *FirstRead) int { return cmp.Compare(a.at, b.at) })
	return out
}

// several reports whether more than one task runs.
func (f *FanOut) several() bool {
	return len(f.Tasks) > 1 || len(f.Tasks) == 1 && f.Tasks[0].InLoop
}

// A put is a store or send of an error by a task.
type put struct {
	task *Task
	at   Span
	last *Task // the last task counted
	n    int   // how many tasks, as far as one and many differ
}

// puts are the containers of the spawner that tasks put errors into.
func (f *FanOut) puts() map[source]*put {
	out := map[source]*put{}
	for _, t := range f.Tasks {
		f.eachInstr(t, func(in ssa.Instruction, fr *frame) {
			var into, val ssa.Value
			switch in := in.(type) {
			case *ssa.Send:
				if holdsError(in.X.Type()) {
					into, val = in.Chan, in.X
				}
			case *ssa.Select:
				if in.Blocking {
					for _, st := range in.States {
						if st.Send != nil && holdsError(st.Send.Type()) {
							into, val = st.Chan, st.Send
						}
					}
				}
			case *ssa.Store:
				if ia, ok := slotOf(in.Addr); ok && isError(in.Val.Type()) && !nilConst(in.Val) {
					into, val = ia.X, in.Val
				}
			}
			if into == nil || keptTwice(val) {
				return
			}
			for _, s := range f.e.resolve(into, fr) {
				if s.fr != f.root || s.path != "" {
					continue
				}
				if out[s] == nil {
					out[s] = &put{task: t, at: spanAt(in.Pos())}
				}
				if out[s].last == t {
					continue // one of several ways through the same task
				}
				out[s].last = t
				out[s].n++
				if made, ok := s.val.(ssa.Instruction); ok && f.runsMany(t, made.Block()) {
					out[s].n++
				}
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

func nilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// eachInstr visits the code that a task runs itself: its function and what that
// calls, but no literals given to others.
func (f *FanOut) eachInstr(t *Task, visit func(ssa.Instruction, *frame)) {
	var walk func(fr *frame)
	walk = func(fr *frame) {
		for _, blk := range fr.fn.Blocks {
			for _, in := range blk.Instrs {
				visit(in, fr)
			}
		}
		children := make([]*frame, 0, len(fr.children))
		for _, c := range fr.children {
			children = append(children, c)
		}
		slices.SortFunc(children, func(a, b *frame) int {
			return cmp.Or(cmp.Compare(a.site.Pos(), b.site.Pos()), cmp.Compare(a.fn.Pos(), b.fn.Pos()))
		})
		for _, c := range children {
			if tg, ok := f.e.target(c.site.Common(), fr); ok && tg.fn == c.fn && !c.spawned {
				walk(c)
			}
		}
	}
	if t.fr != nil {
		walk(t.fr)
	}
}

type readFinder struct {
	f      *FanOut
	fr     *frame
	puts   map[source]*put
	joined []*ssa.Call
}

// waits finds the calls of Wait on the group in the spawner itself.
func (r *readFinder) waits() {
	for _, blk := range r.fr.fn.Blocks {
		for _, in := range blk.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if _, m, ok := r.f.e.known.method(staticFunc(&call.Call)); !ok || m.does != OpWait {
				continue
			}
			if s := r.f.e.resolve(callArgs(&call.Call)[0], r.fr); len(s) == 1 && !s[0].zero() && r.f.e.groupOf(s[0]) == r.f.Group {
				r.joined = append(r.joined, call)
			}
		}
	}
}

// after is the Wait that comes before in on every path, nil if there is none.
func (r *readFinder) after(in ssa.Instruction) *ssa.Call {
	for _, w := range r.joined {
		if w.Block() == in.Block() && indexOf(w.Block(), w) < indexOf(in.Block(), in) || w.Block() != in.Block() && w.Block().Dominates(in.Block()) {
			return w
		}
	}
	return nil
}

// container is what in takes an element from: the receive's channel or the slice.
func (r *readFinder) container(in ssa.Instruction) (source, bool) {
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
			if st.Send == nil && holdsError(chanElem(st.Chan)) {
				from = st.Chan
			}
		}
	}
	if from == nil {
		return source{}, false
	}
	for _, s := range r.f.e.resolve(from, r.fr) {
		if r.puts[s] != nil && r.puts[s].n > 1 {
			return s, true
		}
	}
	return source{}, false
}

func chanElem(v ssa.Value) types.Type {
	if c, ok := v.Type().Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return types.Typ[types.Invalid]
}

// read is the FirstRead that in is, nil if it is none.
func (r *readFinder) read(in ssa.Instruction) *FirstRead {
	src, ok := r.container(in)
	if !ok {
		return nil
	}
	w := r.after(in)
	if w == nil {
		return nil
	}
	p := r.puts[src]
	if mk, ok := src.val.(*ssa.MakeChan); ok {
		if c, ok := mk.Size.(*ssa.Const); ok && c.Int64() < 2 {
			return nil // room for one: the others were never there
		}
	}
	x := &FirstRead{Task: p.task, Put: p.at, Wait: r.f.e.callSpan(w), Read: r.span(in), at: in.Pos(), Name: r.name(in)}
	_, x.Slot = in.(*ssa.UnOp)
	x.Slot = x.Slot && in.(*ssa.UnOp).Op == token.MUL
	if inLoop(in.Block()) {
		x.Loop = true
		return r.leaves(in, src, x)
	}
	if x.Slot || r.uses(src, in, nil) {
		return nil
	}
	return x
}

func (r *readFinder) span(in ssa.Instruction) Span {
	b := &bodyBuilder{e: r.f.e, fr: r.fr}
	if sel, ok := in.(*ssa.Select); ok {
		for _, st := range sel.States {
			if st.Send == nil && holdsError(chanElem(st.Chan)) {
				return b.opSpan(st.Pos)
			}
		}
	}
	return b.opSpan(in.Pos())
}

func (r *readFinder) name(in ssa.Instruction) string {
	b := &bodyBuilder{e: r.f.e, fr: r.fr}
	switch in := in.(type) {
	case *ssa.UnOp:
		if ia, ok := slotOf(in.X); ok {
			return b.nameOf(ia.X)
		}
		return b.nameOf(in.X)
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send == nil && holdsError(chanElem(st.Chan)) {
				return b.nameOf(st.Chan)
			}
		}
	}
	return "it"
}

// uses reports whether the container is used again besides by in and by the
// closing of a channel: in the blocks given, or anywhere after in.
func (r *readFinder) uses(src source, in ssa.Instruction, blocks map[*ssa.BasicBlock]bool) bool {
	if blocks == nil {
		blocks = map[*ssa.BasicBlock]bool{}
		for _, b := range r.fr.fn.Blocks {
			blocks[b] = r.after(b.Instrs[len(b.Instrs)-1]) != nil
		}
	}
	for _, b := range r.fr.fn.Blocks {
		if !blocks[b] {
			continue
		}
		for _, x := range b.Instrs {
			if x == in || b == in.Block() && indexOf(b, x) < indexOf(b, in) {
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
func (r *readFinder) mentions(x ssa.Instruction, src source) bool {
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
		for _, s := range r.f.e.resolve(v, r.fr) {
			if s == src {
				return true
			}
		}
	}
	return false
}

// lastName reports whether a variable is named as one that is to hold the last
// value only.
func lastName(name string) bool { return strings.HasPrefix(strings.ToLower(name), "last") }
