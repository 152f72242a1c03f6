package errtrace

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/gatherlint/gatherlint/internal/known"
	"github.com/gatherlint/gatherlint/internal/model"
	"github.com/gatherlint/gatherlint/internal/value"
)

// Errors that the spawner takes in a loop, each in place of the one before: the loop
// stores what it receives to a variable that was there before the loop, and nothing in
// the loop looks at it, so that the nil of a task that succeeds replaces an error. Where
// only errors are sent, one of them is kept, as their author may want; a variable that is
// named as one for the last value is meant so.

// replaced lists them for the spawner, in source order.
func (r *readFinder) replaced() []*model.Overwrite {
	var out []*model.Overwrite
	for _, l := range r.e.LoopsOf(r.fr) {
		for _, blk := range r.fr.Fn.Blocks {
			if !l.Body[blk] {
				continue
			}
			for _, in := range blk.Instrs {
				if st, ok := in.(*ssa.Store); ok {
					if x := r.replaces(st, l); x != nil {
						out = append(out, x)
					}
				}
			}
		}
	}
	return out
}

// replaces is the loss if st stores an error of a task that the loop takes, nil if it
// does not, or if the error is looked at in the loop.
func (r *readFinder) replaces(st *ssa.Store, l *value.Loop) *model.Overwrite {
	cell, ok := storeCell(st)
	if !ok || !known.IsError(st.Val.Type()) || l.Body[cell.Block()] || captured(cell) || known.IsLastName(cell.Comment) {
		return nil
	}
	take := r.takenBy(st, l)
	if take == nil {
		return nil
	}
	put := r.putOf(take)
	if put == nil || !put.many || sentNotNil(put.in) || !onlyStored(take.(ssa.Value), st, 0) {
		return nil
	}
	var read *ssa.UnOp
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref != st && l.Body[ref.Block()] {
				return nil
			}
		case *ssa.UnOp:
			if l.Body[ref.Block()] {
				return nil
			}
			if l.Header.Dominates(ref.Block()) && read == nil {
				read = ref
			}
		}
	}
	if read == nil || r.inner(st, l) {
		return nil
	}
	x := &model.Overwrite{Task: put.task, At: model.SpanAt(st.Pos()), Name: cell.Comment, Put: put.at, Taken: r.span(take), From: r.name(take), Read: model.SpanAt(read.Pos())}
	if !read.Pos().IsValid() {
		x.Read = model.SpanAt(r.f.At.Pos) // a named result
	}
	return x
}

// sentNotNil reports whether a task sends what it has found not to be nil.
func sentNotNil(in ssa.Instruction) bool {
	send, ok := in.(*ssa.Send)
	return ok && nilnessOf(in.Parent()).at(send.X, in) == beError
}

// takenBy is the receive of the loop whose error st stores, nil if there is none.
func (r *readFinder) takenBy(st *ssa.Store, l *value.Loop) ssa.Instruction {
	for _, blk := range r.fr.Fn.Blocks {
		if !l.Body[blk] {
			continue
		}
		for _, in := range blk.Instrs {
			u, ok := in.(*ssa.UnOp)
			if ok && u.Op == token.ARROW && known.IsError(chanElem(u.X)) && r.from(st.Val, u, 0) {
				return u
			}
		}
	}
	return nil
}

// onlyStored reports whether nothing is done with the error v but that st stores it:
// nobody has asked what it is.
func onlyStored(v ssa.Value, st *ssa.Store, depth int) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			cell, ok := storeCell(ref)
			if ref != st && (!ok || depth > model.MaxPath || captured(cell) || !readsOnly(cell, st, depth)) {
				return false
			}
		case *ssa.Extract:
			if known.IsError(ref.Type()) && !onlyStored(ref, st, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func readsOnly(cell *ssa.Alloc, st *ssa.Store, depth int) bool {
	for _, ref := range *cell.Referrers() {
		if ld, ok := ref.(*ssa.UnOp); ok && !onlyStored(ld, st, depth+1) {
			return false
		}
	}
	return true
}

// inner reports whether a loop inside l has the store too: then it is that loop's.
func (r *readFinder) inner(st *ssa.Store, l *value.Loop) bool {
	for _, o := range r.e.LoopsOf(r.fr) {
		if o != l && o.Body[st.Block()] && len(o.Body) < len(l.Body) {
			return true
		}
	}
	return false
}
