package errtrace

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/flow"
	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/source"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Errors that the spawner takes from a task and loses itself.
//
// A task has left an error in a channel; the spawner takes it (alone, or as a field
// of what it takes), asks whether it is nil, and finds that it is not. The error is
// forgotten if nothing that can happen from there on uses it but a log, nothing else
// is done because of it, and the function returns nil. Which branches can be taken
// is decided by what is known of its error variables (nilness.go): a store that no
// path comes to keeps nothing.
//
// Only what a loop decides by being over counts as the way out of it: one that is
// left from inside has found something. A function that may still return another
// error afterwards has a policy of its own, and whatever is stored, sent or called
// because of the error is a trace.

// Forgotten lists them for the spawner, in source order.
func (e *Tracer) Forgotten(f *model.FanOut) []*model.Forgotten {
	if !f.ReturnsError {
		return nil
	}
	r := &readFinder{e: e, f: f, fr: e.FrameOf[f.Body]}
	if r.fr == nil {
		return nil
	}
	r.puts = r.allPuts()
	if len(r.puts) == 0 {
		return nil
	}
	var out []*model.Forgotten
	var nils *nilness
	for _, blk := range r.fr.Fn.Blocks {
		for _, in := range blk.Instrs {
			put := r.putOf(in)
			if put == nil {
				continue
			}
			if nils == nil {
				nils = nilnessOf(r.fr.Fn)
			}
			if x := r.forgotten(in, nils); x != nil {
				x.Task, x.Put, x.Take, x.Name = put.task, put.at, r.span(in), r.name(in)
				out = append(out, x)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Forgotten) int { return cmp.Compare(a.Test.Pos, b.Test.Pos) })
	return out
}

// takenFrom is where in takes an error from: the receive's channel, or the slice.
func (r *readFinder) takenFrom(in ssa.Instruction) ([]flow.Origin, bool) {
	switch in := in.(type) {
	case *ssa.UnOp:
		if in.Op == token.ARROW && value.HoldsError(chanElem(in.X)) {
			return r.e.Resolve(in.X, r.fr), true
		}
		if ia, ok := slotOf(in.X); ok && in.Op == token.MUL && known.IsError(in.Type()) {
			return r.e.Resolve(ia.X, r.fr), true
		}
	case *ssa.Select:
		var from ssa.Value
		for _, st := range in.States {
			if st.Send != nil || !value.HoldsError(chanElem(st.Chan)) {
				continue
			}
			if from != nil {
				return nil, false // one of two
			}
			from = st.Chan
		}
		if from != nil {
			return r.e.Resolve(from, r.fr), true
		}
	}
	return nil, false
}

// putOf is what a task has put where in takes from, nil if that is no error, or if it
// is not known which of several.
func (r *readFinder) putOf(in ssa.Instruction) *errorPut {
	sources, ok := r.takenFrom(in)
	if !ok {
		return nil
	}
	var found *errorPut
	for _, s := range sources {
		if p := r.puts[s]; p == nil || found != nil {
			return nil
		} else {
			found = p
		}
	}
	return found
}

// forgotten is what becomes of the error that in takes, nil if it is kept or nobody
// asks for it.
func (r *readFinder) forgotten(in ssa.Instruction, nils *nilness) *model.Forgotten {
	for _, blk := range r.fr.Fn.Blocks {
		cond, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.If)
		if !ok || !nils.reaches(blk) {
			continue
		}
		failing := r.asks(cond, in)
		if failing == nil {
			continue
		}
		t := &takenTrail{r: r, nils: nils, in: in, test: cond, failing: failing, holds: map[ssa.Value]bool{}}
		if x := t.judge(); x != nil {
			return x
		}
	}
	return nil
}

// A takenTrail is the way of one error that was taken, from the test that found it.
type takenTrail struct {
	r       *readFinder
	nils    *nilness
	in      ssa.Instruction
	test    *ssa.If
	failing *ssa.BasicBlock
	holds   map[ssa.Value]bool // the variables that hold it

	kept  bool
	log   bool
	loop  bool
	end   *ssa.Return
	never ssa.Instruction // what would keep it, where no path comes to
}

func (t *takenTrail) judge() *model.Forgotten {
	t.uses(t.in.(ssa.Value), 0)
	if !t.kept {
		t.follow()
	}
	if t.kept || t.end == nil || t.explained() {
		return nil
	}
	x := &model.Forgotten{Test: model.SpanAt(t.test.Cond.Pos()), Ret: t.r.e.returnSpan(t.end), Logged: t.log, Loop: t.loop, Only: t.branch(t.end.Block())}
	if t.never != nil {
		x.Keep = model.SpanAt(t.never.Pos())
		for _, in := range t.never.Block().Instrs[source.IndexOf(t.never.Block(), t.never):] {
			st, ok := in.(*ssa.Store)
			if cell, isCell := storeCell(st); ok && isCell && known.IsError(st.Val.Type()) {
				x.Keep, x.KeepIn = model.SpanAt(st.Pos()), cell.Comment
				break
			}
		}
	}
	return x
}

// storeCell is the variable that st stores to.
func storeCell(st *ssa.Store) (*ssa.Alloc, bool) {
	if st == nil {
		return nil, false
	}
	cell, ok := st.Addr.(*ssa.Alloc)
	return cell, ok
}

// explained reports whether a comment says why the error does not matter.
func (t *takenTrail) explained() bool {
	for _, p := range []token.Pos{t.test.Cond.Pos(), t.end.Pos()} {
		if p.IsValid() && t.r.e.Positions.Explained(p) {
			return true
		}
	}
	return false
}

// uses looks at what becomes of v, the error or what it was taken with, where the
// error may be not nil.
func (t *takenTrail) uses(v ssa.Value, depth int) {
	if depth > model.MaxPath {
		t.kept = true
		return
	}
	for _, ref := range *v.Referrers() {
		if t.kept {
			return
		}
		if t.succeeded(ref.Block()) {
			continue
		}
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.If:
		case *ssa.Extract:
			if value.HoldsError(ref.Type()) {
				t.uses(ref, depth+1)
			}
		case *ssa.Field:
			if known.IsError(ref.Type()) {
				t.uses(ref, depth+1)
			}
		case *ssa.Store:
			t.store(ref, depth)
		default:
			if f, log := useFate(v, ref, depth); f == fateKept {
				t.keep(ref)
			} else if log != nil && t.nils.reaches(log.Block()) {
				t.log = true
			}
		}
	}
}

// keep notes a use that keeps the error, or would if any path came to it.
func (t *takenTrail) keep(at ssa.Instruction) {
	switch {
	case t.nils.reaches(at.Block()):
		t.kept = true
	case t.never == nil:
		t.never = at
	}
}

// store follows the error into a variable of the function.
func (t *takenTrail) store(st *ssa.Store, depth int) {
	cell, ok := st.Addr.(*ssa.Alloc)
	switch {
	case !ok && localAddr(st.Addr):
		if f, log := stored(st, st.Val, depth); f == fateKept {
			t.keep(st)
		} else if log != nil && t.nils.reaches(log.Block()) {
			t.log = true
		}
		return
	case !ok, !t.nils.reaches(st.Block()):
		t.keep(st)
		return
	case t.holds[cell]:
		return
	}
	t.holds[cell] = true
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Store:
		case *ssa.UnOp:
			t.read(cell, ref, depth)
		case *ssa.FieldAddr:
			for _, use := range *ref.Referrers() {
				ld, isLoad := use.(*ssa.UnOp)
				switch {
				case !isLoad:
					t.keep(use)
				case known.IsError(ld.Type()):
					t.read(cell, ld, depth)
				}
			}
		default:
			t.keep(ref)
		}
	}
}

// read follows the error on from a reading of the variable, if it can be what was
// stored there.
func (t *takenTrail) read(cell *ssa.Alloc, ld *ssa.UnOp, depth int) {
	stores, _ := source.ReachingStores(cell, ld)
	if slices.ContainsFunc(stores, func(st *ssa.Store) bool { return t.r.from(st.Val, t.in, 0) }) {
		t.uses(ld, depth+1)
	}
}

// succeeded reports whether b is only come to where there is no error.
func (t *takenTrail) succeeded(b *ssa.BasicBlock) bool {
	for _, s := range t.test.Block().Succs {
		if s != t.failing && len(s.Preds) == 1 && s.Dominates(b) {
			return true
		}
	}
	return false
}

// follow visits what can come after the test, nearest first.
func (t *takenTrail) follow() {
	reached := map[*ssa.BasicBlock]bool{}
	todo := []*ssa.BasicBlock{t.failing}
	for len(todo) > 0 && !t.kept {
		b := todo[0]
		todo = todo[1:]
		if reached[b] {
			continue
		}
		reached[b] = true
		next := t.nils.next(b)
		if loop := t.round(b); loop != nil {
			t.loop = true
			next = slices.DeleteFunc(slices.Clone(next), func(s *ssa.BasicBlock) bool { return loop.Body[s] })
		} else if !t.quiet(b) {
			t.kept = true
			return
		}
		todo = append(todo, next...)
	}
}

// round is the loop around the test that b begins the next round of, nil if it is
// none.
func (t *takenTrail) round(b *ssa.BasicBlock) *value.Loop {
	for _, l := range t.r.e.LoopsOf(t.r.fr) {
		if l.Header == b && l.Body[t.test.Block()] {
			return l
		}
	}
	return nil
}

// branch reports whether only the failing way leads to b.
func (t *takenTrail) branch(b *ssa.BasicBlock) bool {
	return len(t.failing.Preds) == 1 && t.failing.Dominates(b)
}

// quiet reports whether nothing that happens in b is done because of the error.
func (t *takenTrail) quiet(b *ssa.BasicBlock) bool {
	if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
		if t.nils.gives(ret) != beNil {
			return false
		}
		if t.end == nil {
			t.end = ret
		}
	}
	if !t.branch(b) {
		return true
	}
	for _, in := range b.Instrs {
		switch in := in.(type) {
		case *ssa.Send, *ssa.MapUpdate, *ssa.Select, *ssa.Go, *ssa.Defer, *ssa.Panic:
			return false
		case *ssa.Store:
			if cell, _ := in.Addr.(*ssa.Alloc); !t.holds[cell] && !source.IsCarrier(in) && !source.Unread(in) && (cell != nil || !localAddr(in.Addr)) && !source.IsNil(in.Val) {
				return false
			}
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return false
			}
		case *ssa.Call:
			if !idle(t.r.e, in) {
				return false
			}
		}
	}
	return true
}
